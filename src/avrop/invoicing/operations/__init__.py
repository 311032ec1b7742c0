"""Writes on invoices: `take` in, `link` a credit note to its original, `answer` the seller."""

from avrop.invoicing.operations.answer import ANSWERS, answer
from avrop.invoicing.operations.link import link_credit
from avrop.invoicing.operations.take import take_invoice

__all__ = ["ANSWERS", "answer", "link_credit", "take_invoice"]
