"""What to tell the supplier of goods that were not accepted or went back."""

from __future__ import annotations

from urllib.parse import quote

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from avrop.delivery.facts import ReceiptFacts
from avrop.delivery.texts import EXPECTED, REASONS
from avrop.ordering.facts import OrderFacts
from avrop.tenancy.facts import Party
from avrop.ubl.codes import unit_of
from avrop.web.format import quantity


def letter(receipt: ReceiptFacts, order: OrderFacts, supplier: Party) -> dict[str, str]:
    """A text to send, and a mail address to click where the supplier has one.

    Peppol has no message for this between buyer and seller; so a person sends it, with one click.
    """
    language = get_language() or "nn"
    subject = _("Order %(number)s: goods not accepted") % {"number": order.number}
    lines = []
    for line in receipt.lines:
        much = line.refused or -line.quantity
        if much > 0:
            why = REASONS.get(line.reason_code or receipt.reason_code, "")
            lines.append(f"- {quantity(much)} {unit_of(line.unit_code, much, language)} {line.name}: {why}")
    text = "\n".join([subject, *lines, str(EXPECTED.get(receipt.expected, "")), receipt.note]).strip()
    mail = f"mailto:{supplier.email}?subject={quote(subject)}&body={quote(text)}" if supplier.email else ""
    return {"text": text, "mail": mail}
