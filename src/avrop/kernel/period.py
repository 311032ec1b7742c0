"""Periods of validity: from a day, up to but not on another; None is open."""

from __future__ import annotations

from datetime import date


def holds_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """True from `valid_from` up to, but not on, `valid_to`."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)
