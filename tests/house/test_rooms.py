"""House rule 2 on the import graph: between stations you read backwards, write nowhere, and nobody takes a view."""

from __future__ import annotations

import grimp
import pytest

GROUND = {"kernel", "schematron", "ubl", "web", "tenancy", "journal", "messaging", "commitments"}
STATIONS = {
    "coding",
    "suppliers",
    "agreements",
    "catalogue",
    "requisition",
    "approval",
    "ordering",
    "delivery",
    "invoicing",
    "matching",
    "accounting",
    "desk",
    "portal",
}
FREE = {"project", "demo"}  # the place that knows everybody, and the demo that drives the real operations
FACE = {"facts", "queries", "events", "states", "permissions", "texts"}  # what other stations may see
SHOWN = {
    "panels",
    "shown",
}  # pieces of a page: an earlier room offers a place, or the words for its own things
PAGES = {"views", "forms", "urls"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("avrop", cache_dir=None)


def _parts(module: str) -> tuple[str, str]:
    room, _, inside = module.removeprefix("avrop.").partition(".")
    return room, inside.partition(".")[0]


def faults(graph: grimp.ImportGraph) -> list[str]:
    """Every import between rooms that the house forbids."""
    found = []
    for importer in sorted(graph.modules):
        room, inside = _parts(importer)
        if ".tests" in importer or room in FREE or not room:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            other, door = _parts(imported)
            if other == room or not other or other not in STATIONS | GROUND:
                continue
            if not _allowed(room, inside, other, door):
                found.append(f"{importer} -> {imported}")
    return found


def _allowed(room: str, inside: str, other: str, door: str) -> bool:
    if door in PAGES and other != "web":
        return False
    if other in GROUND:
        return door not in {"operations", "jobs"} or (room, other) == ("messaging", "messaging")
    if inside == "models":
        return door in {"models", "facts"}
    if door == "models":
        return inside in {
            "queries",
            "operations",
            "within",
            "setup",
        }  # joins and foreign keys; never decisions
    if door in SHOWN:
        return inside in {"apps", "panel", "shown", "views"}
    return door in FACE


def test_between_stations_one_reads_backwards_and_writes_nowhere(graph):
    assert faults(graph) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("avrop.matching.operations", "avrop.ordering.operations"),
        ("avrop.desk.queries", "avrop.matching.rules"),
        ("avrop.ordering.operations", "avrop.approval.views"),
    ],
)
def test_a_planted_fault_is_caught(graph, importer, imported):
    copy = grimp.build_graph("avrop", cache_dir=None)
    for module in (importer, imported):
        if module not in copy.modules:
            copy.add_module(module)
    copy.add_import(importer=importer, imported=imported)
    assert f"{importer} -> {imported}" in faults(copy)


def test_the_sellers_side_knows_nothing_of_the_buyers_stations(graph):
    buyers = STATIONS - {"portal"}
    for module in graph.modules:
        if _parts(module)[0] == "portal" and ".tests" not in module:
            rooms = {_parts(m)[0] for m in graph.find_modules_directly_imported_by(module)}
            assert not rooms & buyers, module
