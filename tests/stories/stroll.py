"""The same machine as `walk`, led by a seeded random hand that mostly does the sensible next thing.

Hypothesis finds short ways to a fault; this goes far: most purchases are ordered, and many are paid.
"""

from __future__ import annotations

import random
from typing import Any

from tests.stories.walk import ITEMS, PEOPLE, Walk

ODD = ("fee", "rounding", "account", "order", "rate", "discount", "unreferenced")
# how often each act is chosen
ACTS = {
    "deliver_one": 30, "idle": 8, "ask": 3, "take_back": 2, "change": 1, "approve": 2, "approve_all": 8,
    "send_back": 1, "answer": 6, "letter": 4, "decide": 6, "receive": 12, "bill": 5, "own_bill": 9,
    "want_otherwise": 5, "decide_own_change": 5, "end": 2, "answer_change": 6, "telephone": 1, "go_back": 4,
    "same_bill_again": 1, "judge": 5, "approve_clean": 4, "to_the_books": 3,
}  # fmt: skip


def stroll(machine: Walk, seed: int, steps: int) -> None:
    """So many acts, chosen by the seed. A failure names seed and acts."""
    dice = random.Random(seed)
    told: list[str] = []
    try:
        try:
            for _ in range(steps):
                name = dice.choices(list(ACTS), list(ACTS.values()))[0]
                if name == "same_bill_again" and not machine.bills:
                    continue
                how = _how(name, dice)
                told.append(f"{name}({', '.join(f'{k}={v!r}' for k, v in how.items())})")
                getattr(machine, name)(**how)
            told.append("the end")
        finally:
            machine.teardown()
    except Exception as error:
        error.add_note(f"seed {seed}:\n" + "\n".join(told))
        raise


def _how(name: str, dice: random.Random) -> dict[str, Any]:
    index = dice.choice((0, 0, 0, 1, 2))
    anybody = dice.choice(PEOPLE)
    boss = dice.choice(("radmann", "radmann", "radmann", anybody))
    few = dice.randint(1, 4)
    return {
        "deliver_one": lambda: {"index": dice.randint(0, 9)},
        "ask": lambda: {
            "who": dice.choice(("berit", "berit", "bjorn", "radmann")),
            "lines": [
                (dice.randrange(len(ITEMS) - 1), dice.randint(1, 6), dice.choice((0, 0, 1, 2, 3)))
                for _ in range(dice.randint(1, 3))
            ],
        },
        "take_back": lambda: {
            "index": index,
            "who": dice.choice(("berit", anybody)),
            "how": dice.choice(("withdraw", "reopen", "submit", "submit")),
        },
        "change": lambda: {"index": index, "n": few},
        "approve": lambda: {"index": index, "who": anybody},
        "send_back": lambda: {"index": index, "who": boss},
        "answer": lambda: {
            "index": index,
            "decision": dice.choice(("accept", "accept", "change", "change", "reject")),
            "line": dice.randrange(3),
            "n": few,
            "price": dice.choice((-7, 0, 1, 40)),
            "drop": dice.random() < 0.2,
        },
        "letter": lambda: {
            "index": dice.randrange(4),
            "code": dice.choice(("AB", "AP", "RE", "CA", "CA", "CA")),
            "n": few,
            "price": dice.choice((-7, 0, 1)),
        },
        "decide": lambda: {"index": index, "who": boss, "accept": dice.random() < 0.8},
        "receive": lambda: {
            "index": index,
            "who": dice.choice(("pleie", "pleie", "pleie", anybody)),  # pleie: the one who asked
            "n": dice.choice((None, None, 1, 2)),
            "line": dice.randint(1, 3),
            "why": dice.choice(("", "", "Ingen andre her")),
        },
        "want_otherwise": lambda: {
            "index": index,
            "who": dice.choice(("pleie", "pleie", boss)),
            "line": dice.randint(1, 3),
            "n": dice.choice((None, few, few, few + 4)),
            "mark": dice.random() < 0.2,
        },
        "decide_own_change": lambda: {
            "index": index,
            "who": boss,
            "how": dice.choice(("approve", "approve", "approve", "withdraw")),
        },
        "end": lambda: {
            "index": index,
            "who": dice.choice(("pleie", boss)),
            "how": dice.choice(("cancel", "close", "close")),
        },
        "answer_change": lambda: {"index": index, "decision": dice.choice(("accept", "accept", "decline"))},
        "telephone": lambda: {"index": index, "accepted": dice.random() < 0.6},
        "go_back": lambda: {
            "index": index,
            "n": dice.choice((1, 1, few)),
            "line": dice.randint(1, 3),
            "how": dice.choice(("replacement", "credit", "credit", "mistake")),
        },
        "bill": lambda: {"index": index, "n": dice.choice((None, None, 1, 2)), "line": dice.randint(1, 3)},
        "own_bill": lambda: {
            "index": index,
            "parts": dice.choice(
                (
                    None,
                    None,
                    [
                        (dice.randrange(3), few, dice.choice((0, 0, 0, 1, 30, -5)))
                        for _ in range(dice.randint(1, 3))
                    ],
                )
            ),
            "odd": dice.choice(("", "", "", "", dice.choice(ODD))),
        },
        "same_bill_again": lambda: {"index": index},
        "judge": lambda: {"index": index, "who": boss, "reject": dice.random() < 0.25},
        "approve_clean": lambda: {"who": boss},
        "to_the_books": lambda: {"answered": dice.random() < 0.7},
    }.get(name, dict)()  # type: ignore[operator]
