"""Tables, lists, facts, time-lines and steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from avrop.web import icons, tables
from avrop.web.lists import EXPORTS, Listing
from avrop.web.tags.page import empty
from avrop.web.tags.text import EMPTY, checked, day, moment, tag

register = template.Library()

_CURRENT = mark_safe(' aria-current="true"')
_EXPORTS = {"xlsx": "Excel", "csv": "CSV"}


@register.simple_block_tag
def table(content: str, caption: object, show_caption: bool = False, dense: bool = True) -> SafeString:
    """A data table that stacks where room is short. Write plain <thead>/<tbody>; class="num" on amounts."""
    return format_html(
        '<div class="av-table-wrap">{}<table class="ds-table av-table" role="table" data-size="{}">'
        '<caption class="{}">{}</caption>{}</table></div>',
        _orders(tables.orders(content)),
        "sm" if dense else "md",
        "" if show_caption else "ds-sr-only",
        caption,
        mark_safe(tables.stackable(content)),
    )


def _orders(links: Sequence[tuple[str, bool]], always: bool = False) -> SafeString:
    """The orders to choose from, as a list to unfold: a phone's row of headings."""
    if not links:
        return EMPTY
    return format_html(
        '<details class="av-order"{}><summary>{}{}</summary><ul>{}</ul></details>',
        mark_safe(" data-always") if always else EMPTY,
        icons.svg("sort"),
        gettext("Sort"),
        format_html_join("", "<li{}>{}</li>", ((_CURRENT if on else EMPTY, mark_safe(a)) for a, on in links)),
    )


@register.simple_tag
def th_sort(listing: Listing, key: str, label: object, num: bool = False) -> SafeString:
    """A column heading that sorts: {% th_sort rows "total" _("Total") num=True %}."""
    cls = mark_safe(' class="num"') if num else EMPTY
    if key not in listing.sortable:
        return format_html('<th scope="col"{}>{}</th>', cls, label)
    state = {key: "ascending", f"-{key}": "descending"}.get(listing.sort, "")
    return format_html(
        '<th scope="col"{}{}>{}</th>',
        cls,
        format_html(' aria-sort="{}"', state) if state else EMPTY,
        _sort_link(listing, key, label),
    )


def _sort_link(listing: Listing, key: str, label: object) -> SafeString:
    up, down = listing.sort == key, listing.sort == f"-{key}"
    return format_html(
        '<a class="av-sort" href="{}">{}{}</a>',
        listing.address(sort=f"-{key}" if up else key, page=None),
        label,
        icons.svg("sort-up" if up else "sort-down" if down else "sort"),
    )


@register.simple_tag
def sort_by(listing: Listing, *keys_and_labels: object) -> SafeString:
    """The orders of a list that is no table: {% sort_by rows "sent" _("Sent") "number" _("Number") %}."""
    pairs = zip(map(str, keys_and_labels[::2]), keys_and_labels[1::2], strict=True)
    offered = [(key, label) for key, label in pairs if key in listing.sortable]
    links = [(_sort_link(listing, key, label), listing.sort.lstrip("-") == key) for key, label in offered]
    return _orders(links, always=True)


@register.simple_block_tag
def nothing(
    content: str, listing: Listing, title: object, text: object = "", icon: str = "list"
) -> SafeString:
    """A list without rows: nothing fits the search and the filters, or there is nothing at all yet.

    {% nothing rows _("No orders yet") _("Why, and what to do next.") %}…{% endnothing %}
    """
    if not listing.narrowed:
        return empty(content, title, text, icon)
    clear = format_html('<a class="ds-link" href="?">{}</a>', gettext("Clear"))
    return empty(
        clear, gettext("Nothing was found"), gettext("Try fewer or other words, or clear."), "search"
    )


@register.inclusion_tag("web/parts/list_search.html")
def list_search(listing: Listing, label: object = "", placeholder: object = "") -> dict[str, Any]:
    """The row above a list: search words, filters, a button. A GET form, so the address can be shared."""
    return {"listing": listing, "label": label or gettext("Search"), "placeholder": placeholder}


@register.inclusion_tag("web/parts/pager.html")
def pager(listing: Listing) -> dict[str, Any]:
    """Which rows are shown, and the way to the others."""
    return {
        "listing": listing,
        "previous": listing.address(page=listing.page - 1) if listing.page > 1 else "",
        "next": listing.address(page=listing.page + 1) if listing.page < listing.pages else "",
        "numbers": [
            (number, listing.address(page=number) if number else "", number == listing.page)
            for number in listing.page_numbers()
        ],
        "exports": [(_EXPORTS[name], listing.address(export=name, page=None)) for name in EXPORTS]
        if listing.exports
        else [],
    }


@register.simple_block_tag
def facts(content: str, columns: bool = False) -> SafeString:
    """A definition list; inside it {% fact %}."""
    return format_html(
        '<dl class="av-facts{}">{}</dl>', " av-facts-columns" if columns else "", mark_safe(content)
    )


@register.simple_block_tag
def fact(content: str, label: object, num: bool = False, strong: bool = False) -> SafeString:
    """One term and its value. {% fact _("Total") num=True %}{{ total|money_kr }}{% endfact %}"""
    cls = " ".join(name for name, on in (("num", num), ("strong", strong)) if on)
    return format_html(
        "<div{}><dt>{}</dt><dd>{}</dd></div>",
        format_html(' class="{}"', cls) if cls else EMPTY,
        label,
        mark_safe(content.strip() or "–"),
    )


@register.simple_block_tag
def timeline(content: str, label: object = "") -> SafeString:
    """What happened, in order; inside it {% event %}."""
    return format_html(
        '<ol class="av-timeline" aria-label="{}">{}</ol>', label or gettext("Time-line"), mark_safe(content)
    )


@register.simple_block_tag
def event(
    content: str,
    title: object,
    when: date | datetime | None = None,
    who: object = "",
    tone: str = "neutral",
    icon: str = "check",
    state: object = "",
) -> SafeString:
    """One thing that happened: title, when, who, and whatever the content adds (checks, documents)."""
    shown = moment(when) if isinstance(when, datetime) else day(when)
    meta = [part for part in (shown, who) if part]
    return format_html(
        '<li class="av-event" data-color="{}"><span class="av-event-mark">{}</span>'
        '<div class="av-event-body"><h3 class="av-event-title">{}{}</h3>{}{}</div></li>',
        checked(tone),
        icons.svg(icon),
        title,
        format_html(" {}", tag(state, tone)) if state else EMPTY,
        format_html('<p class="av-muted">{}</p>', format_html_join(" · ", "{}", ((part,) for part in meta)))
        if meta
        else EMPTY,
        format_html('<div class="av-event-more">{}</div>', mark_safe(content)) if content.strip() else EMPTY,
    )


@register.simple_tag
def stepper(steps: Iterable[Mapping[str, Any]], label: object = "") -> SafeString:
    """Where a thing stands.

    Steps: {"label", "state": "done" | "current" | "todo" | "stopped", "note", "url"}.
    """
    words = {
        "done": gettext("done"),
        "current": gettext("here now"),
        "todo": gettext("not yet"),
        "stopped": gettext("stopped"),
    }
    items = format_html_join(
        "",
        '<li data-state="{}"{}>{}<span class="ds-sr-only"> ({})</span>{}</li>',
        (
            (
                step["state"],
                mark_safe(' aria-current="step"') if step["state"] in ("current", "stopped") else EMPTY,
                format_html('<a class="ds-link" href="{}">{}</a>', step["url"], step["label"])
                if step.get("url")
                else format_html("<span>{}</span>", step["label"]),
                words[step["state"]],
                format_html('<span class="av-muted">{}</span>', step["note"]) if step.get("note") else EMPTY,
            )
            for step in steps
        ),
    )
    return format_html('<ol class="av-steps" aria-label="{}">{}</ol>', label or gettext("Progress"), items)
