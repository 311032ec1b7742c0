"""The books hold each approved invoice and credit note once, net of reversals, and pay only to known accounts."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from avrop.accounting import jobs
from avrop.accounting.models import BatchItem, Posting, PostingBatch, PostingLine
from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.journal.models import Entry
from avrop.kernel.ports import OSLO
from avrop.matching.models import Deviation, Match
from avrop.ordering.models import OrderLine
from avrop.suppliers.models import (
    AccountConfirmation,
    BankAccount,
    ConfirmationInvoice,
    ConfirmationSignature,
)
from avrop.tenancy.scope import everything


def postings() -> None:
    """Each approved document is booked once; reversal and correction leave it once; lines balance."""
    approved = {one.invoice_id: one for one in Match._base_manager.filter(state="approved")}
    turns: dict[Any, list[Posting]] = defaultdict(list)
    for posting in Posting._base_manager.order_by("invoice_id", "turn").select_related("invoice"):
        turns[posting.invoice_id].append(posting)
    assert set(approved) == set(turns), "approved and not booked, or the reverse"
    seen: dict[Any, Any] = {}
    for ident, mine in turns.items():
        invoice = mine[0].invoice
        for posting in mine:
            _balanced(posting, invoice)
        sign = -1 if invoice.kind == "credit_note" else 1
        assert sum(one.payable for one in mine) == sign * invoice.payable, f"{invoice.number} not booked once"
        lines = PostingLine._base_manager.filter(posting__in=mine, kind="supplier")
        assert -sum(lines.values_list("amount", flat=True)) == sign * invoice.payable
        booked = sum(one.payable for one in mine if one.state == "posted")
        on_its_way = any(one.kind == "reversal" and one.state != "posted" for one in mine)
        assert booked in (0, sign * invoice.payable) or on_its_way, f"{invoice.number} twice in the books"
        if len(mine) == 1 and mine[0].state == "ready":
            _compensated(invoice, approved[ident], list(PostingLine._base_manager.filter(posting=mine[0])))
        same = (invoice.seller_orgnr, invoice.kind, invoice.number, invoice.issue_date, invoice.payable)
        assert same not in seen, f"{invoice.number} is posted twice"
        seen[same] = ident


def _balanced(posting: Posting, invoice: Invoice) -> None:
    lines = list(PostingLine._base_manager.filter(posting_id=posting.id))
    assert sum(line.amount for line in lines) == 0
    assert sum(line.amount for line in lines if line.kind == "supplier") == -posting.payable
    costs = sum(line.amount for line in lines if line.kind in ("cost", "vat"))
    assert abs(costs) == invoice.gross and abs(posting.payable) == invoice.payable
    assert invoice.gross + invoice.rounding - invoice.prepaid == invoice.payable


def batches() -> None:
    """A batch is what was sent; what is posted was answered there, once, with a voucher of its own."""
    vouchers: Counter[tuple[Any, str]] = Counter()
    for batch in PostingBatch._base_manager.all():
        items = list(BatchItem._base_manager.filter(batch=batch))
        assert (batch.count, batch.total) == (len(items), sum(one.payable for one in items))
    posted = Counter(BatchItem._base_manager.filter(state="posted").values_list("posting_id", flat=True))
    for posting in Posting._base_manager.all():
        assert posted[posting.id] == (posting.state == "posted"), "posted without an answer, or twice"
        assert (posting.state == "posted") == bool(posting.voucher)
        if posting.voucher:
            vouchers[posting.buyer_id, posting.voucher] += 1
    assert not vouchers or max(vouchers.values()) == 1, "one voucher for two"


def ledger() -> None:
    """What the accounting system has entered: no posting twice, and everything that we hold for posted."""
    if not jobs.folder().is_dir():
        return
    for path in jobs.folder().glob("*/ledger.json"):
        entries = json.loads(path.read_text("utf-8"))["entries"]
        once = Counter(UUID(one["posting"]) for one in entries)
        posted = set(Posting._base_manager.filter(state="posted").values_list("id", flat=True))
        assert posted <= set(once), "posted here and not there"
        for ident in posted:
            assert once[ident] == 1, "entered twice"


def credits_after_originals() -> None:
    """A credit note has never left before its original, nor without it while that one waited."""
    for item in BatchItem._base_manager.select_related("posting", "batch"):
        for original, _number in item.posting.credits:
            found = Posting._base_manager.filter(invoice_id=original, turn=0).first()
            if found is not None:
                sent = BatchItem._base_manager.filter(
                    posting=found, batch__released_at__lte=item.batch.released_at
                )
                assert sent.exists(), "a credit note before its original"


def paid_to_known_accounts(now: datetime) -> None:
    """What has just been released is to be paid to accounts that are good at this moment, by their rows."""
    with everything("the test checks"):
        for posting in Posting._base_manager.filter(batch__released_at=now, payable__gt=0):
            if posting.kind == "reversal":
                continue
            row = BankAccount._base_manager.filter(
                buyer_id=posting.buyer_id, supplier_id=posting.supplier_id, account=posting.bank_account
            ).first()
            assert row is not None and row.confirmed_at, f"paid to {posting.bank_account}"
            assert not row.withdrawn_at and not row.stopped_at
            assert row.valid_to is None or row.valid_to > now.astimezone(OSLO).date()


def two_for_an_account() -> None:
    """Two persons stand behind every account that became known, and neither had a hand in its invoices."""
    for asked in AccountConfirmation._base_manager.filter(state="confirmed"):
        signed = list(ConfirmationSignature._base_manager.filter(confirmation=asked))
        people = {one.person_id for one in signed}
        assert len(people) >= 2, "one alone"
        for named in ConfirmationInvoice._base_manager.filter(confirmation=asked):
            matches = Match._base_manager.filter(invoice_id=named.invoice_id)
            assert not people & set(matches.values_list("approved_by", flat=True)), "confirmed and approved"
            decided = Deviation._base_manager.filter(match__in=matches, decided_by__isnull=False)
            assert not people & set(decided.values_list("decided_by", flat=True)), "confirmed and handled"
            subjects = [f"matching.Match:{one.id.hex}" for one in matches]
            before = Entry._base_manager.filter(
                subject__in=subjects, actor__in=people, at__lte=max(one.at for one in signed)
            )
            assert not before.exists(), "handled and confirmed"
    asked_of = AccountConfirmation._base_manager.filter(state="confirmed")
    confirmed = {(one.supplier_id, one.account) for one in asked_of}
    for row in BankAccount._base_manager.filter(confirmed_at__isnull=False, buyer__slug="bremnes"):
        known = row.account in ("86011117947", "15032080119")  # from the set-up
        assert known or (row.supplier_id, row.account) in confirmed, "known without two persons"


def _compensated(invoice: Invoice, match: Match, lines: list[PostingLine]) -> None:
    """VAT on art 429 is that of the compensated lines; exact where a rate has one treatment."""
    on_429 = sum(line.amount for line in lines if line.kind == "vat" and line.account[1:4] == "429")
    nets: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    mine = InvoiceLine._base_manager.filter(invoice_id=invoice.id).order_by("position")
    for line, stored in zip(mine, match.lines, strict=True):
        if not stored["order_line_id"]:
            return  # a line of no order line follows the others'
        row = OrderLine._base_manager.get(id=stored["order_line_id"])
        nets[line.vat_category, line.vat_rate][row.vat_treatment] += line.net
    if invoice.document_charges:
        return
    slack = 0
    expected = 0
    for part in invoice.vat_breakdown:
        mine = nets[part["category"], part["rate"]]
        if set(mine) == {"compensated"}:
            expected += part["vat"]
        elif "compensated" in mine:
            expected += _share(part["vat"], mine["compensated"], part["base"])
            slack += 1
    expected = -expected if invoice.kind == "credit_note" else expected
    assert abs(on_429 - expected) <= slack, (on_429, expected)


def _share(amount: int, part: int, whole: int) -> int:
    return int((Decimal(amount) * part / whole).quantize(Decimal(1), ROUND_HALF_UP)) if whole else 0
