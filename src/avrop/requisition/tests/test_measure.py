"""What a quantity is of, as people say it: one package, two packages, in the three languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from avrop.requisition.texts import measure
from avrop.ubl.codes import codes

ONE, TWO, HALF, NONE = 1_000_000, 2_000_000, 500_000, 0
# UN/ECE Recommendation 20 and 21; the short code of Recommendation 21 is what an old system writes.
SAID = {
    ("XPK", "nn"): ("pakke", "pakkar"),
    ("XPK", "nb"): ("pakke", "pakker"),
    ("XPK", "en"): ("package", "packages"),
    ("PK", "nn"): ("pakke", "pakkar"),
    ("BX", "nb"): ("eske", "esker"),
    ("BX", "en"): ("box", "boxes"),
    ("CT", "nn"): ("kartong", "kartongar"),
    ("RO", "nn"): ("rull", "rullar"),
    ("BG", "nn"): ("pose", "posar"),
    ("BO", "nb"): ("flaske", "flasker"),
    ("HUR", "nn"): ("time", "timar"),
    ("DAY", "en"): ("day", "days"),
    ("MON", "nn"): ("månad", "månader"),
    ("D63", "nn"): ("bok", "bøker"),
    ("RM", "en"): ("ream", "reams"),
    ("EA", "nn"): ("stk", "stk"),
    ("EA", "en"): ("pcs", "pcs"),
    ("KGM", "nn"): ("kg", "kg"),
    ("ZZZ", "nn"): ("ZZZ", "ZZZ"),
}


@pytest.mark.parametrize(("code", "language"), SAID)
def test_one_package_is_not_packages(code: str, language: str) -> None:
    one, many = SAID[code, language]
    with translation.override(language):
        assert measure(code, ONE) == one
        assert {measure(code, quantity) for quantity in (TWO, HALF, NONE)} == {many}


def test_every_unit_of_the_list_has_words_in_each_language() -> None:
    for unit in codes("unit"):
        for language in ("nn", "nb", "en"):
            with translation.override(language):
                assert measure(unit.code, ONE).strip() and measure(unit.code, TWO).strip(), unit.code
