"""The gate: what comes in, what does not, and that nothing outside is ever fetched."""

from __future__ import annotations

import contextlib
import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from avrop.ubl.gate import Admitted, Altered, GateRefused, Limits, admit, plain_utf8, reopen
from avrop.ubl.mapping import text_of

SECRET = "the canary sings at 4711"


def _code(raw: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(GateRefused) as refused:
        admit(raw, limits)
    assert SECRET not in str(refused.value)
    return refused.value.code


@pytest.mark.parametrize("raw", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 9])
def test_an_empty_file_is_refused_as_empty(raw: bytes) -> None:
    assert _code(raw) == "EMPTY"


@pytest.mark.parametrize(
    "raw",
    [
        b"plain text",
        b"<a>",
        b"<a/><b/>",
        b"<a b='1' b='2'/>",
        b"<p:a/>",
        b"<a>&undefined;</a>",
        b"<a>\x07</a>",
        b"<a>&#7;</a>",
        b" <?xml version='1.0'?><a/>",
        b"<?xml version='1.1'?><a/>",
        b"<?xml?><a/>",
        b'{"json": true}',
    ],
)
def test_what_is_not_well_formed_is_refused(raw: bytes) -> None:
    assert _code(raw) == "NOT_XML"


def test_a_pdf_renamed_xml_is_refused_and_called_a_pdf() -> None:
    with pytest.raises(GateRefused) as refused:
        admit(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    assert (refused.value.code, refused.value.params["found"]) == ("NOT_XML", "PDF")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "iso-8859-15"]
)
def test_a_doctype_is_refused_in_every_encoding(encoding: str) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    for doctype in ("<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY x "y">]>', '<!DOCTYPE a SYSTEM "x.dtd">'):
        text = f'<?xml version="1.0" encoding="{name}"?>\n{doctype}<a/>'
        assert _code(text.encode(encoding)) == "DOCTYPE"


def test_the_text_of_a_file_named_by_an_entity_never_appears(tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text(SECRET)
    uri = canary.as_uri()
    hostile = [
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{uri}">]><a>&x;</a>',
        f'<!DOCTYPE a [<!ENTITY % x SYSTEM "{uri}"> %x;]><a/>',
        f'<!DOCTYPE a SYSTEM "{uri}"><a/>',
        f'<?xml version="1.0"?>\n<!-- --><!DOCTYPE a [<!ENTITY x SYSTEM "{uri}">]><a b="&x;"/>',
    ]
    for text in hostile:
        for encoding in ("utf-8", "utf-16"):
            assert _code(text.encode(encoding)) in ("DOCTYPE", "NOT_XML")
    included = f'<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="{uri}" parse="text"/></a>'
    assert SECRET not in etree.tostring(admit(included.encode()).root, encoding="unicode")


def test_a_billion_laughs_costs_nothing() -> None:
    entities = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(1, 20))
    text = f'<!DOCTYPE l [<!ENTITY a1 "ha">{entities}]><l>&a20;</l>'
    assert _code(text.encode()) == "DOCTYPE"


@pytest.mark.parametrize(
    "raw",
    [
        '<?xml version="1.0" encoding="utf-8"?><a>æ</a>'.encode("latin-1"),
        b'<?xml version="1.0" encoding="utf-16"?><a/>',
        '<?xml version="1.0" encoding="utf-8"?><a/>'.encode("utf-16"),
        b'\xef\xbb\xbf<?xml version="1.0" encoding="iso-8859-1"?><a/>',
        b'<?xml version="1.0" encoding="us-ascii"?><a>\xc3\xa6</a>',
        b'<?xml version="1.0" encoding="utf-7"?><a>+ADw-b/+AD4-</a>',
        b'<?xml version="1.0" encoding="rot13"?><a/>',
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        "<a/>".encode("utf-32"),
        "<a/>".encode("utf-16-le"),
        "<a>x</a>".encode("utf-16")[:-1],
    ],
)
def test_an_encoding_that_lies_is_refused(raw: bytes) -> None:
    assert _code(raw) == "ENCODING"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_honest_encoding_gives_the_same_text(encoding: str) -> None:
    raw = f'<?xml version="1.0" encoding="{encoding}"?><a>Blåbær på Ørsta §</a>'.encode(encoding)
    assert admit(raw).root.text == "Blåbær på Ørsta §"


def test_caps_hold_on_size_depth_attributes_text_and_binary() -> None:
    limits = Limits(total=100_000, binary=30_000, text=5_000, depth=10, attributes=5)
    assert _code(b"<a>" + b"x" * 100_000 + b"</a>", limits) == "TOO_BIG"
    assert _code(b"<a>" * 11 + b"</a>" * 11, limits) == "TOO_DEEP"
    assert _code(b"<a b='' c='' d='' e='' f='' g=''/>", limits) == "TOO_MANY_ATTRIBUTES"
    assert _code(b"<a>" + b"x" * 5_001 + b"</a>", limits) == "TEXT_TOO_LONG"
    assert _code(b"<a b='" + b"x" * 5_001 + b"'/>", limits) == "TEXT_TOO_LONG"
    split = b"<a>" + b"x" * 3_000 + b"<!-- -->" + b"y" * 3_000 + b"</a>"
    assert _code(split, limits) == "TEXT_TOO_LONG"
    name = b"EmbeddedDocumentBinaryObject"
    inside = b"<a><" + name + b">%s</" + name + b"></a>"
    assert admit(inside % (b"QUJD" * 9_000), limits).root[0].text is not None
    assert _code(inside % (b"QUJD" * 15_000), limits) == "BINARY_TOO_BIG"


def test_a_tree_has_no_more_elements_and_attributes_than_fit_in_memory() -> None:
    limits = Limits(nodes=10)
    assert len(admit(b"<a>" + b"<b c=''/>" * 4 + b"<d/></a>", limits).root) == 5
    assert _code(b"<a>" + b"<b c=''/>" * 5 + b"</a>", limits) == "TOO_MANY_ELEMENTS"
    assert _code(b"<a>" + b"<b/>" * 1_000_000 + b"</a>") == "TOO_MANY_ELEMENTS"


def test_an_attachment_larger_than_ten_million_characters_comes_in() -> None:
    name = b"EmbeddedDocumentBinaryObject"
    raw = b"<a><" + name + b">" + b"QUJD" * 3_000_000 + b"</" + name + b"></a>"
    assert len(admit(raw).root[0].text or "") == 12_000_000


def test_text_split_by_comments_instructions_and_cdata_is_read_whole() -> None:
    raw = b"<a>NO<!-- c -->305<![CDATA[218]]><?pi x?>022</a>"
    assert text_of(admit(raw).root) == "NO305218022"


def test_the_hash_is_of_the_bytes_as_received() -> None:
    raw = b"<a><!-- kept in the original --></a>"
    admitted = admit(raw)
    assert admitted.raw == raw
    # Computed with sha256sum.
    assert admitted.sha256 == ("460776f1c483bf07fa7b6707e388118d3f2f2cb2f4b8b9e7d325f5394a281b72")


_BITS = st.sampled_from(
    [b"<a>", b"</a>", b"<!DOCTYPE a>", b"&x;", b"<![CDATA[", b"]]>", b"<?xml version='1.0'?>", b"\xff\xfe",
     b"\xef\xbb\xbf", b"<a b='c'/>", b"\x00", b"&#x10FFFF;", b"<!--", b"-->", b"encoding='utf-16'"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(_BITS, max_size=12).map(b"".join)))
@example(b"<?xml version='1.0' encoding='utf-16'?>")
@example(b"\xff\xfe<")
def test_any_bytes_come_in_or_are_refused_by_the_gate_and_nothing_else(raw: bytes) -> None:
    try:
        admitted = admit(raw)
    except GateRefused as refused:
        assert refused.code
    else:
        assert isinstance(admitted, Admitted)
        etree.parse(io.BytesIO(etree.tostring(admitted.root)))


_DECLARATION = "<?xml version='1.0' encoding='%s'?>"
_PARTS = st.sampled_from(
    ["\ufeff", "<?xml version='1.0'?>", _DECLARATION % "utf-8", _DECLARATION % "utf-7", _DECLARATION % "iso-8859-1",
     _DECLARATION % "utf-16", "<?p?>", "<!-- æ -->", "\n"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.lists(_PARTS, max_size=5).map("".join),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1", "utf-7", "cp500"]),
)
@example("<?xml version='1.0'?><?xml version='1.0' encoding='iso-8859-1'?>", "utf-8")
@example("\ufeff<?xml version='1.0' encoding='iso-8859-1'?>", "utf-8-sig")
@example("<?xml version='1.0'?>\ufeff<?xml version='1.0' encoding='utf-7'?>", "utf-8")
def test_two_parsers_read_the_same_of_whatever_came_in(start: str, encoding: str) -> None:
    raw = f"{start}<a>Bl\xe5b\xe6r<b c='\xf8'>&#xe5;</b></a>".encode(encoding, "ignore")
    try:
        root = admit(raw).root
    except GateRefused:
        return
    other = ElementTree.fromstring(plain_utf8(raw))
    assert [other.text, other[0].text, other[0].get("c")] == [root.text, root[0].text, root[0].get("c")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_broken_real_document_comes_in_or_is_refused_by_the_gate(shared: Path, data: st.DataObject) -> None:
    raw = bytearray((shared / "standards/peppol/billing/2026.5/examples/base-example.xml").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(GateRefused):
        admit(bytes(raw))


def test_what_was_admitted_is_opened_again_and_nothing_else():
    raw = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe6</a>"
    sha256 = admit(raw).sha256
    assert reopen(raw, sha256).text == "æ"
    with pytest.raises(Altered):
        reopen(raw.replace(b"<a>", b"<a> "), sha256)


@pytest.mark.parametrize("lead", range(999_990, 1_000_004))
def test_text_is_read_piece_by_piece_and_a_wrong_byte_is_found_where_it_stands(lead: int) -> None:
    good = b"<a>" + b"x" * (lead - 3) + "\N{EURO SIGN}".encode() + b"</a>"
    assert plain_utf8(good) == good
    for wrong in (good[:lead] + b"\xff" + good[lead:], good.replace(b"\x82", b"")):
        with pytest.raises(GateRefused) as refused:
            plain_utf8(wrong)
        assert (refused.value.code, refused.value.params["position"]) == ("ENCODING", lead)
