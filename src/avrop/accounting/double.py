"""A stand-in for a municipality's accounting system, as a process of its own.

    python -m avrop.accounting.double FOLDER [--once]

FOLDER holds one folder a buyer, each with `out` (batches for us) and `in` (our answers). Plain Python: it
shares no code with what it tests. It adds up every posting itself, numbers vouchers per buyer without gaps,
remembers what it has answered, and gives the same answer when the same batch comes again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

LEDGER = "ledger.json"


def main(arguments: list[str] | None = None) -> int:
    """Answer what waits; without --once go on until interrupted."""
    parser = argparse.ArgumentParser(prog="avrop.accounting.double", description="accounting system double")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--once", action="store_true", help="answer what waits now, then stop")
    parser.add_argument("--every", type=float, default=0.5, metavar="SECONDS")
    options = parser.parse_args(arguments)
    while True:
        for line in answer_all(options.folder):
            print(line, flush=True)
        if options.once:
            return 0
        time.sleep(options.every)


def answer_all(folder: Path) -> list[str]:
    """Answer every batch without an answer; a line of text for each."""
    done = []
    for buyer in sorted(folder.iterdir()) if folder.is_dir() else []:
        for path in sorted((buyer / "out").glob("*.json")):
            if not path.name.startswith("."):
                line = answer_one(buyer, path)
                if line:
                    done.append(line)
    return done


def answer_one(buyer: Path, path: Path) -> str:
    """Enter one batch in the buyer's ledger and answer it; "" when it was answered before."""
    ledger = _read(buyer / LEDGER) or {"next": 1, "answers": {}}
    batch = _read(path)
    known = ledger["answers"].get(batch["batch"])
    if known and _answered(buyer, path.name):
        return ""
    if not known:
        known = _enter(batch, ledger)
        _write(buyer / LEDGER, ledger)  # numbers are given before they are told
    _write(buyer / "in" / path.name, known)
    return f"{buyer.name} {path.stem}: {known['count']} vouchers, {known['total']}"


def _enter(batch: dict[str, Any], ledger: dict[str, Any]) -> dict[str, Any]:
    vouchers, total = [], Decimal(0)
    for posting in batch["postings"]:
        amounts = [Decimal(line["amount"]) for line in posting["lines"]]
        if sum(amounts) != 0:
            continue  # not balanced: not entered, and the count will tell
        vouchers.append({"posting": posting["posting"], "voucher": f"B{ledger['next']:06d}"})
        ledger["next"] += 1
        total -= sum(
            (Decimal(line["amount"]) for line in posting["lines"] if line["kind"] == "supplier"), Decimal(0)
        )
    answer = {"batch": batch["batch"], "count": len(vouchers), "total": f"{total:.2f}", "vouchers": vouchers}
    ledger["answers"][batch["batch"]] = answer
    return answer


def _answered(buyer: Path, name: str) -> bool:
    return any((buyer / "in" / place / name).exists() for place in (".", "done", "refused"))


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(json.dumps(content, sort_keys=True), "utf-8")
    os.replace(part, path)


if __name__ == "__main__":
    sys.exit(main())
