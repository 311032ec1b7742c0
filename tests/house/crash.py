"""Kills a purchase with SIGKILL at every named point and finishes it in a fresh process: run by test_crash.py.

    python -m tests.house.crash FOLDER [POINT ...]

A process of its own that loads Django once and forks: one child plays and is killed at the point, the next one
starts as an installation does and finishes. Prints a line of JSON per point. No official rules are installed
here (their engine does not survive a fork); what they would say is tested elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avrop.project.settings")
FOLDER = Path(sys.argv[1])
os.environ["AVROP_DIR"] = str(FOLDER / "template")

import django

django.setup()

from django.conf import settings
from django.db import connection

from avrop.journal import audit, worker
from avrop.kernel import points, ports
from avrop.project import installation
from tests.robot import Robot

NEED = "paper before Christmas"


def use(folder: Path) -> None:
    """Be the installation in this folder."""
    connection.close()
    settings.AVROP_DIR = folder
    settings.DATABASES["default"]["NAME"] = str(folder / "avrop.sqlite3")
    connection.settings_dict["NAME"] = str(folder / "avrop.sqlite3")
    ports.install(originals=ports.FolderOriginals(folder / "originals"))


def in_child(run: Any) -> tuple[int, str]:
    """Run in a forked child; returns (the signal that ended it or 0, what it said)."""
    connection.close()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            said = run() or ""
        except BaseException as error:
            said = f"ERROR {type(error).__name__}: {error}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    _pid, status = os.waitpid(child, 0)
    return (os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0), said


def prepare() -> str:
    """Tables and the small region."""
    from tests.world import build_world

    installation.prepare()
    build_world()
    return ""


def passed() -> str:
    """Play undisturbed; every point in the order in which it is first passed."""
    names: list[str] = []
    points.listen(lambda name: names.append(name) if name not in names else None)
    Robot(NEED).run()
    return json.dumps(names)


def play_until(point: str) -> str:
    """Play, and be killed at the point."""

    def kill(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    points.listen(kill)
    Robot(NEED).run()
    return "the point was not passed"


def finish() -> str:
    """Start as an installation does, finish the purchase, and count what is there."""
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
        seen["chain"] = audit.verify(covered=False).broken_at
    return seen


def main() -> None:
    """Every point asked for, or all of them."""
    template = FOLDER / "template"
    use(template)
    _, said = in_child(prepare)
    assert not said, said
    dry = FOLDER / "dry"
    shutil.copytree(template, dry)
    use(dry)
    _, said = in_child(passed)
    names = json.loads(said)
    _, undisturbed = in_child(lambda: json.dumps(count()))
    print(json.dumps({"points": names, "count": json.loads(undisturbed)}), flush=True)
    for number, point in enumerate(sys.argv[2:] or names):
        folder = FOLDER / f"run{number}"
        shutil.copytree(template, folder)
        use(folder)
        killed, said = in_child(lambda point=point: play_until(point))
        _, after = in_child(finish)
        print(json.dumps({"point": point, "killed": killed, "said": said, "after": after}), flush=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
