"""An order becomes a BIS Billing 3 invoice that the official rules have nothing to say about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avrop.kernel import ports
from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.portal import bills, operations, queries, rules
from avrop.portal.models import SalesInvoice, SellerProfile
from avrop.portal.tests.letters import Line, as_clerk, order_of, sent, sent_invoice, take
from avrop.portal.tests.test_rules import sales_line, sales_order
from avrop.tenancy.queries import party
from avrop.tenancy.scope import everything, viewing
from avrop.ubl import gate
from avrop.ubl.documents import invoice as invoice_xml
from avrop.ubl.documents import order as order_xml
from avrop.ubl.rulesets import Registry

MICRO = 1_000_000
MIX = (
    Line("10", "52.90"),
    Line("2", "49.90", "15", "10-5000", "Kaffi filtermalt 500 g"),
    Line("1", "2000", item=None, name="Reparasjon av kopimaskin"),
)


def _verdict(registry: Registry, raw: bytes) -> list[str]:
    """Ids of everything found by CEN's and Peppol's rules, warnings too."""
    verdict = registry.judge(gate.admit(raw).root)
    assert verdict.rule_set.startswith("CEN-EN16931-UBL") and "PEPPOL-EN16931-UBL" in verdict.rule_set
    assert verdict.valid is not None
    return [finding.id for finding in verdict.findings]


def _accepted(world, *lines: Line):
    order = take(world, order_of(world, *lines))
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="accept")
    return order


def test_two_clicks_make_a_valid_invoice_of_the_whole_order(world, registry) -> None:
    order = _accepted(world, *MIX)
    at = ports.SetClock(datetime(2026, 11, 23, 22, 30, tzinfo=UTC))
    with ports.using(clock=at), as_clerk(world):
        operations.invoice(sales_order_id=order.id)
    document = sent_invoice(world)
    assert _verdict(registry, sent(world, "invoice")) == []
    assert document.order_reference == "2026-00001"  # BT-13
    assert [line.order_line for line in document.lines] == ["1", "2", "3"]  # BT-132
    assert [line.item.sellers_id for line in document.lines] == ["40-2210", "10-5000", None]
    assert document.buyer_reference == "BER-210"
    assert document.contract_reference == "FI-2026-01"
    assert (document.issue_date, document.due_date) == (date(2026, 11, 23), date(2026, 12, 23))
    assert document.account == "86011117947"
    assert document.kid.startswith("202600001")
    assert document.seller.vat_id == f"NO{world.kontor.orgnr}MVA"
    assert [t.company_id for t in document.seller.tax if t.scheme == "TAX"] == ["Foretaksregisteret"]
    assert document.delivery.address.street == "Skulevegen 2"
    # 529.00 + 99.80 + 2000.00; 25 % of 2529.00 and 15 % of 99.80
    assert document.totals.tax_exclusive == Decimal("2628.80")
    assert document.tax_total.amount == Decimal("632.25") + Decimal("14.97")
    assert document.totals.payable == Decimal("3276.02")


def test_the_invoice_waits_in_the_outbox_for_the_buyer(world) -> None:
    order = _accepted(world)
    with as_clerk(world):
        ident = operations.invoice(sales_order_id=order.id)
        row = SalesInvoice.objects.get(id=ident)
        message = Message.objects.get(id=row.message_id)
    assert (message.state, message.document_type, message.number) == ("queued", "invoice", row.number)
    assert (message.sender, message.receiver) == (world.kontor.endpoint, world.bremnes.endpoint)
    assert message.process_id == "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
    assert message.refers_to == f"portal.SalesInvoice:{ident.hex}"


def test_parts_are_invoiced_until_nothing_is_left_and_never_more(world, registry) -> None:
    order = _accepted(world, Line("10", "3.3333"), Line("1", "10", name="Frakt", item="F"))
    with as_clerk(world):
        operations.invoice(sales_order_id=order.id, lines={"1": 4 * MICRO})
        assert queries.order(order.id).state == "accepted"
        with pytest.raises(Refusal) as refused:
            operations.invoice(sales_order_id=order.id, lines={"1": 7 * MICRO})
        assert refused.value.code == "MORE_THAN_AGREED"
        operations.invoice(sales_order_id=order.id)
        facts = queries.order(order.id)
        with pytest.raises(Refusal) as refused:
            operations.invoice(sales_order_id=order.id)
    assert refused.value.code == "NOTHING_TO_INVOICE"
    assert facts.state == "invoiced"
    assert [line.invoiced for line in facts.lines] == [10 * MICRO, MICRO]
    assert [one.number for one in facts.invoices] == [
        f"F{ports.today().year}-00001",
        f"F{ports.today().year}-00002",
    ]
    assert [line.quantity.value for line in sent_invoice(world).lines] == [Decimal(6), Decimal(1)]
    assert _verdict(registry, sent(world, "invoice")) == []


def test_only_what_the_seller_agreed_to_is_invoiced(world) -> None:
    from avrop.portal.facts import LineAnswer

    order = take(world, order_of(world, *MIX))
    with as_clerk(world):
        answers = {"1": LineAnswer(quantity=8 * MICRO), "2": LineAnswer(reject=True)}
        operations.answer(sales_order_id=order.id, decision="change", lines=answers)
        operations.invoice(sales_order_id=order.id)
    assert [(line.order_line, line.quantity.value) for line in sent_invoice(world).lines] == [
        ("1", Decimal(8)),
        ("3", Decimal(1)),
    ]


def test_a_double_click_sends_one_invoice(world) -> None:
    order = _accepted(world, Line("10", "5"))
    with as_clerk(world):
        operations.invoice(sales_order_id=order.id, lines={"1": MICRO}, after=0)
        with pytest.raises(Refusal) as refused:
            operations.invoice(sales_order_id=order.id, lines={"1": MICRO}, after=0)
        assert refused.value.code == "INVOICED_MEANWHILE"
        assert SalesInvoice.objects.count() == 1


def test_an_order_only_order_is_invoiced_without_an_answer(world, registry) -> None:
    order = take(world, order_of(world, profile=order_xml.PROFILE_ORDER_ONLY))
    with as_clerk(world):
        operations.invoice(sales_order_id=order.id)
        assert queries.order(order.id).state == "invoiced"
    assert _verdict(registry, sent(world, "invoice")) == []


def test_without_a_bank_account_there_is_no_invoice_and_no_number_is_spent(world) -> None:
    order = _accepted(world)
    with everything("the test takes the account away"):
        SellerProfile.objects.filter(seller=world.kontor).update(bank_account="")
    with as_clerk(world), pytest.raises(Refusal) as refused:
        operations.invoice(sales_order_id=order.id)
    assert refused.value.code == "BANK_ACCOUNT_MISSING"
    with everything("and gives it back"):
        SellerProfile.objects.filter(seller=world.kontor).update(bank_account="86011117947")
    with as_clerk(world):
        ident = operations.invoice(sales_order_id=order.id)
        assert SalesInvoice.objects.get(id=ident).number.endswith("-00001")


def test_a_delivery_date_ahead_is_refused(world) -> None:
    order = _accepted(world)
    with as_clerk(world), pytest.raises(Refusal) as refused:
        operations.invoice(sales_order_id=order.id, delivered_on=date(2999, 1, 1))
    assert refused.value.code == "DELIVERY_DATE_AHEAD"


def test_a_stranger_cannot_invoice_the_order(world) -> None:
    order = _accepted(world)
    with viewing(world.viewer("stein", "storhus")), pytest.raises(Refusal) as refused:
        operations.invoice(sales_order_id=order.id)
    assert refused.value.code == "SALES_ORDER_UNKNOWN"


def test_the_chain_knows_every_row_the_invoice_wrote(world) -> None:
    from avrop.journal.models import Entry
    from avrop.journal.within import row_hash
    from avrop.portal.models import SalesInvoiceLine, SalesOrder, SalesOrderLine

    order = _accepted(world, *MIX)
    with as_clerk(world):
        operations.invoice(sales_order_id=order.id)
        said = {(row[0], row[1]): row[2] for entry in Entry.objects.order_by("seq") for row in entry.rows}
        models = (SalesOrder, SalesOrderLine, SalesInvoice, SalesInvoiceLine, Message)
        for row in (row for model in models for row in model.objects.all()):
            assert said[row._meta.label, row.pk.hex] == row_hash(row)


_line = st.builds(
    lambda quantity, price, tax, unit, item, base: (quantity, price, tax, unit, item, base),
    st.integers(1, 10**10),
    st.integers(0, 10**11),
    st.sampled_from([("S", 2500), ("S", 1500), ("S", 1200), ("S", 1111), ("Z", 0), ("E", 0)]),
    st.sampled_from(["EA", "KGM", "XPK", "LTR", "HUR"]),
    st.sampled_from(["40-2210", None]),
    st.sampled_from([1, 10, 100]),
)


@given(st.lists(_line, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_mix_of_lines_makes_an_invoice_without_findings(world, registry, lines) -> None:
    facts = sales_order(
        world,
        *(
            sales_line(
                i,
                Line(item=item, unit=unit),
                quantity=quantity,
                price=price,
                vat_category=category,
                vat_rate=rate,
                base_quantity=base * MICRO,
            )
            for i, (quantity, price, (category, rate), unit, item, base) in enumerate(lines, 1)
        ),
    )
    document = bills.bill(
        facts,
        rules.draft(facts, None),
        party(world.kontor.id),
        number="F2026-00001",
        issued=date(2026, 11, 23),
        due=date(2026, 12, 23),
        delivered=date(2026, 11, 23),
        account="86011117947",
        kid=rules.kid("F2026-00001"),
    )
    assert _verdict(registry, invoice_xml.write(document)) == []
