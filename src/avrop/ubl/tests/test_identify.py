"""CustomizationID and ProfileID decide what a document is; the root alone never does."""

from __future__ import annotations

import pytest

from avrop.ubl.gate import admit
from avrop.ubl.identify import Identity, identify

EHF = "urn:fdc:peppol.eu:poacc:trns:order:3:extended:urn:fdc:anskaffelser.no:2019:ehf:spec:3.0"
BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


def _who(root: str, customization: str, profile: str = "") -> Identity:
    cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
    text = (
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" xmlns:c="{cbc}">'
        f"<c:CustomizationID> {customization} </c:CustomizationID>"
        f"<c:ProfileID>{profile}</c:ProfileID></{root}>"
    )
    return identify(admit(text.encode()).root)


def test_the_same_root_and_customization_are_judged_by_profile() -> None:
    ordering = _who("Order", EHF, "urn:fdc:anskaffelser.no:2019:ehf:postaward:g3:02:1.0")
    advanced = _who("Order", EHF, "urn:fdc:anskaffelser.no:2019:ehf:postaward:g3:09:1.0")
    assert ordering.rule_sets == ("EHF-ORDER-3.0",)
    assert advanced.rule_sets == ("EHF-P09-3.0-ORDER-INITIATION",)
    assert _who("Order", EHF, "something else").document_type is None


def test_extended_messages_are_not_judged_by_the_plain_rules() -> None:
    plain = "urn:fdc:peppol.eu:poacc:trns:order:3"
    assert _who("Order", plain, "urn:fdc:peppol.eu:poacc:bis:order_only:3").rule_sets == ("PEPPOLBIS-T01",)
    assert "PEPPOLBIS-T01" not in _who("Order", EHF, "urn:fdc:peppol.eu:poacc:bis:ordering:3").rule_sets


@pytest.mark.parametrize("profile", ["", "1", "Invoicing on purchase order"])
def test_en_16931_alone_is_judged_by_cen_whatever_the_profile(profile: str) -> None:
    who = _who("Invoice", "urn:cen.eu:en16931:2017", profile)
    assert (who.document_type, who.rule_sets) == ("invoice", ("CEN-EN16931-UBL",))


def test_a_billing_invoice_with_a_wrong_profile_is_still_judged_so_the_rules_can_say_so() -> None:
    assert _who("Invoice", BILLING, "nonsense").rule_sets == ("CEN-EN16931-UBL", "PEPPOL-EN16931-UBL")


def test_an_order_is_not_an_invoice_because_it_says_so() -> None:
    assert _who("Order", BILLING, "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0").document_type is None
    assert _who("Order", "nothing known").document_type is None


def test_the_peppol_identifiers_are_those_of_the_code_list() -> None:
    who = _who("Invoice", BILLING, "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
    assert who.document_type_id == (
        "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017#compliant#"
        "urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1"
    )
    assert who.process_id == "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
