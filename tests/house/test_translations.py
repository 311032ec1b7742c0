"""Nobody meets an untranslated, uncertain or dead text, in any room, in nynorsk or bokmål."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import messages  # noqa: E402

ROOMS = messages.apps(ROOT)


@pytest.mark.parametrize("room", ROOMS, ids=[room.name for room in ROOMS])
def test_every_text_of_the_room_is_translated_and_none_is_fuzzy_or_obsolete(room: Path) -> None:
    assert messages.faults(room) == []


def test_a_missing_an_empty_a_fuzzy_and_a_dead_entry_are_each_found(tmp_path: Path) -> None:
    room = tmp_path / "src" / "avrop" / "shop"
    (room / "templates" / "shop").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "views.py").write_text('_("Order")\n_("Basket")\nngettext("%(n)s line", "%(n)s lines", 3)\n')
    (room / "templates" / "shop" / "a.html").write_text(
        '{% load i18n %}{% translate "Sent" %}{% tag _("Late") %}'
        "{% blocktranslate trimmed %}Dear {{ who }}{% endblocktranslate %}"
    )
    for language in messages.LANGUAGES:
        messages.po_path(room, language).parent.mkdir(parents=True)
    messages.po_path(room, "nb").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Order"\nmsgstr "Bestilling"\n\n#, fuzzy\nmsgid "Basket"\nmsgstr "Kurv"\n\n'
        'msgid "Sent"\nmsgstr ""\n\nmsgid "Dead"\nmsgstr "Død"\n\n#~ msgid "Gone"\n#~ msgstr "Borte"\n\n'
        'msgid "Dear %(who)s"\nmsgstr "Kjære"\n\n'
        'msgid "%(n)s line"\nmsgid_plural "%(n)s lines"\nmsgstr[0] "%(n)s linje"\nmsgstr[1] ""\n'
    )
    found = messages.faults(room)
    assert "shop/nb: missing 'Late'" in found
    assert "shop/nb: fuzzy 'Basket'" in found
    assert "shop/nb: empty 'Sent'" in found
    assert "shop/nb: not used any more 'Dead'" in found
    assert "shop/nb: obsolete 'Gone'" in found
    assert "shop/nb: empty '%(n)s line'" in found
    assert any("other placeholders than 'Dear %(who)s'" in line for line in found)
    assert not any("'Order'" in line and "/nb" in line for line in found)
    assert "shop/nn: missing 'Order'" in found


def test_updating_adds_new_texts_keeps_translations_and_drops_dead_ones(tmp_path: Path) -> None:
    room = tmp_path / "src" / "avrop" / "shop"
    room.mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "views.py").write_text('_("Order")\n')
    messages.update(room)
    path = messages.po_path(room, "nn")
    path.write_text(
        path.read_text().replace('msgid "Order"\nmsgstr ""', 'msgid "Order"\nmsgstr "Bestilling"')
    )
    (room / "views.py").write_text('_("Order")\n_("Basket")\n')
    messages.update(room)
    text = path.read_text()
    assert 'msgid "Order"\nmsgstr "Bestilling"' in text
    assert 'msgid "Basket"\nmsgstr ""' in text
    (room / "views.py").write_text('_("Basket")\n')
    messages.update(room)
    assert "Order" not in path.read_text()
