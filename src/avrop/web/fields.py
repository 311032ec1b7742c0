"""How a Django form field looks: label, hint, control, errors, tied together for assistive technology."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

EMPTY = mark_safe("")
_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def render(bound: BoundField, label: str = "", hint: str = "", hide_label: bool = False) -> SafeString:
    """The whole field as HTML."""
    if bound.is_hidden:
        return bound.as_widget()
    text = label or str(bound.label or "")
    help_text = hint or str(bound.help_text or "")
    if isinstance(bound.field.widget, _GROUPS):
        return _group(bound, text, help_text)
    box = isinstance(bound.field.widget, forms.CheckboxInput)
    control = _control(bound, bool(help_text))
    title = format_html(
        '<label class="ds-label{}" for="{}">{}{}</label>',
        " ds-sr-only" if hide_label else "",
        bound.id_for_label,
        text,
        EMPTY if box or bound.field.required or hide_label else _optional(),
    )
    about = _about(bound, help_text)
    inside = (control + title + about) if box else (title + about + control)
    return format_html('<div class="ds-field av-field">{}{}</div>', inside, _errors(bound))


def _optional() -> SafeString:
    return format_html(' <span class="av-optional">({})</span>', gettext("optional"))


def _about(bound: BoundField, text: str) -> SafeString:
    if not text:
        return EMPTY
    return format_html('<div data-field="description" id="{}-hint">{}</div>', bound.auto_id, text)


def _errors(bound: BoundField) -> SafeString:
    if not bound.errors:
        return EMPTY
    return format_html(
        '<div class="ds-validation-message" data-field="validation" id="{}-error">{}</div>',
        bound.auto_id,
        " ".join(str(error) for error in bound.errors),
    )


def _control(bound: BoundField, hint: bool) -> SafeString:
    widget = bound.field.widget
    described = [f"{bound.auto_id}-hint"] if hint else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    own = widget.attrs.get("class", "")
    attributes: dict[str, str | bool] = {"class": f"ds-input {own}".strip()}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs=attributes)


def _group(bound: BoundField, text: str, hint: str) -> SafeString:
    """Radio buttons or check boxes: a fieldset whose legend asks the question."""
    options = format_html_join(
        "",
        '<div class="ds-field">{}<label class="ds-label" for="{}">{}</label></div>',
        ((_option(part), part.id_for_label, part.choice_label) for part in bound.subwidgets),
    )
    return format_html(
        '<fieldset class="ds-fieldset av-field" id="{}"{}><legend class="ds-label">{}{}</legend>{}{}{}'
        "</fieldset>",
        bound.auto_id,
        format_html(' aria-describedby="{}-error"', bound.auto_id) if bound.errors else EMPTY,
        text,
        EMPTY if bound.field.required else _optional(),
        _about(bound, hint),
        options,
        _errors(bound),
    )


def _option(part: forms.boundfield.BoundWidget) -> SafeString:
    part.data["attrs"]["class"] = "ds-input"
    part.data["wrap_label"] = False
    return part.tag(wrap_label=False)


def error_summary(forms_: Sequence[BaseForm]) -> SafeString:
    """The list on top of the page; empty when every form is right. Also takes the forms of a formset."""
    items: list[tuple[str, str]] = []
    for form in forms_:
        if not form.is_bound:
            continue
        items += [("", str(error)) for error in form.non_field_errors()]
        for bound in form:
            target = bound.auto_id if isinstance(bound.field.widget, _GROUPS) else bound.id_for_label
            items += [(target, f"{bound.label}: {error}") for error in bound.errors]
    if not items:
        return EMPTY
    return format_html(
        '<div class="ds-error-summary av-errors" role="alert" tabindex="-1"><h2 class="ds-heading" '
        'data-size="2xs">{}</h2><ul class="ds-list">{}</ul></div>',
        gettext("Please put this right first"),
        format_html_join("", "<li>{}</li>", ((_item(target, text),) for target, text in items)),
    )


def _item(target: str, text: str) -> SafeString:
    if not target:
        return format_html("{}", text)
    return format_html('<a class="ds-link" href="#{}">{}</a>', target, text)
