"""`avrop delivery receive` does what the page does, and says it as JSON."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from avrop.delivery.models import Receipt
from avrop.delivery.tests.orders import place


def _run(capsys, *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        call_command("delivery", "receive", *words)
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_everything_open_is_received(world, capsys) -> None:
    place(world, ("10", "52.90"), ("3", "33.3333"))
    status, out, _ = _run(capsys, "2026-00001", "--as", "berit", "--json")
    said = json.loads(out)
    assert status == 0
    assert said["order"] == "2026-00001"
    assert said["receipt"] == Receipt._base_manager.get().number
    assert [(line["line"], line["quantity"]) for line in said["lines"]] == [(1, "10"), (2, "3")]


def test_lines_are_received_by_number(world, capsys) -> None:
    place(world, ("10", "52.90"), ("3", "33.3333"))
    status, out, _ = _run(capsys, "2026-00001", "--line", "1=2,5", "--as", "berit", "--json")
    assert (status, [line["quantity"] for line in json.loads(out)["lines"]]) == (0, ["2.5"])


def test_a_refusal_is_status_1_with_its_reason(world, capsys) -> None:
    place(world)
    status, out, _ = _run(capsys, "2026-00001", "--line", "1=11", "--as", "berit", "--json")
    said = json.loads(out)
    assert (status, said["receipt"], said["refused"]) == (1, None, "OVER_RECEIPT")
    status, out, err = _run(capsys, "2026-00001", "--as", "bjorn")
    assert (status, out) == (1, "") and err.strip()


@pytest.mark.parametrize(
    "words",
    [
        ("2026-00001", "--as", "ingen"),
        ("2026-99999", "--as", "berit"),
        ("2026-00001", "--line", "ein=to", "--as", "berit"),
    ],
)
def test_what_cannot_be_done_is_status_2_with_one_line(world, capsys, words) -> None:
    place(world)
    status, out, err = _run(capsys, *words)
    assert (status, out) == (2, "") and len(err.strip().splitlines()) == 1
