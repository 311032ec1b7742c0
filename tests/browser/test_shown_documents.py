"""Any document that came, opened from the message log: on a desk and on a phone, in nynorsk and English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from avrop.kernel import ports
from avrop.messaging import intake
from avrop.messaging.tests.envelopes import STRANGER, in_envelope
from avrop.ubl.documents import MODULES
from avrop.ubl.gate import admit
from avrop.ubl.identify import identify
from avrop.web.tests import examples
from tests.browser.accessible import OVERFLOW, speak, violations
from tests.browser.people import log_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.shared]
LANGUAGES = ("nn", "en")
# Words of a label that stand on more than one line: cut where no reader would cut them.
CUT = """() => [...document.querySelectorAll('.av-document dt')].flatMap(label => {
  const found = [];
  const walk = document.createTreeWalker(label, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode())
    for (const word of text.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  return found;
})"""


def one_of_each(standards: Path) -> dict[str, bytes]:
    """The largest official example of every type that we read: it says the most."""
    chosen: dict[str, bytes] = {}
    for path in examples.found(standards):
        raw = path.read_bytes()
        kind = identify(admit(raw).root).document_type or ""
        if kind in MODULES and len(raw) > len(chosen.get(kind, b"")):
            chosen[kind] = raw
    return chosen


@pytest.fixture
def one_store(tmp_path: Path) -> Iterator[None]:
    """The server's threads and the test look for originals in the same place."""
    store, before = ports.FolderOriginals(tmp_path / "originals"), ports._default.originals
    assert before is not None
    ports.install(originals=store)
    with ports.using(originals=store):
        yield
    ports.install(originals=before)


@pytest.mark.usefixtures("one_store")
def test_every_kind_of_document_opens_from_its_message_and_keeps_to_the_page(
    page: Page, live_server: LiveServer, world, shared: Path
) -> None:
    chosen = one_of_each(shared / "standards")
    assert set(MODULES) - set(chosen) <= {"message_level_response"}
    log_in(page, live_server.url, world, "fakta")
    faults: list[str] = []
    for kind, raw in chosen.items():
        instance = str(uuid5(NAMESPACE_URL, kind))
        envelope = in_envelope(raw, STRANGER, world.bremnes.endpoint, instance_id=instance)
        message = intake.receive(envelope, transport="file").message_id
        speak(page, live_server.url, "nn")
        page.goto(f"{live_server.url}/o/bremnes/meldingar/{message}/")
        page.get_by_role("link", name="Vis dokumentet").click()
        expect(page.locator(".av-document")).to_be_visible()
        faults += [f"{kind}: {violation}" for violation in violations(page)]
        for language in LANGUAGES:
            speak(page, live_server.url, language)
            page.reload()
            faults += [f"{kind} {language}: {fault}" for fault in _faults(page)]
        faults += [f"{kind} on a phone: {violation}" for violation in violations(page)]
    assert "\n".join(faults) == ""


def _faults(page: Page) -> list[str]:
    """Nothing goes sideways and no word of a label is cut, at any width."""
    found = []
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: sideways by {over}" for over in [page.evaluate(OVERFLOW)] if over > 0]
        found += [f"{width} px: cut: {word}" for word in page.evaluate(CUT)]
    return found
