"""One term, one word: Django merges all catalogues, so of two translations one would win by chance."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import messages  # noqa: E402

Entry = tuple[str, str | None, str, str]  # room, context, English, translation

# The word for what a purchase or an invoice gets before money is spent is tilvising (nynorsk) and anvisning
# (bokmål); to "godkjenne" is what is done with catalogue versions (domain glossary: approval).
APPROVAL = {"nn": "tilvi", "nb": "anvi"}
# What these say is about a catalogue version, outside the catalogue's own room.
VERSIONS = {
    "let this contract owner approve it at once",
    "read FILE (Peppol Catalogue) into a version in review",
}
OTHER = {"nn": ("anvis",), "nb": ("tilvis",)}
# Words that belong to the other written Norwegian, whole words only.
FOREIGN = {
    "nn": {"ikke", "fra", "noe", "hva", "hvorfor", "jeg", "enhet", "mengde", "uten", "bestiller"},
    "nb": {"ikkje", "frå", "noko", "kva", "kvifor", "eg", "eining", "mengd", "utan", "bestillar", "vart"},
}


def entries(language: str) -> list[Entry]:
    """Every translated text of the house in one language."""
    found = []
    for room in messages.apps(ROOT):
        for message in messages.read(messages.po_path(room, language), language):
            if message.id:
                single = message.id if isinstance(message.id, str) else message.id[0]
                string = message.string if isinstance(message.string, str) else " / ".join(message.string)
                found.append((room.name, message.context, single, string))
    return found


def quarrels(found: Iterable[Entry]) -> list[str]:
    """A line for every text that two rooms translate differently."""
    words: dict[tuple[str | None, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for room, context, english, string in found:
        words[context, english][string].append(room)
    return [
        f"{english!r}: " + "; ".join(f"{string!r} in {', '.join(rooms)}" for string, rooms in said.items())
        for (_context, english), said in words.items()
        if len(said) > 1
    ]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_text_has_two_translations_in_one_language(language: str) -> None:
    assert quarrels(entries(language)) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_catalogue_borrows_words_from_the_other_norwegian(language: str) -> None:
    found = [
        f"{room}: {string!r}"
        for room, _context, _english, string in entries(language)
        if FOREIGN[language] & set(words(string)) or any(w in string.lower() for w in OTHER[language])
    ]
    assert found == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_to_approve_a_purchase_or_an_invoice_is_never_called_to_godkjenne(language: str) -> None:
    """Only a catalogue version is "godkjend"; what costs money is tilvist/anvist."""
    found = [
        f"{room}: {english!r} -> {string!r}"
        for room, _context, english, string in entries(language)
        if room != "catalogue" and english not in VERSIONS and "godkjen" in string.lower()
    ]
    assert found == []
    for _room, _context, english, string in entries(language):
        if english in {"Approve", "Approved", "Approver", "To approve", "Approval"}:
            assert APPROVAL[language] in string.lower(), (english, string)


def test_a_planted_quarrel_is_found_and_a_context_settles_it() -> None:
    planted: list[Entry] = [("a", None, "Order", "Bestilling"), ("b", None, "Order", "Ordre")]
    assert quarrels(planted) == ["'Order': 'Bestilling' in a; 'Ordre' in b"]
    settled: list[Entry] = [("a", None, "Order", "Bestilling"), ("b", "sale", "Order", "Ordre")]
    assert quarrels(settled) == []


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return "".join(c if c.isalpha() else " " for c in text.lower()).split()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_shown_is_what_our_catalogue_says(language: str) -> None:
    """Django's own catalogues have words too ("active", "Name"), and must not win over ours."""
    messages.compile_all(ROOT)
    shown = []
    with translation.override(language):
        for room, context, english, string in entries(language):
            if " / " in string or "%" in english:
                continue
            found = translation.pgettext(context, english) if context else translation.gettext(english)
            if found != string:
                shown.append(f"{room}: {english!r} is {string!r}, shown {found!r}")
    assert shown == []
