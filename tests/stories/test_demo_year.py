"""The demo's year: stopped anywhere it goes on, it is the same for the same seed, and it disturbs nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from avrop.commitments.queries import check
from avrop.delivery import operations as delivery
from avrop.demo import progress, stories
from avrop.demo.acts import Notebook
from avrop.demo.drive import Driver
from avrop.demo.fill import fill, unfinished
from avrop.demo.people import acting
from avrop.demo.tale import Purchase, Story
from avrop.journal import audit, chain
from avrop.journal.models import Delivery, Entry
from avrop.journal.worker import run_until_idle
from avrop.kernel import points
from avrop.kernel.ports import SetClock, using
from avrop.matching.models import Match
from avrop.ordering.models import Order
from avrop.project.setup.write import apply
from avrop.requisition.models import Requisition
from avrop.tenancy import cache
from avrop.tenancy.scope import everything

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAPER = Purchase(
    "60", "havdal", "kari.bestillar", "210", "extended", (("kopipapir a4 80 g svanemerkt", 5),), "Papir"
)
STRAY = Purchase(
    "58", "strandvoll", "lise.skule", "210", "posted", (("kladdebok a5 linjert 48", 4),), "Bøker"
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


class Killed(BaseException):
    """The power went."""


@pytest.fixture
def region(db) -> Iterator[None]:
    """The region without a purchase."""
    with using(clock=SetClock(NOW)):
        fill(seed=7, set_up=apply, progress=lambda text: None, until=progress.FIRST)
    yield


def driver(notebook: Notebook, *wanted: Purchase, key: str = "", **more) -> Driver:
    """A driver with these purchases."""
    made = Driver(NOW, seed=7, notebook=notebook, resumed=notebook.begun, **more)
    for at, one in enumerate(wanted):
        made.add(f"{key}{at}", Story(made, one, at, stories.ENDINGS[one.story]).play)
    return made


def outcome() -> list[tuple]:
    """What there is of every purchase, whenever it was made."""
    with everything("test"):
        baskets = Requisition.objects.order_by("need").values_list("need", "state")
        found = Order.objects.order_by("gross").values_list(
            "gross", "receipt_state", "invoice_state", "ended"
        )
        matches = Match.objects.order_by("stream").values_list("state", flat=True)
        return [*baskets, *found, *matches]


def sound() -> None:
    assert audit.verify().ok
    assert not Delivery.objects.exclude(state="done").exists()
    with everything("test"):
        assert check() == []


def killed_at(commit: int, play: Driver) -> bool:
    """Play until so many operations have been committed, then the power goes. False when it was over before."""
    left = [commit]

    def hit(name: str) -> None:
        if name.startswith("after commit"):
            left[0] -= 1
            if not left[0]:
                raise Killed

    points.listen(hit)
    try:
        play.run()
    except Killed:
        return True
    finally:
        points.listen(None)
    return False


SOME = (1, 2, 5, 11, 19, 30)


def test_stopped_after_a_commit_the_year_goes_on_as_if_nothing_had_happened(region, tmp_path) -> None:
    assert all(stop_and_go_on(tmp_path, SOME))


@pytest.mark.slow
def test_stopped_after_any_commit_the_year_goes_on_as_if_nothing_had_happened(region, tmp_path) -> None:
    stopped = list(stop_and_go_on(tmp_path, range(1, 100)))
    assert stopped.count(True) > 40 and not stopped[-1], "every commit of the two purchases"


def stop_and_go_on(folder: Path, commits: Iterable[int]) -> Iterator[bool]:
    """For each commit: whether the power went there. The end is the same as without."""
    whole: list[tuple] = []
    for commit in (0, *commits):
        notes = folder / f"acts-{commit}"
        with transaction.atomic():
            stopped = killed_at(commit, driver(Notebook(notes), PAPER, STRAY))
            forget()
            Delivery.objects.filter(state="running").update(
                state="queued", lease_until=None
            )  # as a worker starts
            driver(Notebook(notes), PAPER, STRAY).run()
            whole = whole or outcome()
            assert outcome() == whole, commit
            sound()
            transaction.set_rollback(True)
        forget()
        if commit:
            yield stopped


def forget() -> None:
    """A process that starts knows nothing."""
    chain.clear_heads()
    cache.clear()


def test_the_same_seed_gives_the_same_ids_and_the_same_chain(region: None) -> None:
    found = []
    for _ in range(2):
        with transaction.atomic():
            driver(Notebook(), PAPER, STRAY).run()
            with everything("test"):
                found.append(
                    list(Entry.objects.order_by("tenant_id", "seq").values_list("tenant_id", "hash"))
                )
            transaction.set_rollback(True)
        forget()
    assert found[0] == found[1]
    assert len(found[0]) > 40


def test_what_a_person_does_meanwhile_is_done_by_the_worker_and_at_its_own_time(region: None) -> None:
    play = driver(Notebook(), PAPER, lenient=True)
    later = NOW + timedelta(minutes=3)
    while _no_order():
        assert play.step()
    with everything("test"):
        order = Order.objects.get()
    with using(clock=SetClock(later)), acting("kari.bestillar", "havdal"):
        delivery.receive(order_id=order.id)
    waiting = Delivery.objects.filter(state="queued").count()
    assert waiting > 0
    while play.step():  # the story meets goods that have come, and ends
        assert Delivery.objects.filter(state="queued", run_after=later).count() == waiting
    with using(clock=SetClock(later)):
        run_until_idle()
    with everything("test"):
        order.refresh_from_db()
    assert order.receipt_state == "full"
    sound()


def _no_order() -> bool:
    with everything("test"):
        return not Order.objects.exists()


def test_every_page_says_how_far_the_year_has_come_and_only_in_a_demo(db, settings) -> None:
    settings.AVROP_DEMO = True
    folder = Path(settings.AVROP_DIR)
    progress.write(folder, progress.Progress(7, NOW, progress.REST, 120, 300))
    said = "Demoen fyller framleis året: 120 av 300 kjøp."
    assert said in Client().get("/login/").content.decode()
    settings.AVROP_DEMO = False
    assert said not in Client().get("/login/").content.decode()
    settings.AVROP_DEMO = True
    progress.end(folder)
    assert said not in Client().get("/login/").content.decode()
    assert unfinished(folder) is None


def test_a_notebook_whose_last_line_is_torn_is_read_up_to_it(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path / "acts")
    notebook.write("a", None)
    notebook.write("b", "x")
    with (tmp_path / "acts").open("a") as handle:
        handle.write('["a", {"id": "01')
    again = Notebook(tmp_path / "acts")
    assert again.known == {"a": [None], "b": ["x"]}
    again.write("a", 3)
    assert Notebook(tmp_path / "acts").known == {"a": [None, 3], "b": ["x"]}
