"""`avrop` as a stranger meets it: what it lists, what it prints, how it ends, and that it never shows a stack trace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from avrop.project import cli, standards
from avrop.project.tests.command_line import Done, apart, here
from avrop.ubl.tests.test_install import ORDER, RULE, _release

HANDED_OUT = "peppol/billing/2026.5/examples/base-example.xml"
# command -> words that are right for argparse
RIGHT = {
    "demo": ["--no-serve"],
    "setup": ["import", "FILE"],
    "coding": ["import", "FILE", "--buyer", "x"],
    "standards": ["list"],
    "catalogue": ["search", "x", "--as", "y"],
    "serve": [],
    "worker": [],
    "doctor": [],
    "validate": ["FILE"],
    "receive": ["FILE"],
    "ordering": ["import", "order.xml", "--approved-by", "x"],
    "delivery": ["receive", "2026-1", "--as", "x"],
    "audit": ["verify"],
}


# --- what there is


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_without_a_command_avrop_lists_its_own_commands_a_line_each(capsys, speak, words) -> None:
    speak("en")
    done = here(capsys, *words)
    lines = [line.strip() for line in done.out.splitlines()]
    for name in RIGHT:
        assert [line for line in lines if line.startswith(f"{name} ")], name
    for djangos in ("migrate", "shell", "runserver", "makemessages", "createsuperuser", "--settings"):
        assert djangos not in done.out
    assert (done.status, done.err) == (0, "")


def test_the_list_is_complete() -> None:
    folder = Path(cli.__file__).parent / "management" / "commands"
    assert set(cli.COMMANDS) == {file.stem for file in folder.glob("[a-z]*.py")} == set(RIGHT)


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
@pytest.mark.parametrize("command", RIGHT)
def test_every_command_helps_with_an_example_in_the_persons_language(
    capsys, speak, command, language
) -> None:
    speak(language)
    example = {"nn": "Døme: avrop ", "nb": "Eksempel: avrop ", "en": "Example: avrop "}[language]
    done = here(capsys, command, "--help")
    assert (done.status, done.err) == (0, "")
    assert example + command in done.out and "--json" in done.out
    for djangos in ("--settings", "--pythonpath", "--traceback", "--verbosity", "--no-color"):
        assert djangos not in done.out
    action = RIGHT[command][:1]
    if action and action[0].isalpha() and action != ["FILE"]:
        assert example + command in here(capsys, command, *action, "--help").out
    assert here(capsys, "help", command).out == done.out


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nn", "avrop: det finst ingen kommando «valider». Meinte du «validate»?"),
        ("nb", "avrop: det finnes ingen kommando «valider». Mente du «validate»?"),
        ("en", "avrop: there is no command “valider”. Did you mean “validate”?"),
        ("nb_NO.UTF-8", "avrop: det finnes ingen kommando «valider». Mente du «validate»?"),
        ("klingon", "avrop: det finst ingen kommando «valider». Meinte du «validate»?"),
    ],
)
def test_an_unknown_command_is_one_line_and_status_2(capsys, speak, language, line) -> None:
    speak(language)
    done = here(capsys, "valider", "x")
    assert (done.status, done.out, done.error) == (2, "", line)
    assert here(capsys, "migrate").status == 2
    assert here(capsys, "shell").status == 2


@pytest.mark.parametrize(
    "words",
    [
        *([command, "--nonsense"] for command in RIGHT),
        *([command, "--settings=x"] for command in RIGHT),
        ["setup"],
        ["setup", "export"],
        ["coding", "import"],
        ["coding", "import", "x", "--buyer", "y", "--kind", "z"],
        ["coding", "import", "x", "--buyer", "y", "--year", "last"],
        ["standards"],
        ["standards", "import"],
        ["standards", "import", "x", "--valid-from", "tomorrow"],
        ["catalogue"],
        ["catalogue", "import", "x"],
        ["catalogue", "search", "x"],
        ["catalogue", "search", "x", "--as", "y", "--limit", "-1"],
        ["serve", "--port", "99999"],
        ["serve", "--port", "http"],
        ["serve", "--processes", "0"],
        ["demo", "--seed", "x"],
        ["validate"],
        ["validate", "x", "--engine", "abacus"],
        ["receive"],
        ["delivery", "receive"],
        ["audit"],
        ["audit", "mend"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line_and_status_2(capsys, speak, words) -> None:
    speak("nn")
    done = here(capsys, *words, "--json")
    assert (done.status, done.out) == (2, "")
    assert done.error.startswith(f"avrop {words[0]}") and "--help»" in done.error
    assert "Error" not in done.error and "error" not in done.error


# --- a folder with nothing in it


NOWHERE = [
    ["audit", "verify"],
    ["receive", "FILE"],
    ["catalogue", "search", "x", "--as", "y"],
    ["worker"],
]


@pytest.mark.parametrize("words", NOWHERE, ids=" ".join)
def test_where_nothing_is_installed_a_line_says_so_and_nothing_is_made(tmp_path, words) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    done = apart(*[str(file) if w == "FILE" else w for w in words], "--json", folder=tmp_path / "none")
    assert (done.status, done.out) == (2, "")
    assert done.error.startswith("Det finst ingen installasjon i ")
    assert not (tmp_path / "none").exists()


def test_doctor_looks_at_an_empty_folder_without_making_it(tmp_path) -> None:
    done = apart("doctor", "--json", folder=tmp_path / "none")
    (told,) = done.objects
    assert (done.status, done.err, told["buyers"]) == (1, "", [])
    checks = {check["name"]: check for check in told["checks"]}
    assert not checks["database"]["ok"] and checks["PDF"]["ok"]
    rules = [check for name, check in checks.items() if name.startswith("rules ")]
    assert len(rules) >= 6 and all((c["ok"], c["detail"]) == (False, "not installed") for c in rules)
    assert not (tmp_path / "none").exists()


def test_a_stranger_sets_up_a_municipality_from_any_folder(tmp_path, shared) -> None:
    (tmp_path / "kommune.toml").write_text(
        '[[organisation]]\nslug = "viksund"\nkind = "buyer"\nname = "Viksund kommune"\norgnr = "305218022"\n'
        '[[organisation]]\nslug = "plattform"\nkind = "platform"\nname = "Drift"\norgnr = "314159268"\n'
    )
    home = tmp_path / "data"
    done = apart("setup", "import", "kommune.toml", "--json", folder=home, cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.objects[0]["organisations"] == 2 and done.objects[0]["rejected"] == []
    budget = shared / "data" / "budget-no" / "sogndal-driftsbudsjett-2013.csv"
    if budget.is_file():
        done = apart("coding", "import", str(budget), "--buyer", "viksund", "--json", folder=home, cwd=home)
        (told,) = done.objects
        assert (done.status, done.err, told["rejected"]) == (0, "", [])
        counts = [told[name] for name in ("lines", "accounts", "responsibilities", "functions")]
        assert counts == [4898, 235, 140, 82]
        assert (told["sum_positive"], told["sum_negative"]) == (565273139, -565273139)
        assert told["warnings"] and all(one["warning"] == "KOSTRA_RETIRED" for one in told["warnings"])
    done = apart("audit", "verify", "--json", folder=home, cwd=Path("/"))
    assert (done.status, done.err, done.objects[0]["ok"], done.objects[0]["broken_at"]) == (0, "", True, None)
    assert apart("doctor", "--json", folder=home).objects[0]["buyers"] == ["viksund"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("AVROP_DATABASE", "mysql://a@b/c", "AVROP_DATABASE"),
        ("AVROP_DATABASE", "postgresql://nobody@127.0.0.1:1/none", "127.0.0.1"),
        ("AVROP_DATABASE", "sqlite:///{folder}/not-a-database", "file is not a database"),
        ("AVROP_DATABASE", "sqlite:////nowhere/at/all.sqlite3", "installasjon"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line(tmp_path, name, value, says) -> None:
    (tmp_path / "not-a-database").write_bytes(b"hello" * 1000)
    value = value.replace("{folder}", str(tmp_path))
    done = apart("audit", "verify", "--json", folder=tmp_path / "d", **{name: value})
    assert (done.status, done.out) == (2, "")
    assert says in done.error


def test_settings_come_from_a_file_too_and_a_broken_one_is_one_line(tmp_path) -> None:
    (tmp_path / "avrop.toml").write_text('language = "en"\n')
    assert apart("nonsense", folder=tmp_path / "d").error.startswith("avrop: there is no command")
    (tmp_path / "avrop.toml").write_text("language = \n")
    done = apart("doctor", folder=tmp_path / "d")
    assert (done.status, done.out) == (2, "") and "avrop.toml" in done.error


def test_output_that_nobody_reads_on_ends_quietly(tmp_path) -> None:
    command = f"{sys.executable} -m avrop.project.cli doctor | true"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, env={**os.environ, "AVROP_DIR": str(tmp_path)}
    )
    assert done.stderr == ""


# --- official rules


def test_standards_are_imported_from_folder_file_and_zip_and_listed(tmp_path, shared, capsys, speak) -> None:
    speak("en")
    folder = shared / "standards" / "peppol" / "postaward" / "2026.5"
    (one,) = here(capsys, "standards", "import", str(folder / "sch" / "PEPPOLBIS-T01.sch"), "--json").objects
    assert (one["release"], one["document_types"]) == ("2026.5", ["order"])
    zipped = shutil.make_archive(str(tmp_path / "postaward-2026.5"), "zip", folder)
    done = here(capsys, "standards", "import", zipped, "--valid-from", "2026-08-17", "--json")
    (all_of_it,) = done.objects
    assert (done.status, done.err, all_of_it["release"]) == (0, "", "2026.5")
    assert {"order", "order_response", "catalogue", "invoice_response"} <= set(all_of_it["document_types"])
    assert all_of_it["asserts"] > one["asserts"] > 100
    assert (all_of_it["compiled"], all_of_it["fallback"]) == (12, 0)
    (listed,) = here(capsys, "standards", "list", "--json").objects
    assert {(row["release"], row["valid_from"]) for row in listed["installed"]} == {("2026.5", "2026-08-17")}


def test_an_import_counts_the_patterns_that_saxon_must_run(tmp_path, capsys, speak) -> None:
    speak("en")
    folder = tmp_path / "peppol-2026.5"
    folder.mkdir()
    pattern = '<pattern><rule context="/*"><assert id="{id}" test="{test}">{id}</assert></rule></pattern>'
    tests = (("A-1", "true()"), ("A-2", "format-number(1, '0') = '1'"))
    (folder / "PEPPOLBIS-T01.sch").write_text(
        '<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">'
        + "".join(pattern.format(id=name, test=test) for name, test in tests)
        + "</schema>"
    )
    for _ in ("new", "already there"):
        (told,) = here(capsys, "standards", "import", str(folder), "--json").objects
        assert (told["asserts"], told["compiled"], told["fallback"]) == (2, 1, 1)


def test_the_list_of_standards_shows_from_which_day_to_which_each_release_judges(
    tmp_path, shared, capsys, speak
) -> None:
    speak("nb")
    for release in ("2025.11", "2026.5"):
        file = shared / "standards" / "peppol" / "postaward" / release / "sch" / "PEPPOLBIS-T01.sch"
        here(capsys, "standards", "import", str(file))
    again = here(capsys, "standards", "import", str(file))
    assert again.out.startswith("var der") and again.status == 0
    (listed,) = here(capsys, "standards", "list", "--json").objects
    days = [(row["release"], row["valid_from"], row["valid_to"]) for row in listed["installed"]]
    assert days == [("2025.11", "2025-11-01", "2026-08-16"), ("2026.5", "2026-08-17", None)]
    (order,) = {row["customization"] for row in listed["documents"]}
    assert order == "urn:fdc:peppol.eu:poacc:trns:order:3"
    assert [row["valid_to"] for row in listed["documents"]] == ["2026-08-16", None]
    heads, older, newer = here(capsys, "standards", "list").out.splitlines()
    assert heads.split() == ["regelsett", "utgave", "første", "dag", "siste", "dag", "regler"]
    assert older.split()[:4] == ["PEPPOLBIS-T01", "2025.11", "2025-11-01", "2026-08-16"]
    assert newer.split()[:4] == ["PEPPOLBIS-T01", "2026.5", "2026-08-17", "-"]


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_a_zip_with_tricks_is_refused_with_one_line(tmp_path, capsys, speak, language) -> None:
    speak(language)
    for name, member, size in (("outside", "../PEPPOLBIS-T01.sch", 1), ("bomb", "x%d.sch", 19_000_000)):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
            for number in range(1 if size == 1 else 11):
                zipped.writestr(member.replace("%d", str(number)), b" " * size)
        done = here(capsys, "standards", "import", str(tmp_path / f"{name}.zip"), "--json")
        assert (done.status, done.out) == (2, "")
        assert f"{name}.zip" in done.error and "_" not in done.error


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_what_is_no_release_is_refused_with_one_line(tmp_path, capsys, speak, language) -> None:
    speak(language)
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and then nothing")
    for name in ("nowhere", "empty", "broken.zip"):
        done = here(capsys, "standards", "import", str(tmp_path / name), "--json")
        assert (done.status, done.out) == (2, "")
        assert name in done.error and "(" not in done.error


@pytest.mark.parametrize(
    ("language", "folder", "file", "kept"),
    [
        ("nn", "har ikkje lov til å lese", "kan ikkje lesast av brukaren", "Reglane kan ikkje lagrast"),
        ("nb", "har ikke lov til å lese", "kan ikke leses av brukeren", "Reglene kan ikke lagres"),
        ("en", "may not be read by the user", "may not be read", "The rules cannot be kept"),
    ],
)
def test_what_the_user_may_not_read_or_write_is_named(
    tmp_path, language: str, folder: str, file: str, kept: str
) -> None:
    """As an ordinary user: whoever may do everything (root) lays that down first."""
    for name in ("closed-2031.5/sub", "half-2031.5", "data", "other"):
        (tmp_path / name).mkdir(parents=True)
    _release(tmp_path / "closed-2031.5", RULE.format(test="true()"))
    _release(tmp_path / "half-2031.5", RULE.format(test="true()"))
    _release(tmp_path / "half-2031.5", RULE.format(test="true()"), "PEPPOLBIS-T76.sch").chmod(0o755)
    shut = (tmp_path / "closed-2031.5/sub", tmp_path / "half-2031.5/PEPPOLBIS-T76.sch", tmp_path / "other")
    for one, mode in zip(shut, (0o000, 0o000, 0o555), strict=True):
        one.chmod(mode)
    try:
        whole, part, nowhere = (
            _as_ordinary_user(
                "standards", "import", str(tmp_path / name), AVROP_DIR=data, AVROP_LANGUAGE=language
            )
            for name, data in (
                ("closed-2031.5", tmp_path / "data"),
                ("half-2031.5", tmp_path / "data"),
                ("half-2031.5", tmp_path / "other/d"),
            )
        )
    finally:
        for one in shut:
            one.chmod(0o755)
    assert (whole.returncode, whole.stdout) == (2, "") and folder in whole.stderr
    assert "sub" in whole.stderr and len(whole.stderr.splitlines()) == 1
    assert part.returncode == 1 and "PEPPOLBIS-T01 2031.5 (1)" in part.stdout
    assert f"PEPPOLBIS-T76.sch {file}" in part.stdout
    assert (nowhere.returncode, nowhere.stdout) == (2, "") and kept in nowhere.stderr


# Drops the two powers by which root reads and writes what it may not (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH).
_ORDINARY = """
import ctypes, os, sys
if os.geteuid() == 0:
    libc = ctypes.CDLL(None, use_errno=True)
    for power in (1, 2):
        libc.prctl(24, power, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-m", "avrop.project.cli", *sys.argv[1:]])
"""


def _as_ordinary_user(*words: str, **environment: object) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("AVROP_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", _ORDINARY, *words],
        env={**clean, **{key: str(value) for key, value in environment.items()}},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("spoiled", ["", "[]", '{"format": 1, "inst', '{"installed": [{"x": 1}]}'])
def test_a_spoiled_index_is_said_and_mended_by_importing_again(
    tmp_path, capsys, speak, settings, db, spoiled: str
) -> None:
    speak("nn")
    folder = str(_release(tmp_path / "2031.5", RULE.format(test="true()")))
    here(capsys, "standards", "import", folder)
    index = settings.AVROP_DIR / "standards/index.json"
    index.write_text(spoiled)
    done = here(capsys, "standards", "list")
    assert (done.status, done.out, "index.json er øydelagd" in done.error) == (2, "", True)
    checks = here(capsys, "doctor", "--json").objects[0]["checks"]
    assert [one["ok"] for one in checks if one["name"] == "official rules"] == [False]
    (tmp_path / "order.xml").write_text(ORDER)
    (judged,) = here(capsys, "validate", str(tmp_path / "order.xml"), "--json").objects
    assert (judged["rule_set"], judged["valid"]) == ("not installed", None)
    assert here(capsys, "standards", "import", folder).out.startswith("installert ")
    assert "PEPPOLBIS-T01" in here(capsys, "standards", "list").out
    assert index.with_suffix(".spoiled").read_text() == spoiled


@pytest.mark.parametrize(
    ("language", "words"),
    [("nn", "av ukjend utgåve"), ("nb", "av ukjent utgave"), ("en", "of an unknown release")],
)
def test_rules_whose_release_nothing_says_are_taken_in_and_that_is_said(
    tmp_path, capsys, speak, language: str, words: str
) -> None:
    speak(language)
    folder = _release(tmp_path / "rules", RULE.format(test="true()"))
    done = here(capsys, "standards", "import", str(folder))
    assert done.status == 0 and f"PEPPOLBIS-T01 {words} (1)" in done.out


def test_a_folder_named_with_its_release_tells_it_as_a_zip_does(tmp_path, capsys, monkeypatch) -> None:
    folder = _release(tmp_path / "peppol-2031.5", RULE.format(test="true()"))
    (one,) = here(capsys, "standards", "import", str(folder), "--json").objects
    monkeypatch.chdir(folder)
    (two,) = here(capsys, "standards", "import", ".", "--json").objects
    assert (one["release"], two["release"]) == ("2031.5", "2031.5")
    assert [one["sets"][0]["status"], two["sets"][0]["status"]] == ["installed", "already"]


def test_a_set_with_a_missing_include_is_refused_by_name_and_its_neighbour_kept(
    tmp_path, capsys, speak, shared
) -> None:
    speak("en")
    good = shared / "standards" / "peppol" / "postaward" / "2026.5" / "sch" / "PEPPOLBIS-T76.sch"
    (tmp_path / "PEPPOLBIS-T76.sch").write_bytes(good.read_bytes())
    sch = '<schema xmlns="http://purl.oclc.org/dsdl/schematron"><include href="%s"/></schema>'
    (tmp_path / "PEPPOLBIS-T01.sch").write_text(sch % "parts/gone.sch")
    (tmp_path / "PEPPOLBIS-T19.sch").write_text(sch % "../../etc/passwd")
    done = here(capsys, "standards", "import", str(tmp_path), "--json")
    (told,) = done.objects
    assert (done.status, done.err, told["document_types"]) == (1, "", ["order_response"])
    refused = {one["name"]: one["reason"] for one in told["refused"]}
    assert refused == {
        "PEPPOLBIS-T01": "the file parts/gone.sch, which it includes, is missing",
        "PEPPOLBIS-T19": "it includes ../../etc/passwd, which is outside the release",
    }


def test_a_bad_folder_in_avrop_standards_stops_nothing_and_the_doctor_tells(tmp_path, shared) -> None:
    places = f"/nowhere:{shared}/standards/peppol/postaward/2026.5"
    done = apart("doctor", "--json", folder=tmp_path / "d", AVROP_STANDARDS=places, AVROP_LANGUAGE="en")
    checks = {check["name"]: check for check in done.objects[0]["checks"]}
    assert (checks["AVROP_STANDARDS"]["ok"], checks["AVROP_STANDARDS"]["detail"]) == (
        False,
        "/nowhere cannot be read.",
    )
    assert checks["rules PEPPOLBIS-T01"] == {"name": "rules PEPPOLBIS-T01", "ok": True, "detail": "2026.5"}


# --- validate


@pytest.mark.shared
def test_validate_gives_exactly_the_stated_verdicts_and_fatal_ids(shared, rules, settings, capsys) -> None:
    standards.use(settings.AVROP_DIR, rules)
    rows = json.loads((shared / "standards" / "expected.json").read_text())["files"]
    stated = {row["path"]: row for row in rows if row["expected"] in ("valid", "invalid")}
    root = shared / "standards"
    done = here(capsys, "validate", "--json", *(str(root / path) for path in stated))
    told = {str(Path(one["file"]).relative_to(root)): one for one in done.objects}
    assert (len(told), done.status, done.err) == (len(stated), 1, "")
    judged = 0
    for path, row in stated.items():
        one = told[path]
        if one["valid"] is None:
            assert (one["rule_set"], one["findings"]) == ("not installed", []), path
            assert one["document_type"] not in SURE or "extended" in row["customization"], path
            continue
        fatal = {finding["id"] for finding in one["findings"] if finding["severity"] == "fatal"}
        assert (path, one["valid"], fatal) == (path, row["expected"] == "valid", set(row["fatal"]))
        assert all({"id", "severity", "location", "text"} <= set(finding) for finding in one["findings"])
        judged += one["document_type"] in SURE
    assert judged > 80


SURE = ("order", "order_response", "catalogue", "invoice", "credit_note", "invoice_response")


@pytest.mark.shared
def test_validate_takes_a_release_and_says_which_rules_judged(shared, rules, settings, capsys) -> None:
    standards.use(settings.AVROP_DIR, rules)
    file = str(shared / "standards" / HANDED_OUT)
    (new,) = here(capsys, "validate", file, "--release", "2026.5", "--json").objects
    (none,) = here(capsys, "validate", file, "--release", "1999.1", "--json").objects
    assert new["rule_set"] == "CEN-EN16931-UBL 2026.5 + PEPPOL-EN16931-UBL 2026.5" and new["valid"] is True
    assert (none["rule_set"], none["valid"]) == ("not installed", None)
    assert "release_not_of_date" not in new


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nn", "Desse reglane gjeld frå 01.01.2099; ingen utgåve som gjeld i dag, er installert."),
        ("nb", "Disse reglene gjelder fra 01.01.2099; ingen utgave som gjelder i dag, er installert."),
        ("en", "These rules are in force from 01.01.2099; no release of today is installed."),
    ],
)
def test_validate_says_when_only_a_release_of_later_is_there_to_judge(
    tmp_path, capsys, speak, language: str, words: str
) -> None:
    speak(language)
    folder = _release(tmp_path / "2026.5", RULE.format(test="true()"))
    here(capsys, "standards", "import", str(folder), "--valid-from", "2099-01-01")
    (tmp_path / "order.xml").write_text(ORDER)
    (said,) = here(capsys, "validate", str(tmp_path / "order.xml"), "--json").objects
    assert (said["valid"], said["findings"]) == (True, [])
    assert (said["release_not_of_date"], said["in_force_from"]) == (True, "2099-01-01")
    assert words in here(capsys, "validate", str(tmp_path / "order.xml")).out
    (asked,) = here(capsys, "validate", str(tmp_path / "order.xml"), "--release", "2026.5", "--json").objects
    assert "release_not_of_date" not in asked


@pytest.mark.shared
def test_with_no_rules_nothing_is_judged_and_our_own_checks_still_run(
    shared, tmp_path, capsys, speak
) -> None:
    speak("nn")
    text = (shared / "standards" / HANDED_OUT).read_text("utf-8")
    wrong = tmp_path / "wrong sum.xml"
    start = text.index("<cbc:PayableAmount")
    start = text.index(">", start) + 1
    wrong.write_text(text[:start] + "1" + text[start:], "utf-8")
    good = str(shared / "standards" / HANDED_OUT)
    done = here(capsys, "validate", good, str(wrong), "--json")
    right, bad = done.objects
    assert (right["rule_set"], right["valid"], right["findings"]) == ("not installed", None, [])
    assert "own_checks" not in right
    assert bad["valid"] is None and [f for f in bad["own_checks"] if f["severity"] == "fatal"]
    assert done.status == 1
    shown = here(capsys, "validate", good)
    assert (shown.status, shown.err) == (0, "") and "not installed" in shown.out


def test_a_schema_error_has_the_id_xsd_and_a_broken_file_its_own_reason(
    shared, rules, settings, tmp_path, capsys
) -> None:
    standards.use(settings.AVROP_DIR, rules)
    text = (shared / "standards" / HANDED_OUT).read_text("utf-8")
    (tmp_path / "date.xml").write_text(text.replace("<cbc:IssueDate>20", "<cbc:IssueDate>x20", 1), "utf-8")
    (tmp_path / "cut.xml").write_text(text[:-200], "utf-8")
    (tmp_path / "empty.xml").write_bytes(b"")
    files = [str(tmp_path / name) for name in ("date.xml", "cut.xml", "empty.xml")]
    done = here(capsys, "validate", "--json", *files)
    ids = [[finding["id"] for finding in one["findings"]] for one in done.objects]
    assert (done.status, done.err) == (1, "")
    assert [one["valid"] for one in done.objects] == [False, False, False]
    assert ids == [["XSD"], ["NOT_XML"], ["EMPTY"]]


def test_one_object_per_input_even_where_a_file_cannot_be_read(world, tmp_path, capsys) -> None:
    good = tmp_path / "a.xml"
    good.write_text("<a/>")
    for command in ("validate", "receive"):
        files = [str(good), str(tmp_path / "missing.xml"), str(tmp_path), str(good)]
        done = here(capsys, command, "--json", *files)
        assert [one["file"] for one in done.objects] == files, done.err
        assert done.status == 2
        assert len(done.err.splitlines()) == 2


# --- receive


RECEIVED = {"file", "message", "document_type", "number", "buyer", "state", "order", "lines", "reason"}


def test_receive_tells_where_each_file_ended_and_why(world, shared, tmp_path, capsys, speak) -> None:
    speak("en")
    invoice = (shared / "standards" / HANDED_OUT).read_text("utf-8")
    mine = tmp_path / "invoice.xml"
    mine.write_text(invoice.replace('schemeID="0002">FR23342', f'schemeID="0192">{world.bremnes.orgnr}'))
    stranger = shared / "standards" / HANDED_OUT
    nothing = tmp_path / "empty.xml"
    nothing.write_bytes(b"")
    done = here(capsys, "receive", "--json", str(mine), str(stranger), str(nothing), str(mine))
    first, second, third, again = done.objects
    assert (done.status, done.err) == (1, "")
    assert all(set(one) >= RECEIVED for one in done.objects)
    assert (first["state"], first["buyer"], first["document_type"]) == ("without_order", "bremnes", "invoice")
    assert (second["state"], second["reason"]) == ("refused", "Nobody here has the address 0002:FR23342.")
    assert (third["state"], third["reason"]) == ("refused", "The file is empty.")
    assert (again["message"], again["state"]) == (first["message"], first["state"])
    people = here(capsys, "receive", str(nothing))
    assert people.out == f"{nothing}  -  -  refused: The file is empty.\n"


def tidy(done: Done) -> None:
    """Nothing of Django's or Python's shows."""
    for noise in ("Traceback", "Warning", "warning", "django"):
        assert noise not in done.err + done.out


def test_commands_in_processes_of_their_own_make_no_noise(tmp_path) -> None:
    for words in ([], ["--version"], ["doctor"], ["standards", "list"], ["help", "serve"], ["validate", "x"]):
        tidy(apart(*words, folder=tmp_path / "d"))
