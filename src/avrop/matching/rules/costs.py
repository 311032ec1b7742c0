"""What an approved invoice costs whom: its amounts spread over the codings, exact to the øre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from avrop.coding.facts import Coding, budget_key
from avrop.commitments.facts import Move
from avrop.delivery.facts import Before
from avrop.invoicing.facts import InvoiceFacts
from avrop.kernel.money import half_up_div, split, vat_amount
from avrop.matching.facts import Allocation, Claim, LineMatch
from avrop.ordering.facts import OrderFacts, OrderLineFacts

Key = tuple[Coding, str, str, int]  # coding, budget key, VAT category, VAT rate


def allocate(
    invoice: InvoiceFacts, lines: Iterable[LineMatch], orders: Mapping[str, OrderFacts]
) -> tuple[Allocation, ...]:
    """The invoice's net and VAT on the order lines' codings. Sums are the invoice's BT-109 and BT-110.

    A line without an order line follows the largest line. Document charges and allowances are spread over
    the codings by net amount, within their own VAT rate where a line has it.
    """
    nets, texts = _line_nets(invoice, tuple(lines), orders)
    if not nets:
        return ()
    for one in invoice.charges:
        _spread(nets, one.amount if one.charge else -one.amount, one.vat_category, one.vat_rate)
    _even_out(nets, invoice.net)
    vats = _vat(nets, invoice)
    return tuple(
        Allocation(coding, category, rate, net, vats[coding, key, category, rate], key, texts.get(key, ""))
        for (coding, key, category, rate), net in nets.items()
    )


def _line_nets(
    invoice: InvoiceFacts, lines: tuple[LineMatch, ...], orders: Mapping[str, OrderFacts]
) -> tuple[dict[Key, int], dict[str, str]]:
    wanted = {line.id: (order, line) for order in orders.values() for line in order.lines}
    targets = [wanted.get(one.order_line_id) if one.order_line_id else None for one in lines]
    weighed = [(line.net, place) for line, place in zip(invoice.lines, targets, strict=True) if place]
    fallback = max(weighed, key=lambda one: one[0])[1] if weighed else next(iter(wanted.values()), None)
    nets: dict[Key, int] = {}
    texts: dict[str, str] = {}
    for line, place in zip(invoice.lines, targets, strict=True):
        target = place or fallback
        if target is None:
            return {}, {}
        order, order_line = target
        key = budget_key(order_line.coding, order.budget_year)
        whole = (order_line.coding, key, line.vat_category, line.vat_rate)
        nets[whole] = nets.get(whole, 0) + line.net
        texts.setdefault(key, order.number)
    return nets, texts


def _spread(nets: dict[Key, int], amount: int, category: str, rate: int) -> None:
    same = [key for key in nets if key[2:] == (category, rate)] or list(nets)
    weights = [max(0, nets[key]) for key in same]
    for key, part in zip(same, split(amount, weights), strict=True):
        target = (key[0], key[1], category, rate)
        nets[target] = nets.get(target, 0) + part


def _even_out(nets: dict[Key, int], total: int) -> None:
    """Valid invoices add up (BR-CO-13); what an unchecked one is off by goes on its largest part."""
    rest = total - sum(nets.values())
    if rest:
        nets[max(nets, key=lambda key: nets[key])] += rest


def _vat(nets: Mapping[Key, int], invoice: InvoiceFacts) -> dict[Key, int]:
    """The invoice's VAT per rate, split by net with the largest remainder, so that it sums to BT-110."""
    stated = {(part.category, part.rate): part.vat for part in invoice.vat_parts}
    groups: dict[tuple[str, int], list[Key]] = {}
    for key in nets:
        groups.setdefault(key[2:], []).append(key)
    vats: dict[Key, int] = {}
    for group, keys in groups.items():
        weights = [nets[key] for key in keys]
        amount = stated.get(group, vat_amount(sum(weights), group[1]))
        if min(weights) >= 0:
            parts = split(amount, weights)
        else:
            parts = [vat_amount(weight, group[1]) for weight in weights]
            parts[0] += amount - sum(parts)
        vats.update(zip(keys, parts, strict=True))
    rest = invoice.vat - sum(vats.values())
    if rest:
        vats[max(vats, key=lambda key: vats[key])] += rest
    return vats


def release(
    lines: Iterable[LineMatch],
    approved: Mapping[UUID, Claim],
    came: Mapping[UUID, Before],
    orders: Iterable[OrderFacts],
) -> tuple[LineMatch, ...]:
    """The lines with the øre that each takes out of the accrued (and committed) bucket.

    The accrued cost is taken cumulatively over invoices and in full with the last of what has come, so that
    partial invoices leave no øre behind. What a price change accepted after the last receipt has left
    committed goes with the line's last invoice.
    """
    wanted = {line.id: line for order in orders for line in order.lines}
    sofar = dict(approved)
    result = []
    for one in lines:
        ident = one.order_line_id
        if ident is None or ident not in wanted:
            result.append(one)
            continue
        before = sofar.get(ident, Claim())
        end = before.quantity + one.quantity
        line, arrived = wanted[ident], came.get(ident, Before())
        released = _accrued_up_to(line, arrived, end) - before.released
        # A closed line has nothing committed left: it went when it was closed.
        last = not line.closed and before.quantity < line.quantity <= min(end, arrived.quantity)
        result.append(replace(one, released=released, freed=_cost(line) - arrived.cost if last else 0))
        sofar[ident] = before.plus(Claim(one.quantity, one.net, released))
    return tuple(result)


def _accrued_up_to(line: OrderLineFacts, came: Before, quantity: int) -> int:
    """Accrued øre of the first `quantity` (scaled) of what has come of an order line."""
    if quantity >= came.quantity:
        return came.cost
    return min(came.cost, half_up_div(_cost(line) * quantity, line.quantity))


def _cost(line: OrderLineFacts) -> int:
    """What the whole order line takes of its budget, in øre."""
    return line.coding.cost(line.net, vat_amount(line.net, line.vat_rate))


def moves(
    allocation: Iterable[Allocation], lines: Iterable[LineMatch], orders: Iterable[OrderFacts]
) -> list[Move]:
    """Budget moves of an approval, in øre: the order's cost out of accrued, the invoice's into invoiced."""
    result = [Move(key=one.key, invoiced=one.cost) for one in allocation if one.cost]
    keys = {line.id: budget_key(line.coding, order.budget_year) for order in orders for line in order.lines}
    for one in lines:
        if one.order_line_id in keys and (one.released or one.freed):
            result.append(Move(key=keys[one.order_line_id], accrued=-one.released, committed=-one.freed))
    return result
