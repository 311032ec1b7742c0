"""The desk's own index over what all stations wrote: the one thing it writes, by the worker, and can write anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class Mention(models.Model):
    """A purchase (its stream) mentions a word, a number or an amount; see `rules` for how they are written.

    `word` is bytes, so that a prefix is a range in the same order in every database. `at`: when the purchase began.
    Every purchase also has one row with `rules.EVERY` as its word: all of them, in the order they began.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = False  # derived; can be thrown away and written anew

    id = models.BigAutoField(primary_key=True)
    buyer = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    word = models.BinaryField(max_length=60)
    stream = models.CharField(max_length=80)
    at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "stream", "word"], name="mention_once")]
        # All that a search reads of a mention, so that it reads no row.
        indexes = [models.Index(fields=["buyer", "word", "at", "stream"], name="mention_found")]


class Indexed(models.Model):
    """How far in an organisation's chain the index has come."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = False

    buyer = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="+")
    seq = models.BigIntegerField(default=0)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")
