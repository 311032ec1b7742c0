"""Where a bad document may end: in a known state with an owner and a reason; never a fault, never lost, never paid."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.test import Client
from django.urls import reverse
from django.utils import translation

from avrop.accounting.models import Posting
from avrop.commitments import queries as commitments
from avrop.invoicing.models import Invoice
from avrop.journal import audit, worker
from avrop.journal.models import Case, Delivery
from avrop.kernel.ports import originals
from avrop.matching.models import Deviation, Match
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.tenancy.scope import as_system, everything
from avrop.web.refusals import explain, known
from tests.bad.made import Made
from tests.bad.scene import Scene

GOOD = Made("good", lambda: b"")
READERS = {"bremnes": "fakta", "fjell": "finn", "kontor": "selma", "storhus": "selma", "plattform": "drift"}


@dataclass
class Ends:
    """Sends a file the ordinary way and says what is wrong with where it ended (AssertionError)."""

    scene: Scene
    client: Client
    last: str = ""
    pages: int = 0
    message: Message | None = None
    unpaid: dict[UUID, str] = field(default_factory=dict)

    def take(self, raw: bytes, one: Made = GOOD) -> None:
        """Receive, deliver, look."""
        self.last, self.message = "fault", None
        got = intake.receive(raw, transport="file")
        worker.run_until_idle()
        with everything("the test looks"):
            assert originals().has(hashlib.sha256(raw).hexdigest()), "the original is lost"
            waiting = list(Delivery.objects.exclude(state="done").values_list("handler", "state", "error"))
            if waiting:  # said once; the next file starts from nothing
                Delivery.objects.exclude(state="done").update(state="skipped")
            assert not waiting, waiting
            self.message = message = Message.objects.defer("body").get(id=got.message_id)
            self.last = self._ended(message, one)
            if one.reasons:
                assert message.state == "refused" and message.reason in one.reasons, (
                    message.state, message.reason, sorted(one.reasons),
                )  # fmt: skip

    def _ended(self, message: Message, one: Made) -> str:
        kind = f"{message.document_type or '-'} {message.state}"
        if message.state == "refused":
            self._explained(message.reason, message.params)
            assert self._owned(f"messaging.Message:{message.id.hex}"), "refused, and nobody owns it"
            return f"{kind} {message.reason}"
        assert message.state in ("routed", "filed", "duplicate"), message.state
        label, _, key = message.refers_to.partition(":")
        if label == "invoicing.Invoice":
            return f"{kind} {self._invoice(Invoice.objects.get(id=UUID(key)), one)}"
        return kind

    def _invoice(self, invoice: Invoice, one: Made) -> str:
        if not one.paid:
            self.unpaid[invoice.id] = one.name
        if invoice.state != "valid":
            assert invoice.state in ("duplicate", "filed", "invalid"), invoice.state
            owned = self._owned(f"invoicing.Invoice:{invoice.id.hex}")
            assert invoice.state != "invalid" or (owned and invoice.findings), "invalid, and nobody owns it"
            return str(invoice.state)
        match = Match.objects.get(invoice_id=invoice.id)
        deviations = list(Deviation.objects.filter(match=match, state="open"))
        assert all(one.owner_role and one.code and one.due for one in deviations)
        if match.state == "approved":
            assert one.paid, "approved by itself"
        elif match.state == "without_order":
            assert self._owned(f"invoicing.Invoice:{invoice.id.hex}"), "without order, and nobody owns it"
        elif match.state not in ("awaiting_receipt", "matched"):  # these wait for goods, or for an approver
            assert deviations or self._owned(f"invoicing.Invoice:{invoice.id.hex}"), match.state
        return str(match.state)

    def _owned(self, subject: str) -> bool:
        found = Case.objects.filter(subject=subject)
        for case in found:
            assert case.owner_role and case.due and case.number
            self._explained(case.reason, case.params)
        return bool(found)

    def _explained(self, reason: str, params: Mapping[str, object]) -> None:
        assert known(reason), f"no sentence for {reason}"
        given = {
            name: str(value).replace("%(", "") for name, value in params.items()
        }  # it may stand in the file
        for language in ("nn", "nb", "en"):
            with translation.override(language):
                assert "%(" not in explain(reason, given), (reason, params)

    def look(self) -> None:
        """The pages of the last one, as who must deal with it sees them."""
        message = self.message
        if message is None:
            return
        slug = next(o.slug for o in self._owners() if o.id == message.owner_id)
        login = READERS.get(slug)
        if login is None:
            return
        self.client.force_login(self.scene.world.people[login])
        addresses = [reverse("messaging:message", kwargs={"slug": slug, "message_id": message.id})]
        label, _, key = message.refers_to.partition(":")
        if label == "invoicing.Invoice":
            addresses.append(reverse("invoicing:invoice", kwargs={"slug": slug, "invoice_id": UUID(key)}))
            addresses.append(reverse("matching:deviations", kwargs={"slug": slug}))
        if label == "portal.SalesOrder":
            addresses.append(reverse("portal:order", kwargs={"slug": slug, "order_id": UUID(key)}))
        addresses += [reverse(name, kwargs={"slug": slug}) for name in ("messaging:log", "journal:cases")]
        for address in addresses:
            answer = self.client.get(address)
            assert answer.status_code < 500, f"{address}: {answer.status_code}"
            self.pages += 1

    def _owners(self) -> list[object]:
        world = self.scene.world
        return [world.bremnes, world.fjell, world.kontor, world.storhus, world.platform, world.coop]

    def at_the_end(self) -> list[str]:
        """What does not hold of the whole."""
        trouble = []
        with everything("the test looks"):
            paid = Posting._base_manager.filter(invoice_id__in=self.unpaid).values_list(
                "invoice_id", flat=True
            )
            trouble += [f"reached the books: {self.unpaid[one]}" for one in paid]
            came = (
                "messaging.",
                "invoicing.",
                "matching.Match",
                "matching.Deviation",
                "journal.",
                "portal.Sales",
            )
            trouble += [place for place in audit.verify().places if place.startswith(came)]
        for buyer in (self.scene.world.bremnes, self.scene.world.fjell):
            with as_system(buyer.id):
                trouble += [str(one) for one in commitments.check()]
        return trouble
