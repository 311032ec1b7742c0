"""Every table says whose rows they are; a table without a decision fails here."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, NoViewer, ScopedManager, Shared

OURS = [m for m in apps.get_models() if m.__module__.startswith("avrop.")]


def decision_problem(model: type[models.Model]) -> str:
    """What is wrong with a model's tenancy decision; empty when nothing is."""
    decision = model.__dict__.get("tenancy")
    if not isinstance(decision, By | Shared):
        return "has no tenancy decision of its own"
    if "audited" not in model.__dict__:
        return "does not say whether it is audited"
    if isinstance(decision, Shared):
        return "" if len(decision.why) > 15 else "does not say why it is shared"
    field = model._meta.get_field(decision.side)
    if not (isinstance(field, models.ForeignKey) and field.related_model is Organisation):
        return f"its side {decision.side} is not an organisation"
    return "" if isinstance(model._default_manager, ScopedManager) else "its manager is not scoped"


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_the_model_has_a_tenancy_decision(model):
    assert decision_problem(model) == ""


def test_a_model_without_a_decision_is_caught():
    class Forgotten(models.Model):
        class Meta:
            app_label = "house_test"

    assert decision_problem(Forgotten) == "has no tenancy decision of its own"


@pytest.mark.parametrize("model", [m for m in OURS if isinstance(m.tenancy, By)], ids=lambda m: m._meta.label)
def test_a_query_without_a_viewer_raises(model, db):
    with pytest.raises(NoViewer):
        model._default_manager.count()


@pytest.mark.parametrize("model", [m for m in OURS if isinstance(m.tenancy, By)], ids=lambda m: m._meta.label)
def test_a_childs_side_is_its_parents(model):
    """A row that belongs to another owned row carries the same side, so the tenant can be checked in the row."""
    side = model.tenancy.side
    for field in model._meta.concrete_fields:
        parent = field.related_model
        if parent in OURS and parent is not Organisation and isinstance(getattr(parent, "tenancy", None), By):
            assert any(f.name == side for f in model._meta.concrete_fields), field
