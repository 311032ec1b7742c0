"""A stand-in for a municipality's accounting system, as a process of its own.

    python -m avrop.accounting.double FOLDER [--once] [--faults lose,twice,reject:2]

FOLDER holds one folder a buyer, each with `out` (batches for us) and `in` (our answers). Plain Python: it
shares no code with what it tests. It adds up every posting itself, numbers vouchers per buyer without gaps,
keeps a ledger of what it entered, and gives the same answer when the same batch comes again.

It can be told to misbehave: `--faults`, or a file `faults.json` in FOLDER with a list. Each batch that it is about
to deal with takes the next fault of the plan; when the plan is used up it behaves.

    lose          forgets the file; only a batch that is sent again is seen
    silent        enters the batch and says nothing, until it is sent again
    late:N        does not look at the batch before the N looks after this one
    twice         answers twice, in two files
    reject:N      does not take the first N postings, with a reason
    count, sum    answers another count, another sum than it entered
    voucher       gives two postings the same voucher number in the answer (without a second posting: none)
    missing       leaves a voucher out of the answer
    unknown       answers a batch that nobody sent, besides the right answer
    garbage       answers with bytes that are no answer
    half          writes half of the answer, and the rest at the next look
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

LEDGER, PLAN = "ledger.json", "faults.json"
FAULTS = (
    *("lose", "silent", "late", "twice", "reject", "count", "sum"),
    *("voucher", "missing", "unknown", "garbage", "half"),
)


def main(arguments: list[str] | None = None) -> int:
    """Answer what waits; without --once go on until interrupted."""
    parser = argparse.ArgumentParser(prog="avrop.accounting.double", description="accounting system double")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--once", action="store_true", help="answer what waits now, then stop")
    parser.add_argument("--every", type=float, default=0.5, metavar="SECONDS")
    parser.add_argument("--faults", default="", metavar="FAULT,...", help="misbehave, see the module's text")
    options = parser.parse_args(arguments)
    plan = [one for one in options.faults.split(",") if one] or None
    wrong = [one for one in plan or () if one.partition(":")[0] not in FAULTS]
    if wrong:
        parser.error(f"no such fault: {', '.join(wrong)}")
    while True:
        for line in answer_all(options.folder, plan):
            print(line, flush=True)
        if options.once:
            return 0
        time.sleep(options.every)


def answer_all(folder: Path, plan: list[str] | None = None) -> list[str]:
    """Deal with every batch that waits; a line of text for each. `plan` is used up from the front.

    Without one, the plan is FOLDER/faults.json, and what is left of it is written back.
    """
    faults = list(_read(folder / PLAN) or []) if plan is None else plan
    before, done = len(faults), []
    for buyer in sorted(folder.iterdir()) if folder.is_dir() else []:
        for path in sorted((buyer / "out").glob("*.json")):
            if not path.name.startswith("."):
                line = answer_one(buyer, path, faults)
                if line:
                    done.append(line)
    if plan is None and len(faults) != before:
        _write(folder / PLAN, faults)
    return done


def answer_one(buyer: Path, path: Path, faults: list[str] | None = None) -> str:
    """Enter one batch in the buyer's ledger and answer it; "" when there is nothing to do, or nothing is done."""
    ledger = _fresh() | (_read(buyer / LEDGER) or {})
    ident = _read(path)["batch"]
    sent = path.stat().st_mtime_ns
    if ident in ledger["half"]:
        return _finish_half(buyer, path, ledger, ident)
    if _is_dealt_with(buyer, path.name, ledger, ident, sent):
        return ""
    if ledger["late"].get(ident):
        ledger["late"][ident] -= 1
        _write(buyer / LEDGER, ledger)
        return ""
    known = ledger["answers"].get(ident)
    again = known and ledger["seen"].get(ident) == sent  # our answer is gone: say the same once more
    fault, _, much = (faults.pop(0) if faults and not again else "").partition(":")
    if fault == "late":
        ledger["late"][ident] = int(much or 1)
        _write(buyer / LEDGER, ledger)
        return f"{buyer.name} {path.stem}: later"
    ledger["seen"][ident] = sent
    if fault == "lose":
        ledger["silent"][ident] = sent
        _write(buyer / LEDGER, ledger)
        return f"{buyer.name} {path.stem}: lost"
    known = known or _enter(_read(path), ledger, int(much or 1) if fault == "reject" else 0)
    if fault == "silent":
        ledger["silent"][ident] = sent
    if fault == "half":
        ledger["half"][ident] = True
    _write(buyer / LEDGER, ledger)  # numbers are given before they are told
    if fault != "silent":
        _tell(buyer, path, known, fault)
    return f"{buyer.name} {path.stem}: {known['count']} vouchers, {known['total']}"


def _fresh() -> dict[str, Any]:
    return {"next": 1, "answers": {}, "entries": [], "seen": {}, "silent": {}, "late": {}, "half": {}}


def _is_dealt_with(buyer: Path, name: str, ledger: dict[str, Any], ident: str, sent: int) -> bool:
    if ledger["seen"].get(ident) not in (None, sent):
        return False  # it was sent again: whoever sent it waits for an answer
    if ledger["silent"].get(ident) == sent:
        return True
    return ident in ledger["answers"] and _answered(buyer, name)


def _finish_half(buyer: Path, path: Path, ledger: dict[str, Any], ident: str) -> str:
    del ledger["half"][ident]
    known = ledger["answers"][ident]
    _write(buyer / "in" / path.name, known)
    _write(buyer / LEDGER, ledger)
    return f"{buyer.name} {path.stem}: {known['count']} vouchers, {known['total']}"


def _enter(batch: dict[str, Any], ledger: dict[str, Any], reject: int) -> dict[str, Any]:
    vouchers: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    total = Decimal(0)
    for posting in batch["postings"]:
        amounts = [Decimal(line["amount"]) for line in posting["lines"]]
        if sum(amounts) != 0:
            continue  # not balanced: not entered, and the count will tell
        if len(rejected) < reject:
            rejected.append({"posting": posting["posting"], "reason": "Perioden er stengd for denne kontoen"})
            continue
        supplier = [Decimal(line["amount"]) for line in posting["lines"] if line["kind"] == "supplier"]
        amount = -sum(supplier, Decimal(0))
        voucher = f"B{ledger['next']:06d}"
        vouchers.append({"posting": posting["posting"], "voucher": voucher})
        entry = {"posting": posting["posting"], "voucher": voucher, "amount": f"{amount:.2f}"}
        ledger["entries"].append(entry | {"invoice": posting["invoice"], "batch": batch["batch"]})
        ledger["next"] += 1
        total += amount
    answer = {"batch": batch["batch"], "count": len(vouchers), "total": f"{total:.2f}", "vouchers": vouchers}
    if rejected:
        answer["rejected"] = rejected
    ledger["answers"][batch["batch"]] = answer
    return answer


def _tell(buyer: Path, path: Path, answer: dict[str, Any], fault: str) -> None:
    target = buyer / "in" / path.name
    if fault == "garbage":
        _write_bytes(target, b"\x00\xff<answer>" + os.urandom(24))
    elif fault == "half":
        content = json.dumps(answer, sort_keys=True).encode()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content[: len(content) // 2])  # on purpose not complete before it has its name
    else:
        _write(target, _spoilt(answer, fault))
    if fault == "twice":
        _write(target.with_name(f"{path.stem}-again.json"), answer)
    if fault == "unknown":
        stray = answer | {"batch": "00000000-0000-7000-8000-000000000000"}
        _write(target.with_name(f"{path.stem}-stray.json"), stray)


def _spoilt(answer: dict[str, Any], fault: str) -> dict[str, Any]:
    vouchers = answer["vouchers"]
    if fault == "count":
        return answer | {"count": answer["count"] + 1}
    if fault == "sum":
        return answer | {"total": f"{Decimal(answer['total']) + Decimal('0.01'):.2f}"}
    if fault == "voucher" and vouchers:
        last = vouchers[0]["voucher"] if len(vouchers) > 1 else ""
        return answer | {"vouchers": [*vouchers[:-1], vouchers[-1] | {"voucher": last}]}
    if fault == "missing" and vouchers:
        return answer | {"vouchers": vouchers[:-1]}
    return answer


def _answered(buyer: Path, name: str) -> bool:
    return any((buyer / "in" / place / name).exists() for place in (".", "done", "refused"))


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def _write(path: Path, content: Any) -> None:
    _write_bytes(path, json.dumps(content, sort_keys=True).encode())


def _write_bytes(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(content)
    os.replace(part, path)


if __name__ == "__main__":
    sys.exit(main())
