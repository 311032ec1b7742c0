"""Every attack of the list ends as stated there, costs little, and fetches nothing."""

from __future__ import annotations

import ctypes
import re
import socket
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from avrop.kernel.finding import Refusal
from avrop.ubl.findings import from_refusal, text_for
from avrop.ubl.gate import GateRefused, Limits, admit
from avrop.ubl.identify import identify
from avrop.ubl.kinds import to_decimal
from avrop.ubl.mapping import text_of
from avrop.ubl.rulesets import Registry
from avrop.ubl.tests.attacks import Attack, Bait, Reads, all_attacks, fill

CANARY = "the canary sings at 4711"
MEMORY = 50 * 1024 * 1024  # bytes over the input that an attack may cost
ATTACKS = all_attacks()


@pytest.fixture(scope="module")
def bait(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bait]:
    """A file with a canary, and a listening socket. At the end nobody may have called."""
    file = tmp_path_factory.mktemp("bait") / "canary.txt"
    file.write_text(CANARY)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield Bait(str(file), f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(BlockingIOError):
            server.accept()


def _read(one: Attack, root: etree._Element) -> Reads:
    if one.family == "namespaces":
        return Reads(identify(root).customization_id)
    found = root if root.find("v") is None and root.find(".//v") is None else root.find(".//v")
    assert found is not None
    if one.family == "number forms":
        return Reads(str(to_decimal(text_of(found), found)))
    return Reads(text_of(found))


def _same(one: Attack, got: Reads, bait: Bait) -> bool:
    wanted = one.outcome
    assert isinstance(wanted, Reads), (wanted, got.value[:80])
    if one.family == "number forms":
        return Decimal(got.value) == Decimal(wanted.value)
    return got.value == wanted.value.replace("{http}", bait.http)


@pytest.mark.parametrize("one", ATTACKS, ids=str)
def test_an_attack_ends_as_stated_and_costs_little(one: Attack, bait: Bait) -> None:
    raw = one.make(bait)
    tracemalloc.start()
    try:
        root = admit(raw).root
        peak = tracemalloc.get_traced_memory()[1]
        assert CANARY not in etree.tostring(root, encoding="unicode")
        assert _same(one, _read(one, root), bait)
    except Refusal as refused:
        peak = tracemalloc.get_traced_memory()[1]
        assert refused.code == one.outcome
        assert isinstance(refused, GateRefused) or one.family == "number forms"
        assert CANARY not in str(refused) and len(str(refused)) < 500
        assert text_for(from_refusal(refused), "nn").endswith(".")
    finally:
        tracemalloc.stop()
    assert peak < MEMORY


def test_every_family_has_twenty_variants_and_none_is_there_twice() -> None:
    families = Counter(one.family for one in ATTACKS)
    print(dict(families))
    assert len(families) == 20 and min(families.values()) >= 20
    assert len({str(one) for one in ATTACKS}) == len(ATTACKS)


WHOLE = """
import ctypes
from avrop.kernel.finding import Refusal
from avrop.ubl.gate import admit
from avrop.ubl.tests.attacks import Bait, all_attacks

def highest():
    return int(next(x for x in open("/proc/self/status") if x.startswith("VmHWM")).split()[1]) * 1024

attacks, trim = all_attacks(), ctypes.CDLL(None).malloc_trim
admit(b"<r/>")
worst = 0
for one in attacks:
    raw = one.make(Bait("/nowhere", "http://127.0.0.1:9"))
    if len(raw) > 50_000_000:
        continue
    trim(0)  # what is free goes back, so that using it again counts
    open("/proc/self/clear_refs", "w").write("5")  # the high-water mark begins anew
    before = highest()
    try:
        admit(raw)
    except Refusal:
        pass
    worst = max(worst, highest() - before)
print(len(attacks), worst)
"""


def _clearable() -> bool:
    try:
        Path("/proc/self/clear_refs").write_text("5")
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):
        return False
    return True


@pytest.mark.skipif(not _clearable(), reason="MISSING: a /proc whose high-water mark of memory can be reset")
def test_with_the_native_parsers_counted_too_no_attack_costs_fifty_mebibytes() -> None:
    # What libxml2 allocates is not seen by tracemalloc; the system's own count of the process sees all.
    done = subprocess.run([sys.executable, "-c", WHOLE], capture_output=True, text=True, check=True)
    count, worst = map(int, done.stdout.split())
    print(f"{count} attacks, the dearest {worst / 1024 / 1024:.1f} MiB over its input")
    assert count == len(ATTACKS) and worst < MEMORY


@pytest.mark.shared
def test_a_real_document_with_baits_is_judged_by_schema_and_rules_and_nothing_is_fetched(
    registry: Registry, standards: Path, bait: Bait
) -> None:
    text = (standards / "peppol/billing/2026.5/examples/base-example.xml").read_text("utf-8")
    start = text.index("<Invoice")
    hints = (
        'xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="urn:x {http}/x.xsd"',
        'xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:noNamespaceSchemaLocation="{http}/x.xsd"',
        'xml:base="{http}/"',
    )
    baits = [text[:start] + "<Invoice " + hint + text[start + len("<Invoice") :] for hint in hints]
    included = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/>'
    baits.append(text.replace("<cbc:Note>", f"<cbc:Note>{included}", 1))
    baits.append(text[:start] + '<?xml-stylesheet href="{http}/x.xsl" type="text/xsl"?>' + text[start:])
    baits.append(text.replace("<cbc:Note>", "<cbc:Note>document('{file}') unparsed-text('{http}/x') ", 1))
    for baited in baits:
        verdict = registry.judge(admit(fill(baited, bait).encode()).root)
        assert verdict.valid is not None
        assert CANARY not in str(verdict)


def test_the_limits_are_those_that_the_page_about_the_gate_states() -> None:
    page = (Path(__file__).parents[4] / "docs" / "xml-gate.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d ]+) \|", page, re.MULTILINE)
    stated = {name: int(number.replace(" ", "")) for name, number in rows}
    assert stated == {field.name: field.default for field in fields(Limits)}
