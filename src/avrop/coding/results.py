"""What an import tells about itself, as plain JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from avrop.coding.importer import MOST_REJECTED, Parsed


def kroner(minor: int) -> int | str:
    """Øre as whole kroner where there are no øre, else as a text with two decimals (exact in JSON)."""
    whole, rest = divmod(abs(minor), 100)
    sign = "-" if minor < 0 else ""
    return (-whole if minor < 0 else whole) if rest == 0 else f"{sign}{whole}.{rest:02d}"


def summary(parsed: Parsed, warnings: Mapping[tuple[str, str], str], code_list: str) -> dict[str, Any]:
    """Counts, sums in kroner (costs positive, income negative), warnings by code, rejected lines."""
    count = {
        d: sum(1 for dimension, _ in parsed.codes if dimension == d) for d in ("account", "responsibility")
    }
    return {
        "lines": len(parsed.lines) or parsed.rows - len(parsed.rejected),
        "accounts": count["account"],
        "responsibilities": count["responsibility"],
        "functions": sum(1 for dimension, _ in parsed.codes if dimension == "function"),
        "projects": sum(1 for dimension, _ in parsed.codes if dimension == "project"),
        "year": parsed.year,
        "sum_positive": kroner(sum(line.amount for line in parsed.lines if line.amount > 0)),
        "sum_negative": kroner(sum(line.amount for line in parsed.lines if line.amount < 0)),
        "code_list": code_list,
        "warnings": [
            {"warning": warning, "dimension": d, "code": c, "name": parsed.codes[d, c]}
            for (d, c), warning in sorted(warnings.items())
            if warning
        ],
        "rejected": [
            {"line": one.line, "reason": one.reason, "value": one.value}
            for one in parsed.rejected[:MOST_REJECTED]
        ],
    }
