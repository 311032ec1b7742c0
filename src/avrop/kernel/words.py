"""Words as people type them and as catalogues write them, folded to one form. Pure."""

from __future__ import annotations

import re
import unicodedata

# One form for what is written in several ways: å, aa and a; ø, oe, ö and o; æ, ä and ae.
_LETTERS = str.maketrans({"å": "a", "ø": "o", "æ": "ae", "ä": "ae", "ö": "o", "đ": "d", "ß": "ss"})
_PAIRS = ((re.compile("aa+"), "a"), (re.compile("oe+"), "o"))
_WORD = re.compile(r"[a-z0-9]+")
LONGEST_QUERY = 200


def fold(text: str) -> str:
    """`text` in small letters without accents: "Såpe", "SAAPE" and "sape" are all "sape"."""
    small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    spread = unicodedata.normalize("NFKD", small.translate(_LETTERS))
    plain = "".join(c for c in spread if not unicodedata.combining(c)).casefold()
    for pair, one in _PAIRS:
        plain = pair.sub(one, plain)
    return plain


def words(text: str) -> list[str]:
    """The folded words of a text, each once, in their order."""
    return list(dict.fromkeys(_WORD.findall(fold(text[:LONGEST_QUERY]))))


def haystack(*texts: str) -> str:
    """All words of the texts as one folded string with a space before each word, ready to be searched."""
    found = dict.fromkeys(word for text in texts for word in _WORD.findall(fold(text)))
    return "".join(f" {word}" for word in found)
