"""Findings on a page: our words first, each rule once with all its places, the official text kept behind."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from avrop.web.findings import MOST_PLACES, meaning_of, shown


def found(rule: str, location: str = "", text: str = "", severity: str = "fatal") -> dict[str, object]:
    """A finding as it is stored."""
    return {"id": rule, "severity": severity, "location": location, "text": text}


def line(number: int, below: str = "") -> str:
    return f"/Invoice/cac:InvoiceLine[{number}]{below}"


def page(*findings: dict[str, object], language: str = "nn") -> str:
    with translation.override(language):
        return render_to_string("web/parts/findings.html", {"findings": shown(findings)})


def test_the_same_rule_on_many_lines_is_one_text_with_all_its_places() -> None:
    price = "/cac:Price"
    with translation.override("nb"):
        (one,) = shown(found("BR-27", line(n, price), f"official {n % 1}") for n in range(3, 23, 2))
    assert one["place"] == "pris: linje 3, 5, 7, 9, 11, 13, 15, 17"
    assert (one["more"], len(one["paths"])) == (10 - MOST_PLACES, MOST_PLACES)
    assert list(one["official"]) == ["official 0"]


def test_places_of_different_kinds_stand_beside_each_other() -> None:
    with translation.override("en"):
        (one,) = shown([found("BR-DEC-99", line(2)), found("BR-DEC-99", "/Invoice/cac:LegalMonetaryTotal")])
    assert (one["place"], one["more"]) == ("line 2; totals", 0)


def test_what_the_official_rules_and_our_own_checks_both_found_stands_once() -> None:
    shown_ = page(found("BR-CO-16", "/Invoice/cac:LegalMonetaryTotal", "[BR-CO-16]-Official"),
                  found("BR-CO-16", "/Invoice/cac:LegalMonetaryTotal"))  # fmt: skip
    assert shown_.count("<li>") == 1 and "[BR-CO-16]-Official" in shown_


def test_fatal_findings_come_first_and_weight_is_a_word() -> None:
    shown_ = page(found("UBL-CR-001", "/Invoice", "w", "warning"), found("BR-02", "/Invoice", "f"))
    assert shown_.index("Fakturanummeret (BT-1) manglar.") < shown_.index("UBL-CR-001")
    assert "Feil" in shown_ and "Åtvaring" in shown_


def test_our_words_stand_before_the_fold_and_the_rule_and_official_text_in_it() -> None:
    shown_ = page(found("BR-02", "/Invoice", "[BR-02]-An Invoice shall have an Invoice number (BT-1)."))
    before, _fold, behind = shown_.partition("<details")
    assert "Fakturanummeret (BT-1) manglar. Avsendaren må fylle det ut." in before
    assert "BR-02" not in before and "official" not in before
    assert "BR-02" in behind and 'lang="en">[BR-02]-An Invoice shall have' in behind and "/Invoice" in behind


@pytest.mark.parametrize(("language", "more"), [("nn", "og ein stad til"), ("en", "and one more place")])
def test_one_place_too_many_is_said_in_words(language: str, more: str) -> None:
    assert more in page(*(found("BR-27", line(n)) for n in range(1, MOST_PLACES + 2)), language=language)


def test_markup_in_a_file_stays_text() -> None:
    assert "<script>" not in page(found("<script>", "/<script>", "<script>alert(1)</script>"))


def test_what_a_receiver_wrote_is_given_its_meaning() -> None:
    with translation.override("nb"):
        assert meaning_of("[BR-02] whatever").startswith("Fakturanummeret (BT-1) mangler.")
        assert meaning_of(None) == meaning_of("nothing known") == ""
