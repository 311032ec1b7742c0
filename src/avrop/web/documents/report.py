"""Peppol's monthly reports, described: end users (EUSR) and transactions (TSR)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from avrop.ubl import identify
from avrop.ubl.codes import name_of
from avrop.ubl.documents import reports as rp
from avrop.web.documents import parts, words
from avrop.web.documents.description import (
    Column,
    Description,
    Field,
    Row,
    Rows,
    Table,
    field,
    said,
    section,
    visible,
)
from avrop.web.format import day

_TYPE = re.compile(r"EUC|DT|PR|CC|TP|SP")  # PerDT-PR-EUC: the keys that a part is counted by


def describe(one: rp.Report, kind: str) -> Description:
    """The whole month first, then the same by kind of document, country and so on."""
    counted, columns = _counted(one)
    period = f"{day(one.start)} – {day(one.end)}"
    head = (
        field(_("Period"), period),
        field(_("Reported by"), one.reporter.value),
        *counted,
    )
    labels = (Column(_("What is counted")), *(Column(label, numeric=True) for label in columns))
    lines = Table(_("By part"), labels, Rows(one.parts, _part)) if one.parts else None
    scheme = field(_("Number of the reporter is a"), one.reporter.scheme)
    return Description(
        kind=kind,
        number=period,
        intro=visible(one.reporter.value),
        head=section(_("About the document"), head),
        lines=lines,
        rest=said(parts.technical(one.customization_id, one.profile_id, scheme)),
    )


def _counted(one: rp.Report) -> tuple[Iterable[Field], tuple[str, ...]]:
    total = one.total
    users = (_("Senders"), _("Recipients"), _("In all"))
    labels = users if isinstance(total, rp.EndUsers) else (_("In"), _("Out"))
    counts = _counts(total)
    return tuple(field(label, count) for label, count in zip(labels, counts, strict=True)), labels


def _counts(one: rp.EndUsers | rp.EndUserPart | rp.Transactions | rp.TransactionPart) -> tuple[str, ...]:
    if isinstance(one, rp.EndUsers | rp.EndUserPart):
        return (str(one.sending), str(one.receiving), str(one.either))
    return (str(one.incoming), str(one.outgoing))


def _part(one: rp.EndUserPart | rp.TransactionPart) -> Row:
    told = words.joined(_key(key) for key in one.keys)
    labels = {
        "DT": _("Document type"),
        "PR": _("Process"),
        "CC": _("Country"),
        "EUC": _("Country"),
        "TP": _("Transport"),
        "SP": _("Service provider"),
    }
    by = [labels[key] for key in _TYPE.findall(one.type) if key in labels]
    more = [field(_("Counted by"), f"{words.joined(by)} ({one.type})" if by else one.type)]
    more += [
        field(labels.get(key.meta, key.meta), f"{key.value} ({words.joined((key.meta, key.scheme))})")
        for key in one.keys
    ]
    return Row((visible(told or one.type), *_counts(one)), tuple(more))


def _key(key: rp.Key) -> str:
    """A key as a person says it; a process says nothing beside its document."""
    if key.meta == "CC":
        return words.country(key.value)
    if key.meta == "DT":
        return document(key.value)
    return "" if key.meta == "PR" else key.value


def document(identifier: str) -> str:
    """`urn:...:Invoice-2::Invoice##<customization>::2.1` by the name of what it is."""
    head, _hash, tail = identifier.partition("##")
    root, customization = head.rpartition("::")[2], tail.rpartition("::")[0]
    for known in identify.known_documents():
        if known.covers(root, customization):
            name = name_of("document_type", known.document_type, words.language())
            return name[:1].upper() + name[1:]
    return root or identifier
