"""Sends bad files to an installation of its own, one after the other, and weighs each: run by test_bad.py.

    python -m tests.bad.run FOLDER PLAN SHARE

PLAN: `made` (this package's files), `bent` (mutations of the official examples). SHARE 1 is all of them, 7 each
seventh. A line of JSON for each file that fails, then one with totals. Per file: CPU seconds (user and system) and
the growth of the resident set from before the file to its peak, both from the kernel.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from tests.house import installed

SHARED = Path(os.environ.get("AVROP_SHARED", Path(__file__).resolve().parents[3] / "shared"))

from django.db import reset_queries
from django.test import Client

from avrop.project import standards
from avrop.tenancy.scope import everything
from tests.bad.bills import bill_of
from tests.bad.business import business
from tests.bad.ends import Ends
from tests.bad.made import Made, declared, encodings, foreign, huge, made
from tests.bad.scene import Scene, build_scene
from tests.bad.values import split_values, structure, values
from tests.bad.wrapped import wrapped
from tests.stories.bend import bend

LOOK_EVERY = 10  # each so many messages are looked at on their pages
HANGS = 60  # seconds of CPU after which a file is given up
RULES = ("peppol/billing/2026.5", "peppol/postaward/2026.5", "ubl/2.3")


class Hung(BaseException):
    """The file took far too long."""


def peak() -> int:
    """Peak of the resident set since it was last forgotten, bytes."""
    return _status("VmHWM")


def forget_peak() -> int:
    """Start a new peak; returns what is resident now, bytes."""
    Path("/proc/self/clear_refs").write_text("5")  # proc(5): reset the peak
    return _status("VmRSS")


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise KeyError(field)


def spent() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def files(plan: str, scene: Scene) -> Iterator[Made]:
    """Everything of the plan."""
    if plan == "bent":
        yield from _bent(scene)
        return
    papers = _papers(scene)
    invoice = papers["invoice"]
    for family in (huge, encodings, declared, foreign):
        yield from family(invoice)
    yield from business(scene)
    yield from wrapped(scene)
    varied = [split_values("invoice", invoice)]
    for kind, good in papers.items():
        varied += [values(kind, good, 7 if kind == "invoice" else 9), structure(kind, good, 4)]
    for number, one in enumerate(chain.from_iterable(varied)):
        yield _another(one, scene, number)


def _another(one: Made, scene: Scene, number: int) -> Made:
    """Under a number of its own and on another order, so that it is no copy of the one before."""
    order = scene.open[1 + number % (len(scene.open) - 3)]
    swaps = ((b">bad-", b">v%d-" % number), (scene.orders["open"].encode(), order.encode()))

    def make() -> bytes:
        raw = one.raw()
        for old, new in swaps:
            raw = raw.replace(old, new)
        return raw

    return replace(one, make=make)


def _papers(scene: Scene) -> dict[str, bytes]:
    """A good document of each kind, of this region's own."""
    from lxml import etree

    from avrop.kernel.ports import originals
    from avrop.messaging.models import Message
    from avrop.ubl import gate, sbdh

    found = {"invoice": bill_of(scene), "credit note": bill_of(scene, credit_note=True)}
    with everything("the test takes good documents"):
        for message in Message.objects.filter(direction="out").exclude(sha256="").order_by("id"):
            if message.document_type not in found and message.document_type != "invoice":
                _, root = sbdh.unwrap(gate.admit(originals().get(message.sha256)).root)
                found[message.document_type] = etree.tostring(root, encoding="utf-8")
    return found


def _bent(scene: Scene) -> Iterator[Made]:
    """5,000 mutations of the official examples, sent to this region."""
    from tests.stories.test_official_examples import readdressed

    good = []
    for place in ("peppol/billing/2026.5/examples", "peppol/postaward/2026.5/examples"):
        paths = sorted((SHARED / "standards" / place).rglob("*.xml"))
        good += [raw for path in paths if (raw := readdressed(path, scene.world))]
    for seed in range(5000):
        raw = good[seed % len(good)]
        yield made(f"bent {seed}", lambda r=raw, s=seed: bend(r, s + 100_000))


class Loud(logging.Handler):
    """Keeps what was logged with a traceback: somebody's stack trace."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.said.append("".join(traceback.format_exception(*record.exc_info))[-1500:])


@dataclass
class Scales:
    """Weighs each file and keeps the totals."""

    ends: Ends
    loud: Loud
    worst: dict[str, tuple[float, str]] = field(
        default_factory=lambda: {"cpu": (0.0, ""), "mib": (0.0, ""), "page": (0.0, "")}
    )
    kinds: Counter[str] = field(default_factory=Counter)
    files: int = 0
    failed: int = 0

    def weigh(self, one: Made) -> list[str]:
        """Send it; what went wrong, in words."""
        raw = one.raw()
        before = forget_peak() - len(raw)  # to make it is not the program's weight
        start, self.loud.said = spent(), []
        trouble = _guarded(lambda: self.ends.take(raw, one))
        cpu, mib = spent() - start, (peak() - before) / 2**20
        trouble += self.loud.said
        if cpu > one.cpu:
            trouble.append(f"took {cpu:.1f} s of CPU")
        if mib > 300:
            trouble.append(f"took {mib:.0f} MiB")
        if self.files % LOOK_EVERY == 0:
            start = spent()
            trouble += _guarded(self.ends.look)
            self._keep("page", round(spent() - start, 2), one)
        self._keep("cpu", round(cpu, 2), one)
        self._keep("mib", round(mib), one)
        self.kinds[self.ends.last] += 1
        self.files += 1
        self.failed += bool(trouble)
        return trouble

    def _keep(self, what: str, much: float, one: Made) -> None:
        self.worst[what] = max(self.worst[what], (much, one.name))

    def totals(self) -> dict[str, object]:
        """Of all that was sent."""
        return {
            "files": self.files,
            "failed": self.failed,
            "worst": self.worst,
            "ends": dict(self.kinds.most_common()),
            "pages": self.ends.pages,
        }


def send_all(plan: str, share: int) -> str:
    """Every file of the plan, weighed; prints failures; returns the totals."""
    scene = build_scene()
    if (SHARED / "standards").is_dir():
        for part in RULES:
            standards.registry().install(SHARED / "standards" / part)
    loud = Loud()
    logging.getLogger().addHandler(loud)
    ends = Ends(scene, Client(raise_request_exception=False, SERVER_NAME="localhost"))
    ends.take(_papers(scene)["invoice"].replace(b"bad-", b"first-"))  # what is loaded once is nobody's weight
    scales = Scales(ends, loud)
    for one in _chosen(files(plan, scene), share):
        _say(one.name, scales.weigh(one))
        if scales.files % 50 == 0:
            reset_queries()
    _say("at the end", ends.at_the_end())
    return json.dumps(scales.totals())


def _say(name: str, trouble: list[str]) -> None:
    if trouble:
        print(json.dumps({"file": name, "trouble": trouble}), flush=True)


def _chosen(every: Iterable[Made], share: int) -> Iterator[Made]:
    for number, one in enumerate(every):
        if number % share == 0:
            yield one


def _guarded(act: Callable[[], object]) -> list[str]:
    """Act; what went wrong, in words."""

    def too_long(*_: object) -> None:
        raise Hung

    signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    try:
        act()
        return []
    except AssertionError as error:
        return [str(error)[-1500:] or traceback.format_exc()[-1500:]]
    except (Exception, Hung):
        return [traceback.format_exc()[-2500:]]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> None:
    """Command line."""
    installed.make("bad")
    installed.use("bad")
    try:
        installed.make_tables()
        print(send_all(sys.argv[2], int(sys.argv[3])))
    finally:
        installed.drop("bad")


if __name__ == "__main__":
    main()
