"""Supplier catalogues under agreements: versions, items."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from avrop.agreements.models import Agreement
from avrop.kernel.ports import new_id
from avrop.kernel.words import haystack
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class CatalogueVersion(models.Model):
    """One imported version of an agreement's catalogue; at most one is active."""

    tenancy: ClassVar[By | Shared] = By("owner")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    state = models.CharField(max_length=12)  # loading, in_review, active, superseded, rejected
    sha256 = models.CharField(max_length=64)
    source_name = models.CharField(max_length=200, blank=True)
    lines = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    removed = models.IntegerField(default=0)
    read = models.IntegerField(default=0)  # lines in the file, rejected ones too
    rejected = models.JSONField(default=list)  # [{line, reason, value}]
    warnings = models.JSONField(default=list)  # [{code, value}]: what the contract owner should look at
    layout = models.JSONField(default=dict)  # how a price list was read; empty for a Peppol Catalogue
    compared_with = models.UUIDField(null=True)  # the version in force when it came, else nothing was
    imported_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("owner")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="version_number"),
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(state="active"), name="version_one_active"
            ),
        ]


class CatalogueItem(models.Model):
    """An item in a version. Price and base quantity are scaled by 10^6; VAT rate in basis points."""

    tenancy: ClassVar[By | Shared] = Shared(
        "seen through catalogue.queries only, which asks agreements who may call off"
    )
    audited: ClassVar[bool] = False  # a version's content hash is in its entry

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="items")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    seller_item_id = models.CharField(max_length=60)
    gtin = models.CharField(max_length=14, blank=True)
    name = models.CharField(max_length=300)  # nynorsk or as the supplier wrote it
    name_nb = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    keywords = models.TextField(blank=True)
    category = models.CharField(max_length=40, blank=True)  # UNSPSC or CPV code as sent
    category_name = models.CharField(max_length=120, blank=True)
    category_nb = models.CharField(max_length=120, blank=True)
    category_en = models.CharField(max_length=120, blank=True)
    picture = models.CharField(max_length=200, blank=True)
    unit_code = models.CharField(max_length=3)
    price = models.BigIntegerField()
    base_quantity = models.BigIntegerField(default=1_000_000)
    currency = models.CharField(max_length=3, default="NOK")
    vat_category = models.CharField(max_length=2, default="S")
    vat_rate = models.IntegerField(default=2500)
    min_quantity = models.BigIntegerField(default=0)
    multiple = models.BigIntegerField(default=0)
    search_names = models.TextField(blank=True)  # folded words of the names, see kernel.words
    search_words = models.TextField(blank=True)  # of names, keywords, description and item id

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "seller_item_id"], name="item_once")]
        indexes = [
            # A version's items by name, all of them or of one category: the catalogue before anything is searched for.
            models.Index(fields=["version", "name", "seller_item_id", "id"], name="item_by_name"),
            models.Index(
                fields=["version", "category", "name", "seller_item_id", "id"], name="item_by_category"
            ),
        ]

    def fold(self) -> None:
        """Fill the two searched columns from the others. `bulk_create` does not call `save`: call this."""
        names = (self.name, self.name_nb, self.name_en)
        self.search_names = haystack(*names)
        self.search_words = haystack(
            *names,
            self.keywords,
            self.description,
            self.seller_item_id,
            self.gtin,
            self.category,
            self.category_name,
            self.category_nb,
            self.category_en,
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what is searched in step with what is shown."""
        self.fold()
        super().save(*args, **kwargs)


class CatalogueCount(models.Model):
    """How many items of a version in force are in a category: what the facets show before a search."""

    tenancy: ClassVar[By | Shared] = Shared(
        "seen through catalogue.queries only, which asks agreements who may call off"
    )
    audited: ClassVar[bool] = False  # follows from the version's items

    version = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="counts")
    category = models.CharField(max_length=40, blank=True)
    category_name = models.CharField(max_length=120, blank=True)
    category_nb = models.CharField(max_length=120, blank=True)
    category_en = models.CharField(max_length=120, blank=True)
    count = models.IntegerField()


class CatalogueChange(models.Model):
    """What a version does to one item of the version it was compared with. Prices and bases scaled by 10^6.

    `percent` is the change of the unit price in basis points; None where it cannot be said (another unit).
    """

    tenancy: ClassVar[By | Shared] = By("owner")
    audited: ClassVar[bool] = False  # follows from the two versions' items; a return is an entry of its own

    ADDED, CHANGED, REMOVED = "added", "changed", "removed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=7)
    seller_item_id = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    name_before = models.CharField(max_length=300, blank=True)  # where it was another
    price_before = models.BigIntegerField(null=True)
    price_after = models.BigIntegerField(null=True)
    base_before = models.BigIntegerField(null=True)
    base_after = models.BigIntegerField(null=True)
    unit_before = models.CharField(max_length=3, blank=True)
    unit_after = models.CharField(max_length=3, blank=True)
    vat_before = models.IntegerField(null=True)
    vat_after = models.IntegerField(null=True)
    percent = models.IntegerField(null=True)
    texts = models.BooleanField(default=False)  # names, description, words, category or picture
    unit = models.BooleanField(default=False)
    vat = models.BooleanField(default=False)
    quantities = models.BooleanField(default=False)  # smallest quantity or step
    returned = models.BooleanField(default=False)  # the contract owner has sent it back
    reason = models.TextField(blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("owner")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "seller_item_id"], name="change_once")]
        indexes = [models.Index(fields=["version", "kind"], name="change_kind")]


class PriceList(models.Model):
    """An uploaded price list until it is a version: its layout is looked at and corrected by a person."""

    tenancy: ClassVar[By | Shared] = By("owner")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    source_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=4)  # xlsx, csv
    rows = models.IntegerField()  # rows with content, headings too
    sample = models.JSONField(default=list)  # the first rows: [number, [cells]]
    layout = models.JSONField(default=dict)
    state = models.CharField(max_length=8)  # open, reading, done, failed
    reason = models.CharField(max_length=60, blank=True)
    version = models.ForeignKey(CatalogueVersion, models.PROTECT, null=True, related_name="+")
    uploaded_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("owner")


class PriceListLayout(models.Model):
    """How one supplier's price lists are laid out, as it was last confirmed by somebody at the owner."""

    tenancy: ClassVar[By | Shared] = By("owner")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    layout = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("owner")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "supplier"], name="layout_once")]
