"""Files that lie in a document: listed by what they are, never by what they say they are, and never opened here.

A file's kind is read from its first bytes. What its sender claims (mimeCode, BT-125) and what its name ends in are
compared with that, and a difference is said. It leaves as a download in a sandbox, under a name that ends as its
content is.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from avrop.ubl.gate import BINARY_ELEMENT
from avrop.ubl.location import CBC
from avrop.web.documents.description import visible

MOST = 100  # files listed
LONGEST_NAME = 100
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
_HEAD = 1024  # bytes within which a PDF says that it is one
_NAME = re.compile(r"[^\w .()+,=@~-]|[\x00-\x1f]", re.UNICODE)
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13}


@dataclass(frozen=True, slots=True)
class Kind:
    """What bytes are. `danger`: a file that a machine could run or a browser could obey."""

    mime: str
    label: str | Promise
    endings: tuple[str, ...]
    danger: bool = False


PDF = Kind("application/pdf", gettext_lazy("PDF"), ("pdf",))
XLSX = Kind(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    gettext_lazy("Excel spreadsheet"),
    ("xlsx",),
)
MACROS = Kind(
    "application/vnd.ms-office.vbaProject",
    gettext_lazy("office document with macros"),
    ("xlsm", "docm", "pptm"),
    True,
)
DOCX = Kind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    gettext_lazy("Word document"),
    ("docx",),
)
ODS = Kind(
    "application/vnd.oasis.opendocument.spreadsheet", gettext_lazy("OpenDocument spreadsheet"), ("ods",)
)
ZIP = Kind("application/zip", gettext_lazy("ZIP archive"), ("zip",))
OLE = Kind(
    "application/x-ole-storage", gettext_lazy("old office document"), ("xls", "doc", "ppt", "msg"), True
)
PROGRAM = Kind("application/x-executable", gettext_lazy("program"), ("exe",), True)
SCRIPT = Kind("text/x-script", gettext_lazy("script"), ("sh",), True)
HTML = Kind("text/html", gettext_lazy("web page"), ("html", "htm"), True)
SVG = Kind("image/svg+xml", gettext_lazy("SVG drawing"), ("svg",), True)
XML = Kind("application/xml", gettext_lazy("XML"), ("xml",))
TEXT = Kind("text/plain", gettext_lazy("text"), ("txt", "csv", "md", "log"))
UNKNOWN = Kind("application/octet-stream", gettext_lazy("unknown"), ())
EMPTY = Kind("application/x-empty", gettext_lazy("empty"), ())
# First bytes -> kind. Sources: the formats' own specifications (ISO 32000, PNG, JFIF, TIFF 6, ECMA-376 ...).
_SIGNS: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", Kind("image/png", gettext_lazy("PNG picture"), ("png",))),
    (b"\xff\xd8\xff", Kind("image/jpeg", gettext_lazy("JPEG picture"), ("jpg", "jpeg"))),
    (b"GIF8", Kind("image/gif", gettext_lazy("GIF picture"), ("gif",))),
    (b"II*\x00", Kind("image/tiff", gettext_lazy("TIFF picture"), ("tif", "tiff"))),
    (b"MM\x00*", Kind("image/tiff", gettext_lazy("TIFF picture"), ("tif", "tiff"))),
    (b"\x1f\x8b", Kind("application/gzip", gettext_lazy("gzip archive"), ("gz",))),
    (b"7z\xbc\xaf\x27\x1c", Kind("application/x-7z-compressed", gettext_lazy("7z archive"), ("7z",))),
    (b"{\\rtf", Kind("application/rtf", gettext_lazy("RTF text"), ("rtf",), True)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"#!", SCRIPT),
)
# The same thing under another name.
_SAME = {"text/csv": "text/plain", "image/jpg": "image/jpeg", "text/xml": "application/xml"}


@dataclass(frozen=True, slots=True)
class Attached:
    """One file in the document. `at` is its place among them, from 1. `kind` None: it cannot be read."""

    at: int
    id: str
    about: str
    name: str
    claimed: str
    kind: Kind | None = None
    size: int = 0
    sha256: str = ""

    @property
    def danger(self) -> bool:
        """True where opening it could do harm."""
        return self.kind is not None and self.kind.danger

    @property
    def differs(self) -> bool:
        """True where it is not what its sender says that it is."""
        if self.kind is None or self.kind in (UNKNOWN, EMPTY):
            return self.kind is EMPTY
        claimed = self.claimed.partition(";")[0].strip().lower()
        return (bool(claimed) and _SAME.get(claimed, claimed) != self.kind.mime) or not self._ends_right

    @property
    def _ends_right(self) -> bool:
        _stem, dot, ending = self.name.rpartition(".")
        return not dot or self.kind is None or ending.lower() in self.kind.endings

    @property
    def warning(self) -> str:
        """What is to be said of it; empty where all is well."""
        if self.kind is None:
            return _("It cannot be read: it is not base64.")
        if self.kind is EMPTY:
            return _("There is nothing in it.")
        if self.differs:
            return _("The content is not what the sender says: it is said to be %(claimed)s.") % {
                "claimed": self.claimed or self.name
            }
        return (
            _("It can hold something that runs. Do not open it before you know who sent it.")
            if self.danger
            else ""
        )

    @property
    def safe_name(self) -> str:
        """A name to save it under: no folders, no signs that turn text, ending as the content is."""
        bare = _NAME.sub("_", self.name.replace("\\", "/").rpartition("/")[2]).strip(" .")[-100:]
        bare = bare or f"attachment-{self.at}"
        if self.kind is None or self.kind.danger or not self.kind.endings:
            return f"{bare}.bin"
        return bare if self._ends_right and "." in bare else f"{bare}.{self.kind.endings[0]}"


def files_in(root: etree._Element) -> tuple[list[Attached], int]:
    """(the first hundred files, how many there are)."""
    found = [_listed(at, element) for at, element in islice(_elements(root), MOST)]
    return found, sum(1 for _one in _elements(root))


def response(root: etree._Element, at: int) -> HttpResponse | None:
    """The file as a download that nothing runs or shows; None where there is no such file to be had."""
    element = next((one for number, one in _elements(root) if number == at), None)
    content = _content(element) if element is not None else None
    if element is None or content is None:
        return None
    answer = HttpResponse(content, content_type="application/octet-stream")
    header = content_disposition_header(True, _listed(at, element).safe_name)
    answer["Content-Disposition"] = header or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _elements(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    return enumerate(root.iter(f"{{{CBC}}}{BINARY_ELEMENT}"), start=1)


def _listed(at: int, element: etree._Element) -> Attached:
    attachment = element.getparent()
    reference = attachment.getparent() if attachment is not None else None
    told = reference if reference is not None else element
    content = _content(element)
    return Attached(
        at=at,
        id=visible((told.findtext(f"{{{CBC}}}ID") or "").strip()),
        about=visible((told.findtext(f"{{{CBC}}}DocumentDescription") or "").strip()),
        name=_short(visible(element.get("filename"))),
        claimed=visible(element.get("mimeCode"))[:LONGEST_NAME],
        kind=None if content is None else kind_of(content),
        size=len(content or b""),
        sha256=hashlib.sha256(content).hexdigest() if content is not None else "",
    )


def _short(name: str) -> str:
    """A name of any length: how it begins and, what counts, how it ends."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME // 2]}…{name[-LONGEST_NAME // 2 :]}"


def _content(element: etree._Element) -> bytes | None:
    try:
        return b64decode("".join((element.text or "").split()), validate=True)
    except ValueError:
        return None


def kind_of(content: bytes) -> Kind:
    """What the bytes are, by their signs; nothing is unpacked."""
    if not content:
        return EMPTY
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    if b"%PDF-" in content[:_HEAD]:
        return PDF
    return _text(content)


def _packed(content: bytes) -> Kind:
    if b"vbaProject.bin" in content:
        return MACROS
    if content[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"):
        return ODS
    if b"xl/workbook.xml" in content:
        return XLSX
    return DOCX if b"word/document.xml" in content else ZIP


def _text(content: bytes) -> Kind:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(rb"<!doctype html|<html|<head|<body|<script|<iframe|<a\s|<img", start) or b"<script" in start:
        return HTML
    if b"<svg" in start:
        return SVG
    if start.startswith(b"<?xml") or re.match(rb"<[a-z_][\w.:-]*[\s>/]", start):
        return XML
    if _CONTROL & set(content[:65536]):
        return UNKNOWN
    return TEXT
