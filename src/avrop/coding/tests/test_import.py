"""A real municipality's budget comes in whole; bad lines are named; the same file changes nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avrop.coding import importer, operations, queries
from avrop.coding.importer import ImportRefused
from avrop.coding.kostra import in_force, own
from avrop.coding.models import BudgetLine, Code, CodingImport
from avrop.commitments.facts import BudgetKey
from avrop.commitments.queries import balances, year_balances
from avrop.journal import audit
from avrop.journal.models import Entry
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals
from avrop.tenancy.scope import as_system, viewing

SMALL = (
    "konto;konto_tekst;ansvar;ansvar_tekst;tjeneste;tjeneste_tekst;budsjett_2026\n"
    "11000;Kontorrekvisita;210;Skulen;20200;Grunnskule;12 000\n"
    "11000;Kontorrekvisita;210;Skulen;20200;Grunnskule;3 000,50\n"
    "16000;Brukarbetaling;210;Skulen;20200;Grunnskule;-7 500\n"
)
KEY = BudgetKey(2026, "210", "11000", "20200").text()
INCOME = BudgetKey(2026, "210", "16000", "20200").text()


@pytest.fixture
def sogndal(shared: Path) -> bytes:
    return (shared / "data/budget-no/sogndal-driftsbudsjett-2013.csv").read_bytes()


@pytest.mark.shared
def test_sogndals_budget_of_2013_comes_in_whole(world, sogndal) -> None:
    with as_system(world.bremnes.id):
        result = operations.import_budget(raw=sogndal, year=2013)
        counts = ("lines", "accounts", "responsibilities", "functions")
        assert [result[name] for name in counts] == [4898, 235, 140, 82]
        assert (result["sum_positive"], result["sum_negative"]) == (565_273_139, -565_273_139)
        assert result["rejected"] == []
        assert BudgetLine.objects.count() == 4898
        limits = [one.limit for one in year_balances(2013)]
        assert sum(n for n in limits if n > 0) <= 565_273_139_00
        assert sum(limits) == 0
        kopiering = next(c for c in result["warnings"] if c["code"][1:4] == "270")
        assert kopiering["warning"] == "KOSTRA_RETIRED"
        assert Code.objects.filter(
            warning="KOSTRA_RETIRED", dimension="account", code__startswith="1270"
        ).exists()


@pytest.mark.shared
def test_the_year_may_be_left_out_and_another_column_chosen(sogndal) -> None:
    assert importer.parse_budget(sogndal, None).year == 2013
    earlier = importer.parse_budget(sogndal, 2012)
    assert earlier.year == 2012 and len(earlier.lines) == 4898
    with pytest.raises(ImportRefused) as refused:
        importer.parse_budget(sogndal, 1999)
    assert refused.value.code == "NO_BUDGET_COLUMN"


@pytest.mark.shared
def test_the_operators_code_lists_and_our_own_table_name_the_same_codes(shared: Path) -> None:
    theirs = in_force([shared / "data"])
    assert theirs.source.endswith("kostra")
    assert (theirs.arts, theirs.functions) == (own().arts, own().functions)
    assert (len(own().arts), "270" in own().arts, "271" in own().arts) == (116, False, True)


def test_the_original_is_kept_and_the_same_file_again_changes_nothing(world) -> None:
    raw = SMALL.encode()
    with as_system(world.bremnes.id):
        first = operations.import_budget(raw=raw)
        entries = Entry.objects.count()
        again = operations.import_budget(raw=raw)
        assert again == first
        assert (BudgetLine.objects.count(), CodingImport.objects.count()) == (3, 1)
        assert Entry.objects.count() == entries
        assert originals().get(CodingImport.objects.get().sha256) == raw
        assert balances([KEY])[KEY].limit == 15_000_50
        assert balances([INCOME])[INCOME].limit == -7_500_00


def test_the_audit_chain_holds_after_imports_that_take_each_others_place(world, tmp_path) -> None:
    with as_system(world.bremnes.id):
        operations.import_budget(raw=SMALL.encode())
        operations.import_budget(raw=b"konto;ansvar;tjeneste;budsjett_2026\n11200;210;20200;5,50\n")
        operations.import_chart(raw=SMALL.encode())
    report = audit.verify(tmp_path / "heads", covered=False)
    assert (report.ok, report.entries) == (True, 6), report.places


def test_a_later_budget_of_the_year_takes_the_earlier_ones_place(world) -> None:
    with as_system(world.bremnes.id):
        operations.import_budget(raw=SMALL.encode())
        later = "konto;ansvar;tjeneste;budsjett_2026\n11200;210;20200;5 000\n"
        operations.import_budget(raw=later.encode())
        assert balances([KEY])[KEY].limit == 0
        new = BudgetKey(2026, "210", "11200", "20200").text()
        assert balances([new])[new].limit == 5_000_00
        states = list(CodingImport.objects.order_by("at", "id").values_list("state", flat=True))
        assert states == ["superseded", "active"]
        operations.import_budget(raw=SMALL.encode())
        assert balances([KEY])[KEY].limit == 15_000_50
        assert balances([new])[new].limit == 0


def test_an_import_that_was_cut_off_is_taken_up_afresh(world) -> None:
    with as_system(world.bremnes.id):
        parsed = importer.parse_budget(SMALL.encode(), None)
        sha = originals().put(SMALL.encode())
        left = operations.start_import(kind="budget", year=2026, sha256=sha)
        operations.add_lines(import_id=left, lines=parsed.lines[:2])
        operations.import_budget(raw=SMALL.encode())
        assert BudgetLine.objects.count() == 3
        assert CodingImport.objects.get().id == left


def test_a_file_in_cp1252_with_commas_and_parentheses_is_read() -> None:
    lines = ['11150,Mat på skulen,210,20200,"1.234,50"', "16000,,210,20200,(300)"]
    text = "\n".join(["Konto,Konto (T),Ansvar,Teneste,Beløp", *lines])
    parsed = importer.parse_budget(text.encode("cp1252"), 2026)
    assert [line.amount for line in parsed.lines] == [1_234_50, -300_00]
    assert parsed.codes["account", "11150"] == "Mat på skulen"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("11000;A;;;20200;B;5", "NO_RESPONSIBILITY"),
        (";A;210;S;20200;B;5", "NO_ACCOUNT"),
        ("11 000;A;210;S;20200;B;5", "BAD_CODE"),
        ("11|000;A;210;S;20200;B;5", "BAD_CODE"),
        ("11000;A;210;S;20200;B;1e5", "BAD_AMOUNT"),
        ("11000;A;210;S;20200;B;NaN", "BAD_AMOUNT"),
        ("11000;A;210;S;20200;B;١٢", "BAD_AMOUNT"),
        ("11000;A;210", "SHORT_ROW"),
    ],
)
def test_a_bad_line_is_left_out_and_named_with_its_line_number(row: str, reason: str) -> None:
    parsed = importer.parse_budget(f"{SMALL}{row}\n".encode(), None)
    assert len(parsed.lines) == 3
    assert [(one.line, one.reason) for one in parsed.rejected] == [(5, reason)]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"\xef\xbb\xbf  \n", "EMPTY_FILE"),
        (b"\x00\x01\x02", "EMPTY_FILE"),
        (b"%PDF-1.7 something", "NO_COLUMNS"),
        ("konto;ansvar;tjeneste;beløp\n".encode(), "YEAR_MISSING"),
    ],
)
def test_a_file_that_is_no_budget_is_refused_by_name(raw: bytes, code: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        importer.parse_budget(raw, None)
    assert refused.value.code == code


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_whatever_break_the_reader(raw: bytes) -> None:
    for read in (importer.parse_chart, lambda b: importer.parse_budget(b, 2026)):
        with suppress(ImportRefused):
            read(raw)


def test_a_chart_alone_gives_codes_and_no_limits(world) -> None:
    raw = b"dimension,code,name\naccount,11050,Undervisningsmateriell\nproject,P1,Ny skule\nwrong,1,X\n"
    with as_system(world.bremnes.id):
        result = operations.import_chart(raw=raw)
        assert (result["lines"], result["accounts"], result["projects"]) == (2, 1, 1)
        assert result["rejected"] == [{"line": 4, "reason": "BAD_CODE", "value": "wrong 1"}]
        assert ("11050", "Undervisningsmateriell") in queries.choices("account")
        assert operations.import_chart(raw=raw) == result


def test_retired_functions_are_accepted_with_a_warning_and_codes_of_the_balance_sheet_are_not_judged(
    world,
) -> None:
    raw = b"konto;ansvar;tjeneste;budsjett_2026\n12700;210;21000;1\n23299;210;20200;1\n00300;210;20200;1\n"
    with as_system(world.bremnes.id):
        result = operations.import_budget(raw=raw)
        assert [(w["dimension"], w["code"]) for w in result["warnings"]] == [
            ("account", "12700"),
            ("function", "21000"),
        ]
        assert result["lines"] == 3


def test_only_the_accountant_or_the_local_administrator_may_import(world) -> None:
    with viewing(world.viewer("berit")), pytest.raises(Refusal) as refused:
        operations.import_budget(raw=SMALL.encode())
    assert refused.value.code == "CODING_NOT_YOURS"
    with viewing(world.viewer("rekna")):
        assert operations.import_budget(raw=SMALL.encode())["lines"] == 3


def test_one_buyers_budget_is_not_anothers(world) -> None:
    with as_system(world.bremnes.id):
        operations.import_budget(raw=SMALL.encode())
    with as_system(world.fjell.id):
        assert BudgetLine.objects.count() == 0
        assert balances([INCOME])[INCOME].limit_known is False
