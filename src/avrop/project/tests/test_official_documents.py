"""`avrop validate` and `avrop receive` take every official document and every file of the corpora, and go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from avrop.journal.models import Delivery
from avrop.project import standards
from avrop.project.tests.command_line import here
from avrop.tenancy.scope import everything
from avrop.ubl.tests.examples import expected

pytestmark = pytest.mark.shared


@pytest.fixture
def files(shared: Path) -> list[str]:
    """Every stated document and every file of the corpora, once."""
    root = shared / "standards"
    stated = {root / row["path"] for row in expected(root)}
    return sorted(map(str, stated | set((root / "corpora").rglob("*.xml"))))


def test_validate_gives_a_verdict_or_a_reason_for_each(files, rules, settings, capsys) -> None:
    standards.use(settings.AVROP_DIR, rules)
    done = here(capsys, "validate", "--json", *files)
    assert [one["file"] for one in done.objects] == files and done.err == ""
    for one in done.objects:
        assert one["valid"] in (True, False, None), one["file"]
        assert (one["valid"] is None) == (one["rule_set"] == "not installed"), one["file"]
        assert one["valid"] is not False or one["findings"], one["file"]


@pytest.mark.django_db
def test_receive_keeps_each_and_says_why_none_of_them_is_for_anybody_here(
    world, files, rules, settings, capsys, speak
) -> None:
    standards.use(settings.AVROP_DIR, rules)
    speak("en")
    done = here(capsys, "receive", "--json", *files)
    assert [one["file"] for one in done.objects] == files and (done.status, done.err) == (1, "")
    for one in done.objects:
        assert one["state"] == "refused" and one["reason"].endswith("."), one["file"]
        assert "%(" not in one["reason"], one["file"]
    with everything("the test looks"):
        assert not Delivery.objects.exclude(state="done").exists()
