"""A bill that does not add up, from the office supplier to Bremnes."""

from __future__ import annotations

import pytest

from avrop.messaging.tests.bills import bill_that_does_not_add_up


@pytest.fixture
def wrong_invoice(world) -> bytes:
    """Payable is not what the sums give (BR-CO-16)."""
    return bill_that_does_not_add_up(world)
