"""Form fields, their errors, and buttons that post."""

from __future__ import annotations

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from avrop.web import fields, icons
from avrop.web.tags.text import EMPTY, checked

register = template.Library()


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
        '<div class="ds-alert av-alert" data-color="danger" role="alert"><h2 class="ds-heading" '
        'data-size="2xs">{}</h2><div>{}</div></div>',
        gettext("This could not be done"),
        problem,
    )


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
    """A form of one button, for what one click does.

    `about` is read aloud after the label ("order 2026-00417").
    """
    token = context.get("csrf_token")
    hidden = (
        format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token) if token else EMPTY
    )
    return format_html(
        '<form method="post" action="{}" class="av-inline">{}{}<button class="ds-button" type="submit" '
        'data-variant="{}"{}>{}{}{}</button></form>',
        url,
        hidden,
        format_html('<input type="hidden" name="{}" value="{}">', name, value) if name else EMPTY,
        variant,
        format_html(' data-color="{}"', checked(tone)) if tone else EMPTY,
        icons.svg(icon) if icon else EMPTY,
        label,
        format_html('<span class="ds-sr-only"> {}</span>', about) if about else EMPTY,
    )
