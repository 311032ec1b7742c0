"""What a seller may answer, invoice and credit. Pure: facts in, verdict or a named Refusal out.

`selling`: answers to orders and what may be invoiced. `crediting`: credit notes and the buyer's words about an
invoice. `changing`: the buyer's changes and cancellations.
"""

from avrop.portal.rules.changing import (
    asks_nothing,
    check_answerable_change,
    check_order_of,
    judge_change,
    problem_of,
    state_of,
)
from avrop.portal.rules.crediting import asked_credit, check_creditable, credit, fate
from avrop.portal.rules.selling import (
    ACCEPT_ALL,
    ANSWERS,
    CATEGORIES,
    CHANGE_LINES,
    ORDER_ONLY,
    REJECT_ALL,
    RESPONSE_CODES,
    check_answerable,
    check_invoiceable,
    check_parties,
    draft,
    judge_answer,
    kid,
)

__all__ = [
    "ACCEPT_ALL",
    "ANSWERS",
    "CATEGORIES",
    "CHANGE_LINES",
    "ORDER_ONLY",
    "REJECT_ALL",
    "RESPONSE_CODES",
    "asked_credit",
    "asks_nothing",
    "check_answerable",
    "check_answerable_change",
    "check_creditable",
    "check_invoiceable",
    "check_order_of",
    "check_parties",
    "credit",
    "draft",
    "fate",
    "judge_answer",
    "judge_change",
    "kid",
    "problem_of",
    "state_of",
]
