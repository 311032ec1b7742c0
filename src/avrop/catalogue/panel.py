"""What the agreement's pages show of its catalogue. That room does not know this one: we tell it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from avrop.agreements.panels import Note
from avrop.catalogue.texts import STATES, TONES
from avrop.catalogue.versions import newest_states
from avrop.tenancy.scope import viewer


def catalogue_states(agreement_ids: Sequence[UUID]) -> dict[UUID, list[Note]]:
    """The active and the waiting version of each agreement that the viewer's organisation owns."""
    slug = viewer().slug
    return {
        agreement_id: [
            Note(
                label=_("Version %(number)s, %(lines)s items") % {"number": number, "lines": lines},
                state=str(STATES[state]),
                tone=TONES.get(state, "neutral"),
                url=reverse("catalogue:version", kwargs={"slug": slug, "version_id": ident}) if slug else "",
            )
            for ident, number, state, lines in found
        ]
        for agreement_id, found in newest_states(agreement_ids).items()
    }
