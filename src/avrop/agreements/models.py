"""Framework agreements: who owns them, who may call off, for how long, at whose risk."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation, Person
from avrop.tenancy.scope import By, ScopedManager, Shared, Viewer


class AgreementManager(ScopedManager):
    """The owner sees its agreements; a participant those it takes part in: that is the explicit grant."""

    def visible(self, who: Viewer) -> Q:
        granted = AgreementParticipant._base_manager.filter(
            agreement_id=OuterRef("pk"), buyer_id=who.organisation_id
        )
        return super().visible(who) | Q(Exists(granted))


class Agreement(models.Model):
    """A framework agreement with one supplier. `valid_to` is exclusive."""

    tenancy: ClassVar[By | Shared] = By("owner")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    ref = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    name_nb = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contract_owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, default="active")  # draft active terminated
    valid_from = models.DateField()
    valid_to = models.DateField()
    delivery_mode = models.CharField(max_length=10, default="parcel")  # parcel pallet lorry digital
    excluded_unit_kinds = models.JSONField(default=list)
    agreed_charges = models.JSONField(default=dict)  # UNCL7161 code -> most øre per invoice
    currency = models.CharField(max_length=3, default="NOK")

    objects: ClassVar[Any] = AgreementManager("owner")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "ref"], name="agreement_ref")]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"


class ParticipantManager(ScopedManager):
    """The owner sees all participants, a participant itself."""

    def visible(self, who: Viewer) -> Q:
        return super().visible(who) | Q(agreement__owner_id=who.organisation_id)


class AgreementParticipant(models.Model):
    """A legal entity that may call off (FOA §26-1(3): only those identified). `valid_to` is exclusive."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="participants")
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = ParticipantManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "buyer"], name="participant_once")]
