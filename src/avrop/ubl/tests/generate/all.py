"""Every kind of document, by name."""

from __future__ import annotations

from avrop.ubl.tests.generate import answers, billing, goods, ordering, statistics
from avrop.ubl.tests.generate.maker import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (*ordering.KINDS, *goods.KINDS, *billing.KINDS, *answers.KINDS, *statistics.KINDS)
}
