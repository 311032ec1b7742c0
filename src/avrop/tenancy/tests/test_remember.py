"""What is remembered of an organisation's set-up stays with that organisation, and gives way to a change."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from avrop.coding.models import BudgetControl
from avrop.coding.queries import policy
from avrop.tenancy import cache
from avrop.tenancy.scope import as_system
from avrop.tenancy.within import put


def test_each_organisation_is_told_its_own_set_up(world):
    with as_system(world.bremnes.id):
        assert policy().mode == "warn"
    with as_system(world.fjell.id):
        assert policy().mode == "block"
    with as_system(world.bremnes.id):
        assert policy().mode == "warn"


def test_what_was_read_lately_is_not_read_again(world, django_assert_num_queries):
    with as_system(world.bremnes.id):
        policy()
        with django_assert_num_queries(0):
            policy()


@pytest.mark.django_db(transaction=True)
def test_set_up_that_is_written_is_seen_at_once_where_it_was_written(world):
    with as_system(world.bremnes.id):
        assert policy().mode == "warn"
        with transaction.atomic():
            put(BudgetControl, {"buyer_id": world.bremnes.id}, {"mode": "block"})
        assert policy().mode == "block"


def test_what_a_function_refuses_is_not_remembered():
    asked = []

    def fails() -> int:
        asked.append(1)
        raise LookupError

    with as_system(uuid4()):
        for _ in range(2):
            with pytest.raises(LookupError):
                cache.remembered("x", fails)
    assert len(asked) == 2
