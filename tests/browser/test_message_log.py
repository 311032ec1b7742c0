"""The message log in a browser: question and answer together, on a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from avrop.messaging.tests.envelopes import STRANGER, answer_to_order, answers, deliver, in_envelope
from tests.browser.accessible import assert_accessible
from tests.browser.people import log_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_clerk_goes_from_a_refused_message_to_the_answer_and_back(
    page: Page, live_server: LiveServer, world
) -> None:
    question = deliver(in_envelope(answer_to_order(world), STRANGER, world.bremnes.endpoint))
    (answer,) = answers()
    log_in(page, live_server.url, world, "fakta")
    page.goto(live_server.url + "/o/bremnes/meldingar/")
    assert_accessible(page)
    row = page.get_by_role("row").filter(has_text="SV-1")
    expect(row).to_contain_text("Framand AS")
    expect(page.get_by_role("row").filter(has_text=answer.number)).to_contain_text("Framand AS")
    row.get_by_role("link", name="Meldingssvar (MLR)").click()
    expect(page).to_have_url(f"{live_server.url}/o/bremnes/meldingar/{answer.id}/")
    assert_accessible(page)
    page.get_by_role("link", name="SV-1").click()
    expect(page).to_have_url(f"{live_server.url}/o/bremnes/meldingar/{question.id}/")
    assert_accessible(page)
