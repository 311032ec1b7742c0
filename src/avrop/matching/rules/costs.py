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
from avrop.matching.rules.checks import ordered
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
    return _parts(nets, vats, texts)


def _parts(
    nets: Mapping[Key, int], vats: Mapping[Key, int], texts: Mapping[str, str], sign: int = 1
) -> tuple[Allocation, ...]:
    return tuple(
        Allocation(
            coding,
            category,
            rate,
            sign * net,
            sign * vats[coding, key, category, rate],
            key,
            texts.get(key, ""),
        )
        for (coding, key, category, rate), net in nets.items()
    )


def take_back(
    note: InvoiceFacts,
    lines: Iterable[LineMatch],
    orders: Mapping[str, OrderFacts],
    basis: Iterable[Allocation],
) -> tuple[Allocation, ...]:
    """A credit note's net and VAT, below zero, on the codings that its originals were put on.

    `basis`: the originals' parts, and below zero those of earlier credit notes. What is for an order line follows
    that line's coding; fees and the like are spread by what is left on each, so that none gets back more than it paid.
    """
    wanted = {line.id: (order, line) for order in orders.values() for line in order.lines}
    shares: dict[tuple[Coding, str], int] = {}
    left: dict[tuple[Coding, str], int] = {}
    texts: dict[str, str] = {}
    for part in basis:
        place = part.coding, part.key
        shares[place] = shares.get(place, 0) + max(0, part.net)
        left[place] = left.get(place, 0) + part.net
        texts.setdefault(part.key, part.text)
    nets: dict[Key, int] = {}
    loose = [(c.amount if c.charge else -c.amount, c.vat_category, c.vat_rate) for c in note.charges]
    for line, one in zip(note.lines, lines, strict=True):
        target = wanted.get(one.order_line_id) if one.order_line_id else None
        if target is None:
            loose.append((line.net, line.vat_category, line.vat_rate))
            continue
        key = budget_key(target[1].coding, target[0].budget_year)
        whole = (target[1].coding, key, line.vat_category, line.vat_rate)
        nets[whole] = nets.get(whole, 0) + line.net
        left[whole[:2]] = left.get(whole[:2], 0) - line.net
        texts.setdefault(key, target[0].number)
    for amount, category, rate in loose:
        if not shares:
            return ()
        weights = [max(0, left[place]) for place in shares]
        parts = split(amount, weights if any(weights) else list(shares.values()))
        for (coding, key), part_of in zip(shares, parts, strict=True):
            whole = (coding, key, category, rate)
            nets[whole] = nets.get(whole, 0) + part_of
            left[coding, key] -= part_of
    if not nets:
        return ()
    _even_out(nets, note.net)
    return _parts(nets, _vat(nets, note), texts, sign=-1)


def _line_nets(
    invoice: InvoiceFacts, lines: tuple[LineMatch, ...], orders: Mapping[str, OrderFacts]
) -> tuple[dict[Key, int], dict[str, str]]:
    wanted = {line.id: (order, line) for order in orders.values() for line in order.lines}
    targets = [wanted.get(one.order_line_id) if one.order_line_id else None for one in lines]
    weighed = [(abs(line.net), place) for line, place in zip(invoice.lines, targets, strict=True) if place]
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
    committed goes with the line's last invoice. A credit note gives back what is owed again: goods that are
    here to accrued, goods that are to come again to committed; of what is not owed any more nothing. What was
    accrued and released for goods that are neither here nor invoiced after it is gone.
    """
    wanted = {line.id: (order, line) for order in orders for line in order.lines}
    sofar = dict(approved)
    result = []
    for one in lines:
        ident = one.order_line_id
        if ident is None or ident not in wanted:
            result.append(one)
            continue
        before, (order, line), arrived = sofar.get(ident, Claim()), wanted[ident], came.get(ident, Before())
        take = _give_back if one.net < 0 and one.quantity <= 0 else _take
        released, freed, gone = take(one.quantity, before, order, line, arrived)
        result.append(replace(one, released=released, freed=freed, gone=gone))
        sofar[ident] = before.plus(Claim(one.quantity, one.net, released, freed, gone))
    return tuple(result)


def _take(
    quantity: int, before: Claim, order: OrderFacts, line: OrderLineFacts, arrived: Before
) -> tuple[int, int, int]:
    end, held = before.quantity + quantity, arrived.cost - before.gone
    released = _accrued_up_to(line, arrived.quantity, held, end) - (before.released - before.gone)
    # A closed line has nothing committed left: it went when it was closed.
    last = not line.closed and before.quantity < line.quantity <= min(end, arrived.quantity)
    return released, _cost(line) - held if last else 0, 0


def _give_back(
    quantity: int, before: Claim, order: OrderFacts, line: OrderLineFacts, arrived: Before
) -> tuple[int, int, int]:
    end, held = before.quantity + quantity, arrived.cost - before.gone
    stands = ordered(order, line, {line.id: arrived.quantity})
    left = max(end, arrived.quantity)  # of what was accrued or invoiced
    gone = max(0, held - _value(line, left)) if left < before.quantity else 0
    opened = max(0, stands - end) - max(0, stands - before.quantity)
    owed = half_up_div(_cost(line) * opened, line.quantity) if opened and line.quantity else 0
    paid = before.released - before.gone - gone
    released = min(0, max(_accrued_up_to(line, arrived.quantity, held - gone, end) - paid, -owed))
    was = _committed(line, stands, before.quantity, arrived.quantity, held)
    return released, was - _committed(line, stands, end, arrived.quantity, held - gone), gone


def _committed(line: OrderLineFacts, stands: int, invoiced: int, came: int, held: int) -> int:
    """The øre still committed of a line of which `stands` is ordered and `held` is of what is here or invoiced.

    As ordering's `changing.committed`. A frame that is invoiced before it has all come is still bound for the rest.
    """
    settled = invoiced >= stands and (line.frame is None or came >= stands)
    return 0 if line.closed or not stands or settled else _value(line, stands) - held


def _accrued_up_to(line: OrderLineFacts, came: int, held: int, quantity: int) -> int:
    """Accrued øre of the first `quantity` (scaled) of what has come of an order line, `held` all of it."""
    return held if quantity >= came else min(held, _value(line, quantity))


def _value(line: OrderLineFacts, quantity: int) -> int:
    whole = _cost(line)
    return whole if quantity >= line.quantity else half_up_div(whole * quantity, line.quantity)


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
