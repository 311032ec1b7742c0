"""Headings, boxes, messages, key figures and tabs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from avrop.web import icons
from avrop.web.tags.text import EMPTY, checked, count, tag

register = template.Library()


@register.simple_block_tag
def heading(
    content: str,
    title: object,
    state: object = "",
    tone: str = "neutral",
    intro: object = "",
    over: object = "",
) -> SafeString:
    """The page's h1, its state, one line of introduction; the content is the buttons to the right."""
    return format_html(
        '<header class="av-heading"><div class="av-heading-text">{}'
        '<h1 class="ds-heading" data-size="md">{}</h1>{}{}</div>{}</header>',
        format_html('<p class="av-over">{}</p>', over) if over else EMPTY,
        title,
        tag(state, tone) if state else EMPTY,
        format_html('<p class="av-intro">{}</p>', intro) if intro else EMPTY,
        format_html('<div class="av-actions">{}</div>', mark_safe(content)) if content.strip() else EMPTY,
    )


@register.simple_tag
def crumbs(*parts: object) -> SafeString:
    """{% crumbs _("Orders") list_url order.number %}:

    Text and address by turns; the last is the page itself.
    """
    items = []
    for at in range(0, len(parts) - 1, 2):
        items.append(format_html('<li><a class="ds-link" href="{}">{}</a></li>', parts[at + 1], parts[at]))
    if len(parts) % 2:
        items.append(format_html('<li><span aria-current="page">{}</span></li>', parts[-1]))
    return format_html(
        '<nav class="av-crumbs" aria-label="{}"><ol>{}</ol></nav>',
        gettext("You are here"),
        mark_safe("".join(items)),
    )


@register.simple_block_tag
def card(content: str, title: object = "", count: int | None = None, tone: str = "") -> SafeString:
    """A white box with an h2. Cards are for what belongs together, not for decoration."""
    return format_html(
        '<section class="av-card"{}{}>{}{}</section>',
        format_html(' data-color="{}"', checked(tone)) if tone else EMPTY,
        format_html(' aria-label="{}"', title) if title else EMPTY,
        format_html('<h2 class="ds-heading" data-size="2xs">{}{}</h2>', title, _beside(count))
        if title
        else EMPTY,
        mark_safe(content),
    )


def _beside(number: int | None) -> SafeString:
    return format_html(' <span class="av-muted">({})</span>', number) if number is not None else EMPTY


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: object = "") -> SafeString:
    """A message on the page. {% alert "warning" _("The supplier changed a line") %}...{% endalert %}"""
    return format_html(
        '<div class="ds-alert av-alert" data-color="{}"{}>{}<div>{}</div></div>',
        checked(tone),
        mark_safe(' role="alert"') if tone == "danger" else EMPTY,
        format_html('<h2 class="ds-heading" data-size="2xs">{}</h2>', title) if title else EMPTY,
        mark_safe(content),
    )


@register.simple_block_tag
def empty(content: str, title: object, text: object = "", icon: str = "list") -> SafeString:
    """Where nothing is: say so, say why, and offer the next step as content."""
    return format_html(
        '<div class="av-empty">{}<p class="av-empty-title">{}</p>{}{}</div>',
        icons.svg(icon),
        title,
        format_html("<p>{}</p>", text) if text else EMPTY,
        format_html('<div class="av-actions">{}</div>', mark_safe(content)) if content.strip() else EMPTY,
    )


@register.simple_block_tag
def details(content: str, title: object, open: bool = False) -> SafeString:
    """Something to unfold; works without script."""
    return format_html(
        '<details class="ds-details av-details"{}><summary>{}</summary><div>{}</div></details>',
        mark_safe(" open") if open else EMPTY,
        title,
        mark_safe(content),
    )


@register.simple_tag
def key_figure(
    label: object, value: object, url: str = "", note: object = "", tone: str = "neutral"
) -> SafeString:
    """One number on a first page. With an address the whole box leads to the documents behind it."""
    inside = format_html(
        '<span class="av-figure-label">{}</span><span class="av-figure-value">{}</span>{}',
        label,
        value,
        format_html('<span class="av-figure-note">{}</span>', note) if note else EMPTY,
    )
    if url:
        return format_html(
            '<a class="av-figure" data-color="{}" href="{}">{}</a>', checked(tone), url, inside
        )
    return format_html('<div class="av-figure" data-color="{}">{}</div>', checked(tone), inside)


@register.simple_tag
def tabs(items: Iterable[Mapping[str, Any]], label: object = "") -> SafeString:
    """Links between sister pages: {"label", "url", "active", "count"}."""
    links = format_html_join(
        "",
        '<li><a href="{}"{}>{}{}</a></li>',
        (
            (
                item["url"],
                mark_safe(' aria-current="page"') if item.get("active") else EMPTY,
                item["label"],
                format_html(" {}", count(item.get("count"))) if item.get("count") else EMPTY,
            )
            for item in items
        ),
    )
    return format_html(
        '<nav class="av-tabs" aria-label="{}"><ul>{}</ul></nav>', label or gettext("Parts"), links
    )
