"""What may be credited of an invoice, and what the buyer's answer (T111) to it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO, half_up_div, line_amount, vat_amount
from avrop.portal.facts import CREDIT_ACTIONS, CREDIT_NOTE, BilledLine, Credit, Draft, DraftLine, SalesLine

Rate = tuple[str, int]  # category (UNCL5305), basis points
Bases = dict[Rate, int]  # øre without VAT

ORE_TO_MICRO = 10_000  # an amount in øre as a price scaled by 10^6
SLACK = 1  # øre of rounding that PEPPOL-EN16931-R120 lets a line have without an allowance (it takes 2)
_ACTIONS = "OPStatusAction"
_REJECTED, _PAID = "RE", "PD"


def fate(before: str, said: str) -> str:
    """What stands of an invoice after the buyer has said `said` (T111). Messages may overtake each other.

    A rejected invoice stays rejected (BIS Invoice Response 3: RE is not followed by anything), a paid one paid,
    and "received" says nothing new after any other word.
    """
    if before in (_REJECTED, _PAID) or (said == "AB" and before):
        return before
    return said


def asked_credit(reasons: Iterable[tuple[str, str]]) -> str:
    """The credit note the buyer asks for: CNF, CNP or CNA out of (list, code); "" when none."""
    return next((code for name, code in reasons if name == _ACTIONS and code in CREDIT_ACTIONS), "")


def check_creditable(kind: str, number: str, billed: Sequence[BilledLine]) -> None:
    """Raises Refusal CREDIT_OF_CREDIT or NOTHING_TO_CREDIT."""
    if kind == CREDIT_NOTE:
        raise Refusal("CREDIT_OF_CREDIT", number=number)
    if not any(line.quantity_left or line.net_left for line in billed):
        raise Refusal("NOTHING_TO_CREDIT", number=number)


def credit(
    billed: Sequence[BilledLine], chosen: Mapping[int, Credit] | None, earlier: Sequence[Bases] = ()
) -> Draft:
    """The credit note of these parts by the invoice line's position (None: all that is left).

    `earlier`: what each credit note before it took of each rate, oldest first.

    Quantities scaled by 10^6, amounts in øre without VAT. Raises Refusal: LINE_UNKNOWN, QUANTITY_WRONG,
    CREDIT_ONE_KIND, CREDIT_TOO_MANY, CREDIT_TOO_MUCH, NOTHING_CHOSEN.
    """
    known = {line.position for line in billed}
    for position in chosen or {}:
        if position not in known:
            raise Refusal("LINE_UNKNOWN", line=position)
    lines: list[DraftLine] = []
    for line in billed:
        wanted = _rest(line) if chosen is None else chosen.get(line.position, Credit())
        if wanted.quantity or wanted.amount:
            lines.append(_credit_line(len(lines) + 1, line, wanted))
    if not lines:
        raise Refusal("NOTHING_CHOSEN")
    return Draft(tuple(lines), _vat(billed, earlier, lines))


def _rest(line: BilledLine) -> Credit:
    return Credit(quantity=line.quantity_left) if line.quantity_left else Credit(amount=line.net_left)


def _credit_line(position: int, line: BilledLine, wanted: Credit) -> DraftLine:
    if wanted.quantity < 0 or wanted.amount < 0:
        raise Refusal("QUANTITY_WRONG", line=line.position)
    if wanted.quantity and wanted.amount:
        raise Refusal("CREDIT_ONE_KIND", line=line.position)
    if wanted.quantity > line.quantity_left:
        raise Refusal("CREDIT_TOO_MANY", line=line.position)
    if wanted.amount > line.net_left:
        raise Refusal("CREDIT_TOO_MUCH", line=line.position)
    if wanted.amount:
        price = wanted.amount * ORE_TO_MICRO
        return DraftLine(position, line.line, MICRO, price, wanted.amount, amount_only=True, billed=line.id)
    return _goods_back(position, line, wanted.quantity)


def _goods_back(position: int, line: BilledLine, quantity: int) -> DraftLine:
    """Goods come back at what is left of their price: an earlier price credit is not given twice."""
    net = half_up_div(line.net_left * quantity, line.quantity_left)
    beyond = line_amount(quantity, line.price, line.line.base_quantity) - net
    deduction = beyond if abs(beyond) > SLACK else 0
    return DraftLine(position, line.line, quantity, line.price, net, deduction, billed=line.id)


def _vat(
    billed: Sequence[BilledLine], earlier: Sequence[Bases], lines: Sequence[DraftLine]
) -> dict[Rate, tuple[int, int]]:
    """(category, rate) -> (base, VAT) of these lines. VAT half up on the summed base (BR-S-09), never more than
    is left, and all that is left with the last of a rate: so the credit notes together carry the invoice's VAT.
    """
    base_left = _bases((one.line, one.net) for one in billed)
    left = {rate: vat_amount(base, rate[1]) for rate, base in base_left.items()}
    for one in earlier:
        for rate, (base, vat) in _taken(one, base_left, left).items():
            base_left[rate] -= base
            left[rate] -= vat
    return _taken(_bases((one.line, one.net) for one in lines), base_left, left)


def _taken(bases: Bases, base_left: Bases, left: Bases) -> dict[Rate, tuple[int, int]]:
    """The VAT of these bases where so much (base and VAT) is left of each rate."""
    return {
        rate: (base, left[rate] if base == base_left[rate] else min(vat_amount(base, rate[1]), left[rate]))
        for rate, base in sorted(bases.items())
    }


def _bases(lines: Iterable[tuple[SalesLine, int]]) -> Bases:
    bases: Bases = {}
    for line, net in lines:
        rate = (line.vat_category, line.vat_rate)
        bases[rate] = bases.get(rate, 0) + net
    return bases
