"""What a catalogue version changed, and whether an item fits a free text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from avrop.kernel.words import words

# Words that say nothing about what is wanted: small words, colours, sizes, places (folded; three languages).
_EMPTY = """
a and andre av avdeling avdelinga avdelingen barnehage barnehagen big billig bla black blue boks box
boxes brown brun ca cheap cm div diverse eg ei ein eit en eske esker eskjer et for fra from god gode
good gra gram gray green grey gron grone gront gul gule hus huset hvit hvite i in jeg kan kasse kg
kommune kommunen kontor kontoret kort korte kvit kvite lang lange large lita lite liten liter long
me med meter ml mm need needs new noe noen noko nokre nursery ny nye nytt of office og on or orange
oransje other pa pack packs pakkar pakke pakker par per piece pieces pink pk raud raude red rimeleg
rimelig rod rode rom rommet room rosa school set sett short skal skole skolen skule skulen sma small
som some stk stor store stort svart svarte the til to treng trenger ulike vi vil white with yellow
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
_SHORTEST = 3  # letters in a word that can tell what is wanted
_STEM = 4  # letters that two forms of a word have in common
_ENDINGS = ("ane", "ene", "ar", "er", "en", "et", "a", "e", "s")  # plural and definite, folded
_ENDING = 4  # letters of an inflection: penn - pennane


def telling(text: str) -> list[str]:
    """The words of a free text that can tell what is wanted: no small words, numbers, colours or sizes."""
    return [w for w in words(text) if len(w) >= _SHORTEST and not w[0].isdigit() and w not in EMPTY_WORDS]


def bare(word: str) -> str:
    """A word without its inflection, where at least four letters are left: "permar" is "perm"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


def same_word(wanted: str, offered: str) -> bool:
    """True when two folded words are forms of one word, or `offered` is a compound of `wanted`.

    "penn" and "pennar"; "papir" and "kopipapir", "permar" and "ringperm" (the last part says what a
    Norwegian compound is).
    """
    if wanted == offered:
        return True
    if any(len(form) >= _STEM and offered.endswith(form) for form in (wanted, bare(wanted))):
        return True
    short, long = sorted((wanted, offered), key=len)
    stem = short[:-1] if len(short) > _STEM and short[-1] in "ae" else short
    return len(stem) >= _STEM and long.startswith(stem) and len(long) - len(short) <= _ENDING


def fits(text: str, offered: Iterable[str]) -> bool:
    """True when an item with these folded words is what the free text asks for.

    At least half of the telling words must be found in the item; a text without telling words fits nothing.
    """
    wanted = telling(text)
    item = list(offered)
    hits = sum(any(same_word(word, other) for other in item) for word in wanted)
    return bool(wanted) and hits * 2 >= len(wanted)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What is compared between two versions of an item."""

    seller_item_id: str
    name: str
    unit_code: str
    price: int
    base_quantity: int
    vat_category: str
    vat_rate: int
    min_quantity: int
    multiple: int
    category: str
    texts: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new version does to the active one."""

    added: tuple[ItemRow, ...]
    changed: tuple[tuple[ItemRow, ItemRow], ...]  # before, after
    removed: tuple[ItemRow, ...]


def difference(before: Mapping[str, ItemRow], after: Mapping[str, ItemRow]) -> Difference:
    """Lines added, changed and removed, each by item id."""
    return Difference(
        added=tuple(after[key] for key in sorted(after.keys() - before.keys())),
        changed=tuple(
            (before[key], after[key])
            for key in sorted(before.keys() & after.keys())
            if before[key] != after[key]
        ),
        removed=tuple(before[key] for key in sorted(before.keys() - after.keys())),
    )


def price_change(before: ItemRow, after: ItemRow) -> int | None:
    """How much dearer a unit is in basis points (negative: cheaper); None where it cannot be said."""
    old = before.price * after.base_quantity
    if before.unit_code != after.unit_code or old == 0:
        return None
    return (after.price * before.base_quantity - old) * 10_000 // old


@dataclass(frozen=True, slots=True)
class What:
    """What differs between two versions of an item."""

    texts: bool
    unit: bool
    vat: bool
    quantities: bool


def what_differs(before: ItemRow, after: ItemRow) -> What:
    """The kinds of difference beside the price."""
    return What(
        texts=(before.name, before.category, before.texts) != (after.name, after.category, after.texts),
        unit=before.unit_code != after.unit_code,
        vat=(before.vat_category, before.vat_rate) != (after.vat_category, after.vat_rate),
        quantities=(before.min_quantity, before.multiple) != (after.min_quantity, after.multiple),
    )


def find_by_id(rows: Sequence[ItemRow]) -> dict[str, ItemRow]:
    """The rows by item id."""
    return {row.seller_item_id: row for row in rows}
