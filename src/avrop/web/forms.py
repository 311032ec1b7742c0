"""Form fields for the kinds of numbers Avrop has, and a form that knows how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from avrop.kernel.money import NotANumber, parse_norwegian, to_micro, to_minor
from avrop.web import format as shown


class _ScaledField(forms.Field):
    """A number typed as Norwegians type it; cleaned to a whole number. Empty is None."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a number, for example 1234,50."),
        "min": _("The number must be at least %(least)s."),
        "max": _("The number must be at most %(most)s."),
    }

    def __init__(self, *, least: int | None = None, most: int | None = None, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("class", "av-number")

    def scale(self, text: str) -> int:
        raise NotImplementedError

    def show(self, value: int) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return self.scale(str(value))
        except NotANumber:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.least is not None and value < self.least:
            raise ValidationError(
                self.error_messages["min"], code="min", params={"least": self.show(self.least)}
            )
        if self.most is not None and value > self.most:
            raise ValidationError(
                self.error_messages["max"], code="max", params={"most": self.show(self.most)}
            )

    def prepare_value(self, value: Any) -> Any:
        return self.show(value).replace(shown.NARROW_SPACE, " ") if isinstance(value, int) else value


class MoneyField(_ScaledField):
    """An amount in kroner, cleaned to øre. `least` and `most` in øre."""

    def scale(self, text: str) -> int:
        return to_minor(parse_norwegian(text))

    def show(self, value: int) -> str:
        return shown.money(value)


class QuantityField(_ScaledField):
    """A quantity, cleaned to an integer scaled by 10^6. `least` and `most` scaled too."""

    def scale(self, text: str) -> int:
        return to_micro(parse_norwegian(text))

    def show(self, value: int) -> str:
        return shown.quantity(value)


class UnitPriceField(_ScaledField):
    """A unit price in kroner, cleaned to an integer scaled by 10^6."""

    def scale(self, text: str) -> int:
        return to_micro(parse_norwegian(text))

    def show(self, value: int) -> str:
        return shown.unit_price(value)


def choose(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    """Give a field its choices, where they are not known before the page is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField), name
    field.choices = choices


class DayField(forms.DateField):
    """A date in the browser's own picker; also takes 12.11.2026."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y")
