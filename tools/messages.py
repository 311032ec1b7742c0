"""Translations without GNU gettext: extract, update, compile, judge.

    python tools/messages.py            extract msgids of every station and update its nn and nb catalogues
    python tools/messages.py --compile  only compile .po to .mo
    python tools/messages.py --check    list what is missing, fuzzy or obsolete; exit 1 if anything is

Every Django app under src/avrop owns `locale/<nn|nb>/LC_MESSAGES/django.po`. The msgid is the English text,
so English needs no catalogue. Babel extracts from Python and (through Django's templatize) from templates.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("nn", "nb")
PLURALS = "nplurals=2; plural=(n != 1);"
# The gettext family, with where singular, plural and context stand among the arguments.
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "N_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Found = tuple[str | tuple[str, str], str | None, str, int]


def apps(root: Path) -> list[Path]:
    """Every room under src/avrop that shows text: it has templates or Python that calls gettext."""
    rooms = sorted(p for p in (root / "src" / "avrop").iterdir() if (p / "__init__.py").is_file())
    return [room for room in rooms if next(extract_room(room), None) or (room / "locale").is_dir()]


def extract_room(room: Path) -> Iterator[Found]:
    """(msgid or (singular, plural), context, file relative to the room, line) for all text of one room."""
    for path in sorted(room.rglob("*")):
        relative = path.relative_to(room).as_posix()
        if not path.is_file() or "/tests/" in f"/{relative}" or "/static/" in f"/{relative}":
            continue
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif "templates/" in f"{relative}" and path.suffix in {".html", ".txt"}:
            source = _templatize(path.read_text(encoding="utf-8"), relative)
        else:
            continue
        for msgid, context, line in _extract(source):
            yield msgid, context, relative, line


def _templatize(source: str, name: str) -> str:
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    # A template's indentation means nothing, but Python's tokenizer would trip over it.
    return "\n".join(line.lstrip() for line in templatize(source, origin=name).splitlines())


def _extract(source: str) -> Iterator[tuple[str | tuple[str, str], str | None, int]]:
    stream = io.BytesIO(source.encode("utf-8"))
    for line, function, messages, _comments in extract_python(
        stream, list(KEYWORDS), [], {"encoding": "utf-8"}
    ):
        spec = KEYWORDS[function]
        args = list(messages) if isinstance(messages, tuple) else [messages]
        context = None
        if spec and isinstance(spec[0], tuple):
            context, args = args[0], args[1:]
            spec = spec[1:]
        plural = spec is not None and len(spec) == 2 and len(args) >= 2
        wanted = args[:2] if plural else args[:1]
        if not wanted or any(not isinstance(part, str) or part == "" for part in wanted):
            continue  # a variable, not a text: whoever made the text marked it there
        yield ((wanted[0], wanted[1]) if plural else wanted[0]), context, line


def template_for(room: Path) -> Catalog:
    """The room's texts as a catalogue without translations.

    Line numbers are left out: they only make noise.
    """
    catalog = _empty(None)
    for msgid, context, file, _line in extract_room(room):
        flags = ["python-format"] if "%(" in str(msgid) else []
        known = catalog.get(msgid, context)
        places = [*known.locations] if known else []
        if (file, None) not in places:
            catalog.add(msgid, locations=[*places, (file, None)], flags=flags, context=context)
    return catalog


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=language, project="Avrop", version="", copyright_holder="", charset="utf-8", header_comment="#"
    )


def po_path(room: Path, language: str) -> Path:
    """Where the room keeps its catalogue."""
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """The catalogue on disk, or an empty one."""
    if not path.is_file():
        return _empty(language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def update(room: Path) -> list[Path]:
    """Bring the room's catalogues up to date with its texts;

    The files that changed. Never guesses a translation.
    """
    template = template_for(room)
    changed = []
    for language in LANGUAGES:
        path = po_path(room, language)
        old = read(path, language)
        new = _empty(language)
        for message in template:
            if not message.id:
                continue
            known = old.get(message.id, message.context)
            string = known.string if known else ("", "") if message.pluralizable else ""
            new.add(message.id, string, message.locations, message.flags, context=message.context)
        text = as_text(new, language)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def as_text(catalog: Catalog, language: str) -> str:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, sort_output=True, omit_header=True)
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURALS}\\n"\n\n'
    )
    return head + buffer.getvalue().decode("utf-8")


def compile_all(root: Path, force: bool = False) -> int:
    """Write a .mo beside each .po that is newer; the number written."""
    written = 0
    for path in sorted((root / "src" / "avrop").glob("*/locale/*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if not force and target.is_file() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        catalog = read(path, path.parts[-3])
        part = target.with_suffix(".mo.part")
        with part.open("wb") as stream:
            write_mo(stream, catalog)
        part.replace(target)  # a reader never sees half a file
        written += 1
    return written


def faults(room: Path) -> list[str]:
    """What a person would meet untranslated, uncertain or dead in this room's catalogues, one line each."""
    template = template_for(room)
    wanted = {(_key(m), m.context) for m in template if m.id}
    result = []
    for language in LANGUAGES:
        where = f"{room.name}/{language}"
        catalog = read(po_path(room, language), language)
        found = {(_key(m), m.context) for m in catalog if m.id}
        result += [f"{where}: missing {key!r}" for key, _ in sorted(wanted - found, key=str)]
        result += [f"{where}: not used any more {key!r}" for key, _ in sorted(found - wanted, key=str)]
        result += [f"{where}: obsolete {key!r}" for key in catalog.obsolete]
        result += [f"{where}: {fault}" for m in catalog if m.id for fault in _message_faults(m)]
    return result


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _message_faults(message: Message) -> Iterator[str]:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    if not all(strings) or (message.pluralizable and len(strings) < 2):
        yield f"empty {_key(message)!r}"
    if message.fuzzy:
        yield f"fuzzy {_key(message)!r}"
    names = set(_placeholders(_key(message)))
    for string in strings:
        if string and not message.pluralizable and set(_placeholders(string)) != names:
            yield f"other placeholders than {_key(message)!r}: {string!r}"


def _placeholders(text: str) -> list[str]:
    import re

    return re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text)


def main(argv: list[str] | None = None) -> int:
    """Command line; see the module's own words."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("room", nargs="*", help="only these rooms (default: all)")
    options = parser.parse_args(argv)
    root = Path(__file__).resolve().parent.parent
    if options.compile:
        print("compiled", compile_all(root))
        return 0
    rooms = [room for room in apps(root) if not options.room or room.name in options.room]
    if not options.check:
        for room in rooms:
            for path in update(room):
                print("updated", path.relative_to(root))
        print("compiled", compile_all(root))
    lines = [line for room in rooms for line in faults(room)]
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
