"""Who bought from whom, by the numbers in the document. A name is never enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from avrop.kernel.finding import Refusal
from avrop.kernel.identifiers import BadIdentifier, clean_orgnr
from avrop.tenancy.facts import Party
from avrop.tenancy.queries import party_by_endpoint, party_by_orgnr
from avrop.ubl.documents import order as t01
from avrop.ubl.documents import parts as p


@dataclass(frozen=True, slots=True)
class Parties:
    """The two who made the purchase."""

    buyer: Party
    seller: Party


def find_parties(document: t01.Order) -> Parties:
    """Both parties, known here. Raises Refusal TAKEOVER_NO_BUYER and TAKEOVER_NO_SELLER."""
    buyer, seller = _known(document.buyer, "buyer"), _known(document.seller, "supplier")
    number = document.id.strip()[:100]
    if buyer is None:
        raise Refusal("TAKEOVER_NO_BUYER", number=number, found=_shown(document.buyer))
    if seller is None:
        raise Refusal("TAKEOVER_NO_SELLER", number=number, found=_shown(document.seller))
    return Parties(buyer, seller)


def _known(given: p.Party, kind: str) -> Party | None:
    if given.endpoint and given.endpoint.scheme:
        found = party_by_endpoint(f"{given.endpoint.scheme}:{given.endpoint.value.strip()}")
        if found is not None and found.kind == kind:
            return found
    for number in _numbers(given):
        found = party_by_orgnr(number)
        if found is not None and found.kind == kind:
            return found
    return None


def _numbers(given: p.Party) -> Iterator[str]:
    """Organisation numbers in the party: endpoint, registration, other ids, VAT number."""
    found = [one.value for one in (given.endpoint, given.legal_id, *given.ids) if one is not None]
    for text in [*found, *(one.company_id for one in given.tax)]:
        try:
            yield clean_orgnr(text)
        except BadIdentifier:
            continue


def _shown(given: p.Party) -> str:
    numbers = sorted(set(_numbers(given)))
    return " ".join(filter(None, (given.display_name[:80], *numbers))) or "–"
