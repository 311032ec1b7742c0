from __future__ import annotations

from datetime import date

from avrop.demo.stories import Purchase


def purchases(seed: int, today: date) -> list[Purchase]:
    return []
