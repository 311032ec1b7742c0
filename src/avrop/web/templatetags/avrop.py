"""The components of a page. README.md of this room shows each with an example to copy.

Filters write numbers as Norwegians do; the rest are the few parts of a page on top of Designsystemet's classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext

from avrop.web import fields, format, icons, tables
from avrop.web.lists import Listing

register = template.Library()

TONES = {
    "neutral": "neutral",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "danger": "danger",
    "accent": "accent",
}
EMPTY = mark_safe("")

for _name in ("money", "money_kr", "money_round", "quantity", "unit_price", "percent", "orgnr", "account"):
    register.filter(_name, getattr(format, _name))


def _tone(tone: str) -> str:
    """Designsystemet's colour name. A tone nobody knows is a slip in our own template: KeyError."""
    return TONES[tone or "neutral"]


# --- text ---------------------------------------------------------------------------------------------------


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
    """A state in a word: {% tag _("Sent") "info" %}. Colour never carries the meaning alone: the word does."""
    if not label:
        return EMPTY
    return format_html('<span class="ds-tag av-tag" data-color="{}">{}</span>', _tone(tone), label)


@register.simple_tag
def count(number: int | None, tone: str = "accent") -> SafeString:
    """A small number beside a heading or a link; nothing for 0. The text around it must say what it counts."""
    if not number:
        return EMPTY
    return format_html('<span class="av-count" data-color="{}">{}</span>', _tone(tone), number)


# --- the page ------------------------------------------------------------------------------------------------


@register.simple_block_tag
def heading(
    content: str, title: object, state: object = "", tone: str = "neutral", intro: object = "", over: object = ""
) -> SafeString:
    """The page's h1, its state, one line of introduction; the content is the buttons to the right."""
    return format_html(
        '<header class="av-heading"><div class="av-heading-text">{}<h1 class="ds-heading" data-size="md">{}</h1>{}'
        "{}</div>{}</header>",
        format_html('<p class="av-over">{}</p>', over) if over else EMPTY,
        title,
        tag(state, tone) if state else EMPTY,
        format_html('<p class="av-intro">{}</p>', intro) if intro else EMPTY,
        format_html('<div class="av-actions">{}</div>', mark_safe(content)) if content.strip() else EMPTY,
    )


@register.simple_tag
def crumbs(*parts: object) -> SafeString:
    """{% crumbs _("Orders") list_url order.number %}: text and address by turns; the last is the page itself."""
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
        format_html(' data-color="{}"', _tone(tone)) if tone else EMPTY,
        format_html(' aria-label="{}"', title) if title else EMPTY,
        format_html('<h2 class="ds-heading" data-size="2xs">{}{}</h2>', title, _beside(count)) if title else EMPTY,
        mark_safe(content),
    )


def _beside(number: int | None) -> SafeString:
    return format_html(' <span class="av-muted">({})</span>', number) if number is not None else EMPTY


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: object = "") -> SafeString:
    """A message on the page. {% alert "warning" _("The supplier changed a line") %}...{% endalert %}"""
    return format_html(
        '<div class="ds-alert av-alert" data-color="{}"{}>{}<div>{}</div></div>',
        _tone(tone),
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
def key_figure(label: object, value: object, url: str = "", note: object = "", tone: str = "neutral") -> SafeString:
    """One number on a first page. With an address the whole box leads to the documents behind it."""
    inside = format_html(
        '<span class="av-figure-label">{}</span><span class="av-figure-value">{}</span>{}',
        label,
        value,
        format_html('<span class="av-figure-note">{}</span>', note) if note else EMPTY,
    )
    if url:
        return format_html('<a class="av-figure" data-color="{}" href="{}">{}</a>', _tone(tone), url, inside)
    return format_html('<div class="av-figure" data-color="{}">{}</div>', _tone(tone), inside)


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    url: str,
    label: object,
    variant: str = "secondary",
    icon: str = "",
    tone: str = "",
    name: str = "",
    value: object = "",
    about: object = "",
) -> SafeString:
    """A form of one button, for what one click does. `about` is read aloud after the label ("order 2026-00417")."""
    token = context.get("csrf_token")
    hidden = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token) if token else EMPTY
    return format_html(
        '<form method="post" action="{}" class="av-inline">{}{}<button class="ds-button" type="submit" '
        'data-variant="{}"{}>{}{}{}</button></form>',
        url,
        hidden,
        format_html('<input type="hidden" name="{}" value="{}">', name, value) if name else EMPTY,
        variant,
        format_html(' data-color="{}"', _tone(tone)) if tone else EMPTY,
        icons.svg(icon) if icon else EMPTY,
        label,
        format_html('<span class="ds-sr-only"> {}</span>', about) if about else EMPTY,
    )


# --- tables, facts, time-line, steps -------------------------------------------------------------------------


@register.simple_block_tag
def table(content: str, caption: object, show_caption: bool = False, dense: bool = True) -> SafeString:
    """A data table that stacks under 600 px. Write plain <thead>/<tbody>; class="num" on amounts."""
    return format_html(
        '<div class="av-table-wrap"><table class="ds-table av-table" role="table" data-size="{}">'
        '<caption class="{}">{}</caption>{}</table></div>',
        "sm" if dense else "md",
        "" if show_caption else "ds-sr-only",
        caption,
        mark_safe(tables.stackable(content)),
    )


@register.simple_tag
def th_sort(listing: Listing, key: str, label: object, num: bool = False) -> SafeString:
    """A column heading that sorts: {% th_sort rows "total" _("Total") num=True %}."""
    cls = mark_safe(' class="num"') if num else EMPTY
    if key not in listing.sortable:
        return format_html('<th scope="col"{}>{}</th>', cls, label)
    up, down = listing.sort == key, listing.sort == f"-{key}"
    state = "ascending" if up else "descending" if down else ""
    drawing = icons.svg("sort-up" if up else "sort-down" if down else "sort")
    return format_html(
        '<th scope="col"{}{}><a class="av-sort" href="{}">{}{}</a></th>',
        cls,
        format_html(' aria-sort="{}"', state) if state else EMPTY,
        listing.address(sort=f"-{key}" if up else key, page=None),
        label,
        drawing,
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
    }


@register.simple_block_tag
def facts(content: str, columns: bool = False) -> SafeString:
    """A definition list; inside it {% fact %}."""
    return format_html('<dl class="av-facts{}">{}</dl>', " av-facts-columns" if columns else "", mark_safe(content))


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
    shown = day(when) if when and not isinstance(when, datetime) else moment(when)
    meta = [part for part in (shown, who) if part]
    return format_html(
        '<li class="av-event" data-color="{}"><span class="av-event-mark">{}</span><div class="av-event-body">'
        '<h3 class="av-event-title">{}{}</h3>{}{}</div></li>',
        _tone(tone),
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
    """Where a thing stands. Steps: {"label", "state": "done" | "current" | "todo" | "stopped", "note", "url"}."""
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
    return format_html('<nav class="av-tabs" aria-label="{}"><ul>{}</ul></nav>', label or gettext("Parts"), links)


# --- forms -----------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, label: object = "", hint: object = "", hide_label: bool = False) -> SafeString:
    """One form field with label, hint and errors: {% field form.quantity %}."""
    return fields.render(bound, str(label), str(hint), hide_label)


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """All fields of a form, hidden ones included."""
    return mark_safe("".join(fields.render(bound) for bound in form))


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """All that is wrong with the form, each a link to its field; nothing when nothing is wrong."""
    return fields.error_summary([form])


@register.simple_tag
def refusal(problem: object) -> SafeString:
    """Why the operation said no, and what to do: the text of a Refusal or Denied."""
    if not problem:
        return EMPTY
    return format_html(
        '<div class="ds-alert av-alert" data-color="danger" role="alert"><h2 class="ds-heading" data-size="2xs">{}'
        "</h2><div>{}</div></div>",
        gettext("This could not be done"),
        problem,
    )


@register.filter
def anchor(text: object) -> str:
    """A text as an id."""
    return slugify(str(text))
