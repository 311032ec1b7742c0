"""Identifiers: numbers whose check digits are known from elsewhere (domain.md 2.5)."""

from __future__ import annotations

import pytest

from avrop.kernel import identifiers


@pytest.mark.parametrize(
    "text", ["942110464", "958 935 420", "NO983658725MVA", "305218022", "no 305 218 022 mva"]
)
def test_a_right_organisation_number_is_nine_digits(text):
    assert identifiers.clean_orgnr(text) in {"942110464", "958935420", "983658725", "305218022"}


@pytest.mark.parametrize("text", ["942110465", "94211046", "", "abcdefghi", "9421104640"])
def test_a_wrong_organisation_number_is_refused(text):
    with pytest.raises(identifiers.BadIdentifier):
        identifiers.clean_orgnr(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12345678903", "12345678903"),
        ("1503.20.80119", "15032080119"),
        ("NO93 8601 1117 947", "86011117947"),
        ("DE89370400440532013000", "DE89370400440532013000"),
    ],
)
def test_bank_accounts_have_one_form(text, expected):
    assert identifiers.clean_account(text) == expected


@pytest.mark.parametrize("text", ["12345678904", "NO9386011117948", "x"])
def test_a_wrong_bank_account_is_refused(text):
    with pytest.raises(identifiers.BadIdentifier):
        identifiers.clean_account(text)


@pytest.mark.parametrize("text", ["2345676", "12345674"])
def test_a_kid_has_a_check_digit_of_either_kind(text):
    """234567 -> 6 by MOD10, 1234567 -> 4 by MOD11."""
    assert identifiers.is_kid(text)


@pytest.mark.parametrize("text", ["2345675", "1", "", "12345678901234567890123456", "234567٦"])
def test_what_is_no_kid(text):
    assert not identifiers.is_kid(text)


def test_participants():
    assert identifiers.participant("305218022") == "0192:305218022"
    assert identifiers.orgnr_of("0192:305218022") == "305218022"
    assert identifiers.orgnr_of("9908:305218022") is None
    assert identifiers.orgnr_of("0192:305218023") is None
