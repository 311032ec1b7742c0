"""A batch as canonical JSON and as CSV, and the answer back. The same batch gives the same bytes, always."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from uuid import UUID

from avrop.accounting.facts import BatchAnswer, BatchFacts, PostingFacts
from avrop.kernel.canonical import canonical
from avrop.kernel.finding import Refusal
from avrop.kernel.money import from_minor, parse_decimal, to_minor
from avrop.tenancy.facts import Party

FORMAT = "avrop-posting-batch/1"
_COLUMNS = (
    "batch",
    "posting",
    "supplier_orgnr",
    "supplier_no",
    "supplier",
    "invoice",
    "invoice_date",
    "due_date",
    "payment_reference",
    "bank_account",
    "line",
    "kind",
    "account",
    "responsibility",
    "function",
    "project",
    "vat_code",
    "amount",
    "text",
    "original_sha256",
    "posting_kind",
    "about",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(batch: BatchFacts, buyer: Party) -> bytes:
    """The batch as canonical JSON; amounts are strings with two decimals, debit positive."""
    return canonical(
        {
            "format": FORMAT,
            "batch": batch.id,
            "number": batch.number,
            "buyer": {"orgnr": buyer.orgnr, "name": buyer.name},
            "released": batch.released_at.date(),
            "count": batch.count,
            "total": _amount(batch.total),
            "postings": [_posting(one) for one in batch.postings],
        }
    )


def _posting(one: PostingFacts) -> dict[str, Any]:
    return {
        "posting": one.id,
        "kind": one.kind,
        "about": [
            {"relation": link.kind, "invoice": link.invoice, "posting": link.posting_id} for link in one.links
        ],
        "supplier": {"orgnr": one.supplier_orgnr, "number": one.supplier_no, "name": one.supplier_name},
        "invoice": one.invoice_number,
        "invoice_date": one.invoice_date,
        "due_date": one.due_date,
        "payable": _amount(one.payable),
        "payment_reference": one.payment_reference,
        "bank_account": one.bank_account,
        "original_sha256": one.original,
        "lines": [
            {
                "kind": line.kind,
                "account": line.account,
                "responsibility": line.responsibility,
                "function": line.function,
                "project": line.project,
                "vat_code": line.vat_code,
                "amount": _amount(line.amount),
                "text": line.text,
            }
            for line in one.lines
        ],
    }


def as_csv(batch: BatchFacts) -> bytes:
    """The batch as CSV in UTF-8, semicolons, decimal points; what a spreadsheet would run is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in batch.postings:
        for position, line in enumerate(one.lines, 1):
            texts = [
                *(batch.number, one.id.hex, one.supplier_orgnr, one.supplier_no, one.supplier_name),
                *(one.invoice_number, one.invoice_date.isoformat(), one.due_date.isoformat()),
                *(one.payment_reference, one.bank_account, str(position), line.kind, line.account),
                *(line.responsibility, line.function, line.project, line.vat_code),
            ]
            row = [harmless(text) for text in texts]
            about = " ".join(f"{link.kind}:{link.invoice}" for link in one.links)
            rest = [harmless(line.text), one.original, one.kind, harmless(about)]
            writer.writerow([*row, _amount(line.amount), *rest])
    return out.getvalue().encode()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before `=`, `+`, `-`, `@`, tab."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def read_answer(raw: bytes) -> BatchAnswer:
    """The accounting system's answer: what it accepted (`count`, `total`, `vouchers`) and `rejected`, if any.

    Raises Refusal BAD_ANSWER, also where a posting is named twice: one of the two would be lost.
    """
    try:
        data = json.loads(raw.decode())
        return BatchAnswer(
            batch_id=UUID(data["batch"]),
            count=int(data["count"]),
            total=to_minor(parse_decimal(data["total"])),
            vouchers=_by_posting(data["vouchers"], "voucher", 40),
            rejected=_by_posting(data.get("rejected", []), "reason", 200),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ArithmeticError) as error:
        raise Refusal("BAD_ANSWER", why=type(error).__name__) from error


def _by_posting(rows: list[dict[str, Any]], name: str, most: int) -> dict[UUID, str]:
    found = {UUID(one["posting"]): str(one[name]).replace("\0", "")[:most] for one in rows}
    if len(found) != len(rows):
        raise ValueError("a posting is named twice")
    return found


def _amount(minor: int) -> str:
    return format(from_minor(minor), "f")
