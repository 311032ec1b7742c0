"""The same machine as `walk`, led by a seeded random hand that mostly does the sensible next thing.

Hypothesis finds short ways to a fault; this goes far: most purchases are ordered, and many are paid.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Hand:
    """The dice, and what most acts ask of them."""

    dice: random.Random
    index: int
    anybody: str
    boss: str
    clerk: str
    keeper: str
    few: int

    @classmethod
    def of(cls, dice: random.Random) -> Hand:
        """A throw: the oldest thing mostly, and mostly the person who may."""
        index = dice.choice((0, 0, 0, 1, 2))
        anybody = dice.choice(PEOPLE)
        boss = dice.choice(("radmann", "radmann", "radmann", anybody))
        clerk = dice.choice(("fakta", "fakta", boss))
        keeper = dice.choice((*KEEPERS, *KEEPERS, anybody))
        return cls(dice, index, anybody, boss, clerk, keeper, dice.randint(1, 4))


How = dict[str, Callable[[Hand], dict[str, Any]]]  # act -> with what it is done

BUYS: How = {  # who asks, approves and receives
    "ask": lambda h: {
        "who": h.dice.choice(("berit", "berit", "bjorn", "radmann")),
        "lines": [
            (h.dice.randrange(len(ITEMS) - 1), h.dice.randint(1, 6), h.dice.choice((0, 0, 1, 2, 3)))
            for _ in range(h.dice.randint(1, 3))
        ],
    },
    "take_back": lambda h: {
        "index": h.index,
        "who": h.dice.choice(("berit", h.anybody)),
        "how": h.dice.choice(("withdraw", "reopen", "submit", "submit")),
    },
    "change": lambda h: {"index": h.index, "n": h.few},
    "approve": lambda h: {"index": h.index, "who": h.anybody},
    "send_back": lambda h: {"index": h.index, "who": h.boss},
    "decide": lambda h: {"index": h.index, "who": h.boss, "accept": h.dice.random() < 0.8},
    "receive": lambda h: {
        "index": h.index,
        "who": h.dice.choice(("pleie", "pleie", "pleie", h.anybody)),  # pleie: the one who asked
        "n": h.dice.choice((None, None, 1, 2)),
        "line": h.dice.randint(1, 3),
        "why": h.dice.choice(("", "", "Ingen andre her")),
    },
    "want_otherwise": lambda h: {
        "index": h.index,
        "who": h.dice.choice(("pleie", "pleie", h.boss)),
        "line": h.dice.randint(1, 3),
        "n": h.dice.choice((None, h.few, h.few, h.few + 4)),
        "mark": h.dice.random() < 0.2,
    },
    "decide_own_change": lambda h: {
        "index": h.index,
        "who": h.boss,
        "how": h.dice.choice(("approve", "approve", "approve", "withdraw")),
    },
    "end": lambda h: {
        "index": h.index,
        "who": h.dice.choice(("pleie", h.boss)),
        "how": h.dice.choice(("cancel", "close", "close")),
    },
    "telephone": lambda h: {"index": h.index, "accepted": h.dice.random() < 0.6},
    "go_back": lambda h: {
        "index": h.index,
        "n": h.dice.choice((1, 1, h.few)),
        "line": h.dice.randint(1, 3),
        "how": h.dice.choice(("replacement", "credit", "credit", "mistake")),
    },
}
SELLS: How = {  # the seller, here or elsewhere
    "answer": lambda h: {
        "index": h.index,
        "decision": h.dice.choice(("accept", "accept", "change", "change", "reject")),
        "line": h.dice.randrange(3),
        "n": h.few,
        "price": h.dice.choice((-7, 0, 1, 40)),
        "drop": h.dice.random() < 0.2,
    },
    "letter": lambda h: {
        "index": h.dice.randrange(4),
        "code": h.dice.choice(("AB", "AP", "RE", "CA", "CA", "CA")),
        "n": h.few,
        "price": h.dice.choice((-7, 0, 1)),
    },
    "answer_change": lambda h: {"index": h.index, "decision": h.dice.choice(("accept", "accept", "decline"))},
    "bill": lambda h: {
        "index": h.index,
        "n": h.dice.choice((None, None, 1, 2)),
        "line": h.dice.randint(1, 3),
    },
    "own_bill": lambda h: {
        "index": h.index,
        "parts": h.dice.choice(
            (
                None,
                None,
                [
                    (h.dice.randrange(3), h.few, h.dice.choice((0, 0, 0, 1, 30, -5)))
                    for _ in range(h.dice.randint(1, 3))
                ],
            )
        ),
        "odd": h.dice.choice(("", "", "", "", h.dice.choice(ODD))),
    },
    "same_bill_again": lambda h: {"index": h.index},
    "credit": lambda h: {
        "index": h.index,
        "what": h.dice.choice(("all", "goods", "goods", "price")),
        "line": h.dice.randint(1, 3),
        "n": h.few,
    },
    "own_credit": lambda h: {
        "index": h.index,
        "what": h.dice.choice(WHAT),
        "named": h.dice.choice(NAMED),
        "at": h.dice.randrange(3),
        "n": h.few,
    },
    "disguise": lambda h: {"index": h.dice.randrange(4), "how": h.dice.choice(("-", "0", " ", "same"))},
}
JUDGES: How = {  # who judges what came
    "judge": lambda h: {"index": h.index, "who": h.boss, "reject": h.dice.random() < 0.25},
    "approve_clean": lambda h: {"who": h.boss},
    "hold": lambda h: {"index": h.index, "who": h.clerk, "how": h.dice.choice(HOLDS)},
    "tell_twins": lambda h: {"index": h.index, "who": h.clerk, "how": h.dice.choice(("own", "own", "twin"))},
    "say_of_credit": lambda h: {
        "index": h.index,
        "who": h.clerk,
        "other": h.dice.randrange(3),
        "how": h.dice.choice(("choose", "choose", "both", "amount", "quantity")),
    },
}
KEEPS: How = {  # who keeps accounts and books, and the post itself
    "deliver_one": lambda h: {"index": h.dice.randint(0, 9)},
    "take_over": lambda h: {
        "n": h.dice.randint(1, 3),
        "coding": h.dice.choice(("11000-210-20200", "?", None)),
        "who": h.dice.choice(("radmann", "radmann", "berit")),
        "again": h.dice.random() < 0.3,
    },
    "give_coding": lambda h: {"index": h.index, "who": h.dice.choice(("rekna", "rekna", "berit"))},
    "say_of_account": lambda h: {"index": h.index, "who": h.keeper, "yes": h.dice.random() < 0.85},
    "tell_of_account": lambda h: {"who": h.keeper, "supplier": h.dice.choice(("kontor", "storhus"))},
    "end_account": lambda h: {
        "index": h.index,
        "who": h.keeper,
        "how": h.dice.choice(("withdraw", "limit", "open", "open")),
    },
    "release_one": lambda h: {"index": h.index, "who": h.dice.choice(("rekna", "rekna", "rekna", "fakta"))},
    "to_the_books": lambda h: {"answered": h.dice.random() < 0.7},
    "system_errs": lambda h: {"fault": h.dice.choice(FAULTS)},
    "send_again": lambda h: {"index": h.index},
    "mend": lambda h: {"index": h.index, "how": h.dice.choice(("as it is", "recode", "number"))},
    "reverse": lambda h: {"index": h.index, "how": h.dice.choice(("recode", "number"))},
}
HOW = BUYS | SELLS | JUDGES | KEEPS


def _how(name: str, dice: random.Random) -> dict[str, Any]:
    hand = Hand.of(dice)
    return HOW[name](hand) if name in HOW else {}
