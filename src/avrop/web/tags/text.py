"""Numbers, dates, states and drawings inside a line of text."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from avrop.web import format, icons

register = template.Library()
EMPTY = mark_safe("")
TONES = frozenset({"neutral", "info", "success", "warning", "danger", "accent"})


def checked(tone: str) -> str:
    """Designsystemet's colour name. A tone nobody knows is a slip in our own template: KeyError."""
    if tone and tone not in TONES:
        raise KeyError(tone)
    return tone or "neutral"


for _name in ("money", "money_kr", "money_round", "quantity", "unit_price", "percent", "orgnr", "account"):
    register.filter(_name, getattr(format, _name))


@register.filter
def day(value: date | datetime | None) -> SafeString:
    """{{ order.sent|day }} -> <time>12.11.2026</time>"""
    if not value:
        return EMPTY
    return format_html('<time datetime="{}">{}</time>', format.iso(value), format.day(value))


@register.filter
def moment(value: datetime | None) -> SafeString:
    """{{ entry.at|moment }} -> <time>12.11.2026 09:05</time>"""
    if not value:
        return EMPTY
    return format_html('<time datetime="{}">{}</time>', format.iso(value), format.moment(value))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "truck" %}; with a label only where no text stands beside it."""
    return icons.svg(name, str(label))


@register.simple_tag
def tag(label: object, tone: str = "neutral") -> SafeString:
    """A state in a word:

    {% tag _("Sent") "info" %}. Colour never carries the meaning alone: the word does.
    """
    if not label:
        return EMPTY
    return format_html('<span class="ds-tag av-tag" data-color="{}">{}</span>', checked(tone), label)


@register.simple_tag
def count(number: int | None, tone: str = "accent") -> SafeString:
    """A small number beside a heading or a link;

    Nothing for 0. The text around it must say what it counts.
    """
    if not number:
        return EMPTY
    return format_html('<span class="av-count" data-color="{}">{}</span>', checked(tone), number)
