"""Norwegian working days. Public holidays: lov 1947-04-26 nr 1 (1 and 17 May) and lov 1995-02-24 nr 12 §2."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus/Jones/Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    week = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * week) // 433
    month = (h + week - 7 * m + 90) // 25
    return date(year, month, (h + week - 7 * m + 33 * month + 19) % 32)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """The year's public holidays."""
    easter = easter_sunday(year)
    moving = (-3, -2, 0, 1, 39, 49, 50)
    fixed = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
    return frozenset({easter + timedelta(d) for d in moving} | {date(year, m, d) for m, d in fixed})


def is_workday(day: date) -> bool:
    """True on Monday to Friday outside public holidays."""
    return day.weekday() < 5 and day not in holidays(day.year)


def add_workdays(day: date, count: int) -> date:
    """The date `count` working days after `day` (`count` >= 0)."""
    while count > 0:
        day += timedelta(1)
        count -= is_workday(day)
    return day
