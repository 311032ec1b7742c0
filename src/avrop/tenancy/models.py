"""Organisations, their units and people; roles and mandates; number series."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy import cache
from avrop.tenancy.scope import By, ScopedManager, Shared


class Kind(models.TextChoices):
    """What an organisation is here for."""

    BUYER = "buyer"
    COOPERATION = "cooperation"
    SUPPLIER = "supplier"
    PLATFORM = "platform"


class Organisation(models.Model):
    """A legal entity. `endpoint` is its participant id (`0192:` + organisation number)."""

    tenancy: ClassVar[By | Shared] = Shared("the directory of parties; what they own is scoped")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    orgnr = models.CharField(max_length=9, unique=True)
    endpoint = models.CharField(max_length=60, unique=True)
    language = models.CharField(max_length=2, default="nn")
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    postal_zone = models.CharField(max_length=10, blank=True)
    email = models.CharField(max_length=200, blank=True)
    vat_registered = models.BooleanField(default=True)
    cooperation = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="members")

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and forget what was remembered of parties."""
        super().save(*args, **kwargs)
        cache.clear()


class Unit(models.Model):
    """A place in a buyer's organisation; the tree is by `parent`. `path` is '/'-joined ids from the root."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="units")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)  # school, nursery, care_home, town_hall, technical, municipality
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.TextField(default="")
    responsibility = models.CharField(max_length=20, blank=True)
    function = models.CharField(max_length=20, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "code"], name="unit_code")]

    def __str__(self) -> str:
        return self.name


class DeliveryAddress(models.Model):
    """Where goods for a unit go. `marking` is what the parcel is marked with."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="addresses")
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=200)
    postal_zone = models.CharField(max_length=10)
    city = models.CharField(max_length=100)
    marking = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")


class PersonManager(BaseUserManager["Person"]):
    """People by login; passwords are set with `set_password`."""


class Person(AbstractBaseUser):
    """Somebody who logs in. No national identity number is ever kept."""

    tenancy: ClassVar[By | Shared] = Shared("an identity; listed only through the scoped RoleAssignment")
    audited: ClassVar[bool] = False  # last_login changes without a decision behind it

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, default="nn")
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)  # has a published demo password: no place for real work

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleAssignment(models.Model):
    """A person's role in an organisation, for a unit and all below it (unit None: everywhere in it)."""

    tenancy: ClassVar[By | Shared] = By("organisation")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # exclusive

    objects: ClassVar[ScopedManager] = ScopedManager("organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "role", "unit"],
                name="role_once",
                nulls_distinct=False,
            )
        ]


class Mandate(models.Model):
    """How much a person may approve per order, in øre including VAT, for a unit and all below it."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="mandates")
    max_amount = models.BigIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # exclusive

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "person", "unit"], name="mandate_once"),
            models.CheckConstraint(condition=models.Q(max_amount__gte=0), name="mandate_not_negative"),
        ]


class NumberSeries(models.Model):
    """The next human number of a kind of document in a year, given inside the issuing transaction."""

    tenancy: ClassVar[By | Shared] = By("organisation")
    audited: ClassVar[bool] = False

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    year = models.IntegerField()
    next = models.IntegerField(default=1)

    objects: ClassVar[ScopedManager] = ScopedManager("organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "year"], name="series_once")]
