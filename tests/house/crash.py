"""Kills a purchase with SIGKILL at every named point and finishes it in a fresh process: run by test_crash.py.

    python -m tests.house.crash FOLDER EVERY

A process of its own that loads Django once and forks: one child plays and is killed at the point, the next one
starts as an installation does and finishes. EVERY 1 tries every point, EVERY 7 each seventh. Prints a line of JSON
per point. No official rules are installed here (their engine does not survive a fork); what they would say is
tested elsewhere.

A point is `ROLE: what (n)`, the n-th time that the role passes it. Roles: web (what a person's click does), worker,
double (the accounting system). What: the house's own named points, and each file that is opened to write or renamed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.house import installed

NEED = "paper before Christmas"
TIMES = 3  # of one point in one role; what comes again and again is tried three times

from avrop.accounting import double, jobs
from avrop.journal import audit, worker
from avrop.kernel import points, ports
from tests.robot import Robot


class Later:
    """The machine's clock, two minutes on: every lease of a killed worker has run out."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=2)


class Play:
    """The purchase, telling `passed` of every point."""

    def __init__(self, passed: Callable[[str], None]) -> None:
        self.passed, self.role = passed, "web"
        self.seen: Counter[str] = Counter()
        self.folder = str(installed.FOLDER)

    @contextmanager
    def as_role(self, role: str) -> Any:
        before, self.role = self.role, role
        try:
            yield
        finally:
            self.role = before

    def point(self, what: str) -> None:
        name = f"{self.role}: {what}"
        self.seen[name] += 1
        if self.seen[name] <= TIMES:
            self.passed(f"{name} ({self.seen[name]})")

    def file_event(self, event: str, given: tuple[Any, ...]) -> None:
        """Python's audit events for files (library reference, "Audit events table")."""
        if event == "open" and isinstance(given[0], str) and isinstance(given[1], str) and given[1] != "r":
            self._file("write", given[0])
        elif event == "os.rename":
            self._file("rename to", os.fspath(given[1]))

    def _file(self, what: str, path: str) -> None:
        if path.startswith(self.folder):
            folders = [f for f in Path(path).relative_to(self.folder).parts[1:-1] if len(f) > 2]
            suffix = "part" if Path(path).name.startswith(".") else Path(path).suffix
            self.point(f"{what} {'/'.join(folders)}/{suffix}")

    def run(self) -> None:
        points.listen(self.point)
        sys.addaudithook(self.file_event)

        def work() -> None:
            with self.as_role("worker"):
                worker.run_until_idle()

        double.answer_all = self._acting("double", double.answer_all)
        jobs.read_answers = self._acting("worker", jobs.read_answers)  # the idle worker's errand
        Robot(NEED, work=work).run()

    def _acting(self, role: str, what: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            with self.as_role(role):
                return what(*given)

        return run


def passed() -> str:
    """Play undisturbed; every point in the order in which it is passed."""
    names: list[str] = []
    Play(names.append).run()
    return json.dumps(names)


def play_until(point: str) -> str:
    """Play, and be killed at the point."""

    def kill(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    Play(kill).run()
    return "the point was not passed"


def finish() -> str:
    """Start as an installation does, finish the purchase, and count what is there.

    On SQLite the one worker lets go of what its predecessor held; on PostgreSQL the lease runs out.
    """
    if installed.POSTGRES:
        with ports.using(clock=Later()):
            Robot(NEED).run()
    else:
        worker.release_leases()
        Robot(NEED).run()
    return json.dumps(count())


def count() -> dict[str, Any]:
    """How many of each thing there are; what is open; whether the books and the chain hold."""
    from django.apps import apps

    from avrop.commitments.models import Account
    from avrop.journal.models import Delivery
    from avrop.tenancy.scope import everything

    labels = (
        "requisition.Requisition",
        "approval.ApprovalTask",
        "ordering.Order",
        "ordering.OrderResponse",
        "portal.SalesOrder",
        "portal.SalesInvoice",
        "delivery.Receipt",
        "invoicing.Invoice",
        "matching.Match",
        "accounting.Posting",
        "accounting.PostingBatch",
    )
    with everything("the test counts"):
        seen: dict[str, Any] = {label: apps.get_model(label)._base_manager.count() for label in labels}
        messages = apps.get_model("messaging.Message")._base_manager
        seen["messages"] = messages.count()
        seen["instances"] = messages.values("owner", "direction", "instance_id").distinct().count()
        seen["unfinished"] = Delivery.objects.exclude(state="done").count()
        totals = dict.fromkeys(("reserved", "committed", "accrued", "invoiced", "posted"), 0)
        for account in Account._base_manager.all():
            for bucket in totals:
                totals[bucket] += getattr(account, bucket)
        seen["commitments"] = totals
        posting = apps.get_model("accounting.Posting")._base_manager.get()
        seen["posted"] = (posting.state, bool(posting.voucher))
        seen["ledger"] = _ledger()
        seen["chain"] = audit.verify(covered=False).broken_at
    return seen


def _ledger() -> list[int]:
    """Of the accounting system: batches answered, vouchers given."""
    from django.conf import settings

    (path,) = (Path(settings.AVROP_DIR) / "accounting").glob(f"*/{double.LEDGER}")
    ledger = json.loads(path.read_text("utf-8"))
    return [len(ledger["answers"]), ledger["next"] - 1]


def main() -> None:
    """Every point, or each so many of them."""
    from tests.world import build_world

    every = int(sys.argv[2])
    with installed.prepared("template", build_world):
        installed.copy("template", "dry")
        installed.use("dry")
        _, said = installed.in_child(passed)
        names = json.loads(said)
        _, undisturbed = installed.in_child(lambda: json.dumps(count()))
        installed.drop("dry")
        print(json.dumps({"points": names, "count": json.loads(undisturbed)}), flush=True)
        for number, point in enumerate(names[::every]):
            name = f"run{number}"
            installed.copy("template", name)
            installed.use(name)
            killed, said = installed.in_child(lambda point=point: play_until(point))
            _, after = installed.in_child(finish)
            print(json.dumps({"point": point, "killed": killed, "said": said, "after": after}), flush=True)
            installed.drop(name)


if __name__ == "__main__":
    main()
