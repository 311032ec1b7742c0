"""Documents to dataclasses and back: CPU time of a 20-line invoice, and catalogue lines per CPU second.

    python benchmarks/binding.py [--quick] [--json] [--peers FOLDER]

Aims (issue 4): reading and writing 1.0 ms each, hot; 15,000 catalogue lines a second, in flat memory. Read means
from the bytes: hardened lxml parse and the dataclasses. `read_from_tree_ms` is the second part alone; `gate_ms` what
the gate takes for the same bytes (it parses too: a message is gated once and read from that tree). Beside it
lxml.objectify, an object per element, asked for the same values, and untyped; its writing is to print the tree it has
read. xsdata's classes, generated from the official schema of UBL 2.3 (../shared or AVROP_SHARED), take part where the
virtual environment FOLDER (or AVROP_PEERS) has xsdata[cli,lxml] in it; else they are null, with the reason.
`catalogue_grown_mb`: what resident memory grew by while ten times as many lines were streamed, out and in again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree, objectify

from avrop.ubl import build
from avrop.ubl.documents import catalogue as cat
from avrop.ubl.documents import invoice as inv
from avrop.ubl.documents import parts as p
from avrop.ubl.gate import admit
from avrop.ubl.kinds import Identifier, Quantity

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT))
SHARED = Path(os.environ.get("AVROP_SHARED", ROOT.parent / "shared"))
TAX = p.TaxCategory("S", Decimal(25))
PLACE = p.Address(street="Gravensteinsgata 1", city="Leikanger", postal_zone="6863", country="NO")


def parties() -> tuple[p.Party, p.Party]:
    """A seller and a buyer with numbers that are nobody's."""
    seller = build.norwegian_party("305218022", "Kontorvarer AS", address=PLACE, vat=True, in_register=True)
    return seller, build.norwegian_party("305218022", "Bremnes kommune", address=PLACE)


def an_invoice(lines: int) -> inv.Invoice:
    """An invoice as a supplier's system writes it."""
    made = []
    for number in range(1, lines + 1):
        quantity, price = Quantity(Decimal(1 + number % 7), "EA"), p.Price(Decimal("10.00") + number % 50)
        item = p.Item(
            name=f"Vare {number}",
            description=f"Beskriving av vare nr. {number}, blå og grøn",
            sellers_id=f"SKU{number:06d}",
            standard_id=Identifier("7038010000010", "0160"),
            classifications=(p.Classification("30190000", "STI"),),
            tax=TAX,
        )
        amount = build.line_amount(quantity.value, price)
        made.append(inv.InvoiceLine(str(number), quantity, amount, item, price, order_line=str(number)))
    seller, buyer = parties()
    document = inv.Invoice(
        id="F-1001",
        issue_date=date(2026, 11, 1),
        due_date=date(2026, 12, 1),
        currency="NOK",
        seller=seller,
        buyer=buyer,
        totals=p.MonetaryTotal(Decimal(0), Decimal(0)),
        lines=tuple(made),
        order_reference="B-2026-17",
        buyer_reference="4711",
        payment_means=(inv.PaymentMeans("30", payment_id="2345676", account_id="86011117947"),),
    )
    return build.sum_up_invoice(document)


def offers(count: int) -> Iterator[cat.CatalogueLine]:
    """Lines of a catalogue."""
    for number in range(count):
        yield cat.CatalogueLine(
            id=str(number),
            action="Add",
            orderable=True,
            orderable_unit="EA",
            prices=(cat.LinePrice(Decimal("12.50"), "NOK", Quantity(Decimal(1), "EA")),),
            item=cat.CatalogueItem(
                name=f"Vare {number}",
                descriptions=("Ein kort tekst om vara",),
                keywords=("papir",),
                sellers_id=f"SKU{number:06d}",
                standard_id=Identifier("7038010000010", "0160"),
                classifications=(p.Classification("30190000", "STI"),),
                tax=TAX,
                properties=(p.ItemProperty("Farge", "Blå"),),
            ),
        )


def cpu(work: Callable[[], object], times: int) -> float:
    """Milliseconds of CPU per call: the best of five rounds, for the machine has other work too."""
    work()
    rounds = []
    for _ in range(5):
        start = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - start) / times)
    return round(min(rounds) * 1000, 3)


def by_objectify(raw: bytes) -> list[tuple[object, ...]]:
    """The same values from lxml.objectify, as text."""
    root = objectify.fromstring(raw)
    cac, cbc = "{" + root.nsmap["cac"] + "}", "{" + root.nsmap["cbc"] + "}"

    def text(element: Any, *path: str) -> str | None:
        for step in path:
            element = element.find(step)
            if element is None:
                return None
        return str(element.text)

    found: list[tuple[object, ...]] = [tuple(text(root, cbc + n) for n in ("ID", "IssueDate", "DueDate"))]
    for party in ("AccountingSupplierParty", "AccountingCustomerParty"):
        one = root.find(cac + party).find(cac + "Party")
        found.append(tuple(e.text for e in one.iter() if not len(e)))
    total = root.find(cac + "LegalMonetaryTotal")
    found.append(tuple(Decimal(e.text) for e in total.iterchildren()))
    for line in root.iterchildren(cac + "InvoiceLine"):
        item, price = line.find(cac + "Item"), line.find(cac + "Price")
        found.append(
            (
                text(line, cbc + "ID"),
                Decimal(text(line, cbc + "InvoicedQuantity") or "0"),
                Decimal(text(line, cbc + "LineExtensionAmount") or "0"),
                text(line, cac + "OrderLineReference", cbc + "LineID"),
                text(item, cbc + "Name"),
                text(item, cbc + "Description"),
                text(item, cac + "SellersItemIdentification", cbc + "ID"),
                text(item, cac + "StandardItemIdentification", cbc + "ID"),
                text(item, cac + "CommodityClassification", cbc + "ItemClassificationCode"),
                text(item, cac + "ClassifiedTaxCategory", cbc + "Percent"),
                Decimal(text(price, cbc + "PriceAmount") or "0"),
            )
        )
    return found


def measure_invoice(times: int, environment: Path | None) -> dict[str, Any]:
    """Reading and writing 20 lines."""
    raw = inv.write(an_invoice(20))
    root = admit(raw).root
    document = inv.read(root)
    objects = objectify.fromstring(raw)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return {
        "bytes": len(raw),
        "elements": sum(1 for _ in root.iter()),
        "read_ms_20": cpu(lambda: inv.read(etree.fromstring(raw, parser)), times),
        "read_from_tree_ms": cpu(lambda: inv.read(root), times),
        "write_ms_20": cpu(lambda: inv.write(document), times),
        "gate_ms": cpu(lambda: admit(raw), times),
        "parse_ms": cpu(lambda: etree.fromstring(raw, parser), times),
        "objectify_read_ms": cpu(lambda: by_objectify(raw), times),
        "objectify_write_ms": cpu(lambda: etree.tostring(objects), times),
        **by_xsdata(raw, times // 10, environment),
    }


def by_xsdata(raw: bytes, times: int, environment: Path | None) -> dict[str, Any]:
    """The same invoice through the classes that xsdata makes; nothing where it is not there, and why."""
    from benchmarks import _peers, _xsdata

    try:
        read, write = _xsdata.measured(raw, times, environment, SHARED)
    except _peers.NotThere as why:
        return {"xsdata_read_ms": None, "xsdata_write_ms": None, "xsdata": str(why)}
    return {"xsdata_read_ms": read, "xsdata_write_ms": write}


def measure_catalogue(count: int) -> dict[str, Any]:
    """Lines per CPU second through the streams, and what memory they take."""
    provider, receiver = parties()
    head = cat.Catalogue(
        "K-1",
        date(2026, 1, 1),
        build.catalogue_party(provider),
        build.catalogue_party(receiver),
        action="Add",
    )
    _through(head, count // 10)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wrote, read = _through(head, count)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "catalogue_lines": count,
        "catalogue_lines_per_s": round(count / read),
        "catalogue_write_per_s": round(count / wrote),
        "catalogue_grown_mb": round((after - before) / 1024, 1),
    }


def _through(head: cat.Catalogue, count: int) -> tuple[float, float]:
    with tempfile.TemporaryFile() as file:
        made = list(offers(1000))
        start = time.process_time()
        for piece in cat.write_stream(head, (made[number % 1000] for number in range(count))):
            file.write(piece)
        wrote = time.process_time() - start
        file.seek(0)
        start = time.process_time()
        _, lines = cat.open_stream(file)
        found = sum(1 for _ in lines)
        read = time.process_time() - start
    if found != count:
        raise SystemExit(f"{found} lines came back of {count}")
    return wrote, read


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument("--peers", type=Path, default=os.environ.get("AVROP_PEERS"), metavar="FOLDER")
    chosen = parser.parse_args()
    peers = Path(chosen.peers).absolute() if chosen.peers else None
    result = measure_invoice(100 if chosen.quick else 1000, peers)
    result |= measure_catalogue(10_000 if chosen.quick else 100_000)
    if not chosen.json:
        for name, value in result.items():
            print(f"{name:24} {value}", file=sys.stderr)
    print(json.dumps({"benchmark": Path(__file__).stem, **result}))


if __name__ == "__main__":
    main()
