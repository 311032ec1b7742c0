"""Credit notes in any number and size take back exactly what was invoiced, and the official rules accept each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avrop.kernel.money import line_amount, vat_by_rate
from avrop.kernel.ports import new_id
from avrop.portal import bills, rules
from avrop.portal.facts import BilledLine, Credit, Draft
from avrop.portal.tests.letters import Line
from avrop.portal.tests.test_invoice import _verdict
from avrop.portal.tests.test_rules import sales_line, sales_order
from avrop.tenancy.queries import party
from avrop.ubl.documents import invoice as invoice_xml

MICRO = 1_000_000

_line = st.tuples(
    st.integers(1, 10**9),
    st.integers(0, 10**10),
    st.sampled_from([("S", 2500), ("S", 1500), ("S", 1111), ("Z", 0), ("E", 0)]),
    st.sampled_from(["EA", "KGM", "XPK"]),
    st.sampled_from([1, 10, 100]),
)
# Of what is left of a line: (a quantity or an amount, how much of it in thousandths)
_part = st.tuples(st.sampled_from(("quantity", "amount", "none")), st.integers(1, 1000))


def _invoice(written: Sequence[tuple]) -> list[BilledLine]:
    result = []
    for at, (quantity, price, (category, rate), unit, base) in enumerate(written, 1):
        line = sales_line(
            at, Line(unit=unit), quantity=quantity, price=price, vat_category=category, vat_rate=rate,
            base_quantity=base * MICRO,
        )  # fmt: skip
        net = line_amount(quantity, price, base * MICRO)
        result.append(BilledLine(new_id(), at, line, quantity, price, net))
    return result


def _chosen(billed: Sequence[BilledLine], parts: Sequence[tuple[str, int]]) -> dict[int, Credit]:
    chosen = {}
    for line, (kind, share) in zip(billed, parts, strict=False):
        if kind == "quantity" and (quantity := line.quantity_left * share // 1000):
            chosen[line.position] = Credit(quantity=quantity)
        if kind == "amount" and (amount := line.net_left * share // 1000):
            chosen[line.position] = Credit(amount=amount)
    return chosen


def _after(billed: Sequence[BilledLine], draft: Draft) -> list[BilledLine]:
    by_id = {one.billed: one for one in draft.lines}
    return [
        replace(
            line,
            credited_quantity=line.credited_quantity
            + (0 if by_id[line.id].amount_only else by_id[line.id].quantity),
            credited_net=line.credited_net + by_id[line.id].net,
        )
        if line.id in by_id
        else line
        for line in billed
    ]


@given(st.lists(_line, min_size=1, max_size=4), st.lists(st.lists(_part, min_size=1, max_size=4), max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_credit_notes_together_are_the_invoice(world, registry, written, rounds) -> None:
    billed = _invoice(written)
    rates = vat_by_rate([(one.line.vat_category, one.line.vat_rate, one.net) for one in billed])
    total = sum(one.net for one in billed) + sum(vat for _, vat in rates.values())
    credited = 0
    earlier: list[dict[tuple[str, int], int]] = []
    for chosen in (*rounds, None):
        picked = None if chosen is None else _chosen(billed, chosen)
        if picked == {} or not any(line.quantity_left or line.net_left for line in billed):
            continue
        draft = rules.credit(billed, picked, earlier)
        earlier.append({rate: base for rate, (base, _) in draft.vat_by_rate.items()})
        assert all(one.net >= 0 for one in draft.lines)
        credited += draft.gross
        assert 0 <= credited <= total
        assert _verdict(registry, _document(world, draft)) == []
        billed = _after(billed, draft)
    assert credited == total
    assert not any(line.quantity_left or line.net_left for line in billed)


def _document(world, draft: Draft) -> bytes:
    return invoice_xml.write(
        bills.credit_note(
            sales_order(world),
            draft,
            party(world.kontor.id),
            number="K2026-00001",
            issued=date(2026, 11, 24),
            delivered=date(2026, 11, 23),
            credits=("F2026-00001", date(2026, 11, 23)),
            reason="Retur",
        )
    )
