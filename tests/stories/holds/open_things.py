"""Every open thing has somebody who must act, and a day."""

from __future__ import annotations

from avrop.accounting.models import Posting, PostingBatch
from avrop.delivery.models import ReceiptLine
from avrop.invoicing.models import Invoice
from avrop.journal.models import Case
from avrop.matching.models import Deviation, Match
from avrop.ordering.models import OrderChange, OrderLine
from avrop.suppliers.models import AccountConfirmation
from avrop.tenancy.models import RoleAssignment
from tests.world import World

CASE_OF = {
    "without_order": ("invoice_without_order",),
    "without_original": ("credit_without_original",),
    "disputed": ("invoice_disputed",),
    "awaiting_credit": ("credit_awaited",),
}


def owned(world: World) -> None:
    """Cases and deviations have a role that somebody holds, and a deadline; states that wait have their case."""
    held = set(RoleAssignment._base_manager.values_list("organisation_id", "role"))
    for case in Case._base_manager.filter(state="open"):
        assert case.due and (case.tenant_id, case.owner_role) in held, f"nobody owns {case.kind}"
    for one in Deviation._base_manager.filter(state="open"):
        assert one.due and (one.buyer_id, one.owner_role) in held, f"nobody owns {one.code}"
    cases = set(Case._base_manager.filter(state="open").values_list("subject", "kind"))
    about = {subject for subject, _ in cases}
    for match in Match._base_manager.filter(buyer=world.bremnes):
        subject = f"invoicing.Invoice:{match.invoice_id.hex}"
        for kind in CASE_OF.get(match.state, ()):
            assert (subject, kind) in cases, f"{match.state} without {kind}"
        for state, kinds in CASE_OF.items():
            if state != match.state:
                assert not {(subject, kind) for kind in kinds} & cases, (
                    f"{match.state} with a case of {state}"
                )
        if match.state in ("disputed", "awaiting_credit"):
            assert match.held_due
    for row in Invoice._base_manager.filter(state="valid"):
        assert Match._base_manager.filter(invoice_id=row.id).exists(), "an invoice that nobody judged"
    for posting in Posting._base_manager.filter(state="rejected"):
        assert f"accounting.Posting:{posting.id.hex}" in about, "rejected, and nobody's"
    for batch in PostingBatch._base_manager.filter(state="mismatch"):
        assert f"accounting.PostingBatch:{batch.id.hex}" in about, "disagrees, and nobody's"
    for asked in AccountConfirmation._base_manager.filter(state="open"):
        assert asked.due
    for change in OrderChange._base_manager.filter(state="awaiting"):
        assert change.candidates, f"{change.number}: nobody may approve it"


def receipts_told() -> None:
    """What delivery has counted is what the order's lines say."""
    for line in OrderLine._base_manager.all():
        rows = ReceiptLine._base_manager.filter(order_line_id=line.id)
        assert line.received == sum(rows.values_list("quantity", flat=True)), "the order was not told"
