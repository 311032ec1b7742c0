"""The same machine as `walk`, led by a seeded random hand that mostly does the sensible next thing.

Hypothesis finds short ways to a fault; this goes far: most purchases are ordered, and many are paid.
"""

from __future__ import annotations

import random
from typing import Any

from tests.stories.walk import ITEMS, PEOPLE, Walk
from tests.stories.walk.base import KEEPERS
from tests.stories.walk.books import FAULTS
from tests.stories.walk.clerk import HOLDS
from tests.stories.walk.credits import NAMED, WHAT

ODD = ("fee", "rounding", "account", "order", "rate", "discount", "unreferenced")
# how often each act is chosen
ACTS = {
    "deliver_one": 30, "idle": 8, "ask": 3, "take_back": 2, "change": 1, "approve": 2, "approve_all": 8,
    "send_back": 1, "answer": 6, "letter": 4, "decide": 6, "receive": 12, "bill": 5, "own_bill": 9,
    "want_otherwise": 5, "decide_own_change": 5, "end": 2, "answer_change": 6, "telephone": 1, "go_back": 4,
    "same_bill_again": 1, "judge": 6, "approve_clean": 4, "to_the_books": 3,
    "credit": 4, "own_credit": 6, "disguise": 2, "hold": 4, "tell_twins": 2, "say_of_credit": 4,
    "take_over": 1, "give_coding": 1, "say_of_account": 4, "tell_of_account": 1, "end_account": 1,
    "release_one": 2, "system_errs": 3, "send_again": 1, "days_pass": 1, "mend": 2, "reverse": 2,
}  # fmt: skip


def stroll(machine: Walk, seed: int, steps: int) -> None:
    """So many acts, chosen by the seed. A failure names seed and acts."""
    dice = random.Random(seed)
    told: list[str] = []
    try:
        try:
            for _ in range(steps):
                name = dice.choices(list(ACTS), list(ACTS.values()))[0]
                if name in ("same_bill_again", "disguise") and not machine.bills:
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
    clerk = dice.choice(("fakta", "fakta", boss))
    keeper = dice.choice((*KEEPERS, *KEEPERS, anybody))
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
        "credit": lambda: {
            "index": index,
            "what": dice.choice(("all", "goods", "goods", "price")),
            "line": dice.randint(1, 3),
            "n": few,
        },
        "own_credit": lambda: {
            "index": index,
            "what": dice.choice(WHAT),
            "named": dice.choice(NAMED),
            "at": dice.randrange(3),
            "n": few,
        },
        "disguise": lambda: {"index": dice.randrange(4), "how": dice.choice(("-", "0", " ", "same"))},
        "hold": lambda: {"index": index, "who": clerk, "how": dice.choice(HOLDS)},
        "tell_twins": lambda: {"index": index, "who": clerk, "how": dice.choice(("own", "own", "twin"))},
        "say_of_credit": lambda: {
            "index": index,
            "who": clerk,
            "other": dice.randrange(3),
            "how": dice.choice(("choose", "choose", "both", "amount", "quantity")),
        },
        "take_over": lambda: {
            "n": dice.randint(1, 3),
            "coding": dice.choice(("11000-210-20200", "?", None)),
            "who": dice.choice(("radmann", "radmann", "berit")),
            "again": dice.random() < 0.3,
        },
        "give_coding": lambda: {"index": index, "who": dice.choice(("rekna", "rekna", "berit"))},
        "say_of_account": lambda: {"index": index, "who": keeper, "yes": dice.random() < 0.85},
        "tell_of_account": lambda: {"who": keeper, "supplier": dice.choice(("kontor", "storhus"))},
        "end_account": lambda: {
            "index": index,
            "who": keeper,
            "how": dice.choice(("withdraw", "limit", "open", "open")),
        },
        "release_one": lambda: {"index": index, "who": dice.choice(("rekna", "rekna", "rekna", "fakta"))},
        "system_errs": lambda: {"fault": dice.choice(FAULTS)},
        "send_again": lambda: {"index": index},
        "mend": lambda: {"index": index, "how": dice.choice(("as it is", "recode", "number"))},
        "reverse": lambda: {"index": index, "how": dice.choice(("recode", "number"))},
    }.get(name, dict)()
