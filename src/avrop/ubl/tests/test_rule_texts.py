"""Every official rule that a message can break has our own text in three languages, and none of it is copied."""

from __future__ import annotations

import csv
import re
import string
import sys
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
from lxml import etree

from avrop.kernel.finding import Finding
from avrop.ubl.findings import LANGUAGES, field_of, figures_of, known_ids, source_of, text_for, text_of_rule

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tools"))
import rule_fields

SCH = "{http://purl.oclc.org/dsdl/schematron}"
SETS = (
    *(f"billing/2026.5/sch/{name}.sch" for name in ("CEN-EN16931-UBL", "PEPPOL-EN16931-UBL", "PEPPOL-EN16931-UBL-SB")),
    *(f"postaward/2026.5/sch/PEPPOLBIS-T{n}.sch" for n in (1, 16, 19, 58, 71, 76, 77, 110, 111, 114, 115, 116)),
    "mls/1.0.1/sch/peppol-mls-1.0.1.sch",
    "reporting/eusr/1.1.5/sch/peppol-end-user-statistics-reporting-1.1.5.sch",
    "reporting/tsr/1.0.5/sch/peppol-transaction-statistics-reporting-1.0.5.sch",
)  # fmt: skip
COUNTRY = re.compile(r"(DE|DK|SE|IS|IT|NL|GR)-")
# How much of our English sentence may be the official words in their order (1.0: the same sentence). The name of a
# business term and its number alone make half of a short one.
BOUND = 0.60


@dataclass(frozen=True)
class Rule:
    """An official assert: its id, its severity and its own English sentence."""

    id: str
    severity: str
    official: str


@cache
def rules(folder: Path) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for name in SETS:
        for check in etree.parse(folder / name.replace("-T1.", "-T01.")).iter(f"{SCH}assert", f"{SCH}report"):
            ident = check.get("id") or ""
            said = " ".join("".join(str(part) for part in check.itertext()).split())
            flag = check.get("flag") or check.get("role") or "fatal"
            found.setdefault(ident, Rule(ident, flag, re.sub(r"^\[[^\]]*\]\s*-?\s*", "", said)))
    return tuple(found.values())


@pytest.fixture
def official(shared: Path) -> tuple[Rule, ...]:
    return rules(shared / "standards/peppol")


@pytest.mark.shared
def test_every_rule_has_a_text_of_its_own_or_of_its_kind(official: tuple[Rule, ...], capsys) -> None:
    """The families without a field are other countries' rules alone: they say whose they are."""
    counted = Counter(source_of(rule.id) for rule in official)
    with capsys.disabled():
        print(f"\n{len(official)} rules: {dict(counted)}")
    assert [rule.id for rule in official if source_of(rule.id) == "none"] == []
    assert [r.id for r in official if source_of(r.id) == "family" and not COUNTRY.match(r.id)] == []
    assert counted["own"] >= 430 and counted["kind"] >= 2300


@pytest.mark.shared
def test_every_business_rule_of_en_16931_and_of_norway_has_a_text_of_its_own(
    official: tuple[Rule, ...],
) -> None:
    ours = known_ids()
    assert [r.id for r in official if re.match(r"(BR|NO|PEPPOL-EN16931)-", r.id) and r.id not in ours] == []


@pytest.mark.shared
def test_every_text_is_whole_in_three_languages(official: tuple[Rule, ...]) -> None:
    """Filled parameters, a full stop, and three different texts: Norwegian ones are not each other's copy."""
    for rule in official:
        texts = [text_for(Finding(rule.id, _severity(rule)), language) for language in LANGUAGES]
        for text in texts:
            assert "{" not in text and "«»" not in text and "()" not in text and "  " not in text, (
                rule,
                text,
            )
            assert text[0].isupper() and text.endswith("."), (rule.id, text)
        assert texts[2] not in texts[:2], rule.id


@pytest.mark.shared
def test_a_text_about_an_invoice_names_its_business_term(official: tuple[Rule, ...]) -> None:
    """BT-n and BG-n of the official sentence: at least one of them is in ours, except where many are meant."""
    lacking = []
    for rule in official:
        terms = set(re.findall(r"B[TG]-\d+", rule.official))
        if terms and rule.id.startswith("BR-") and not COUNTRY.match(rule.id):
            ours = set(re.findall(r"B[TG]-\d+", text_for(Finding(rule.id, "fatal"), "nn")))
            if not ours & terms:
                lacking.append(rule.id)
    assert lacking == ["BR-B-01", "BR-B-02"]  # the Italian split payment, about every line of a whole invoice


@pytest.mark.shared
def test_no_official_sentence_is_copied(official: tuple[Rule, ...]) -> None:
    """Facts carry over, sentences do not: word by word our English is never close to the official English."""
    close = {}
    official_sets = ("cen", "peppol", "postaward", "reports")
    own = {key: row["en"] for name in official_sets for row in _table(f"findings/{name}.csv")
           for key in row["ids"].split()}  # fmt: skip
    for rule in official:
        ours = own.get(rule.id)
        if ours is None:
            continue
        ratio = SequenceMatcher(None, _words(ours), _words(rule.official), autojunk=False).ratio()
        if ratio >= BOUND:
            close[rule.id] = (round(ratio, 2), ours, rule.official)
    assert close == {}


@pytest.mark.shared
def test_the_field_of_a_generated_rule_is_what_the_rule_itself_names(shared: Path) -> None:
    """The table was read from these files; another release beside them must agree or the guard must hold."""
    table = {row["id"]: row for row in _table("rule_fields.csv")}
    seen = set()
    for release in ("2025.11", "2026.5"):
        for file in sorted((shared / "standards/peppol/postaward" / release / "sch").glob("*.sch")):
            for fact in rule_fields.facts(file):
                assert tuple(table[fact[0]].values()) == fact
                seen.add(fact[0])
    assert len(seen) > 1600


def test_a_rule_number_that_a_later_release_gives_to_another_element_names_no_field() -> None:
    """PEPPOL-T01-B00106 is about the head of the order; under a line it is a rule that we do not know."""
    assert field_of(Finding("PEPPOL-T01-B00106", "fatal", "/Order")) is not None
    moved = Finding("PEPPOL-T01-B00106", "fatal", "/Order/cac:OrderLine[2]/cac:LineItem")
    assert field_of(moved) is None
    assert text_for(moved, "nn") == "Meldinga bryt regelen PEPPOL-T01-B00106."


@pytest.mark.parametrize(
    ("rule", "severity", "location", "said"),
    [
        ("PEPPOL-T01-B00106", "fatal", "/Order",
         "Feltet «kjøpar (BuyerCustomerParty)» manglar her. Avsendaren må fylle det ut."),
        ("PEPPOL-T01-B24101", "fatal", "/Order/cac:OrderLine[2]/cac:LineItem/cbc:Quantity",
         "Feltet manglar måleining (unitCode). Avsendaren må fylle det ut."),
        ("PEPPOL-T01-B13602", "fatal", "/Order/cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:Foo",
         "Feltet «Foo» er ikkje i bruk i denne meldingstypen. Avsendaren må ta det bort."),
        ("UBL-SR-09", "fatal", "/Invoice",
         "Feltet «seljar, registrert namn (RegistrationName)» kan berre stå éin gong. "
         "Avsendaren må ta bort dei som er for mange."),
        ("UBL-CR-519", "warning", "/Invoice",
         "Feltet «linje, om vara er gratis (FreeOfChargeIndicator)» er ikkje i bruk i fakturaer. "
         "Det hindrar ikkje at meldinga blir brukt."),
        ("BR-AE-05", "fatal", "/Invoice/cac:InvoiceLine[3]",
         "Mva-satsen på linja (BT-152) må vere 0 ved mva-kategori AE (omvend avgiftsplikt). "
         "Avsendaren må rette det."),
        ("BR-IC-12", "fatal", "/Invoice",
         "Ved mva-kategori K (sal innan EØS) må landet det er levert til (BT-80), vere med. "
         "Avsendaren må fylle det ut."),
        ("PEPPOL-T01-R002", "warning", "/Order",
         "Bestillinga bør seie kor lenge ho gjeld. Avsendaren bør fylle det ut."),
        ("DE-R-001", "fatal", "/Invoice",
         "Dette er ein tysk regel. Han gjeld når seljaren er tysk. Den offisielle teksten seier kva som må rettast."),
    ],
)  # fmt: skip
def test_a_text_says_what_is_wrong_and_what_to_do(rule: str, severity: str, location: str, said: str) -> None:
    assert text_for(Finding(rule, severity, location), "nn") == said  # type: ignore[arg-type]


def test_what_the_receivers_system_wrote_is_said_in_our_words_too() -> None:
    """An answer (MLR or MLS) has its own code; the rule it means stands first in its sentence."""
    answered = Finding("BV", "fatal", "/Invoice", "[BR-16] An invoice shall have at least one line")
    assert text_for(answered, "nb") == (
        "Mottakerens system sier at en regel er brutt. Fakturaen har ingen fakturalinje (BG-25). "
        "Avsenderen må rette det."
    )
    assert (
        text_for(Finding("BV", "fatal", "", "Sums are wrong"), "nb")
        == "Mottakerens system sier at en regel er brutt."
    )
    assert text_of_rule("[BR-16] whatever", "en").startswith("The invoice has no invoice line (BG-25).")
    assert text_of_rule("no rule is named", "en") == text_of_rule("", "en") == ""
    assert text_of_rule("BV-BV: text", "en") == ""


@pytest.mark.shared
def test_the_rules_of_norwegian_reminders_and_payment_requests_have_texts_too(shared: Path) -> None:
    """EHF's rules of 2023, and the older ids of EN 16931 that stand beside them."""
    files = sorted((shared / "standards/ehf/g3-2023-02-compiled-sch").glob("*/*.sch"))
    ids = {check.get("id") or "" for file in files for check in etree.parse(file).iter(f"{SCH}assert")}
    assert len(ids) > 1600
    assert sorted(name for name in ids if source_of(name) == "none") == []
    assert "mva-kategori L" in text_for(Finding("BR-IG-05", "fatal"), "nb")


@pytest.mark.parametrize(
    ("stated", "expected", "said"),
    [
        ("126.00", "125.00", "I dokumentet står det 126,00; utrekninga gir 125,00."),
        ("-1234567.5", "0", "I dokumentet står det \u22121\u00a0234\u00a0567,50; utrekninga gir 0,00."),
    ],
)
def test_what_our_own_check_counted_is_said(stated: str, expected: str, said: str) -> None:
    own = Finding("BR-CO-16", "fatal", "/Invoice", "", {"expected": expected, "amount": stated})
    assert figures_of(own, "nn") == said
    assert figures_of(Finding("BR-CO-16", "fatal"), "nn") == ""


def test_every_table_has_all_languages_and_known_advice() -> None:
    advice = {row["do"] for row in _table("findings/advice.csv")}
    for name in ("own", "cen", "peppol", "postaward", "ehf", "reports", "last", "families", "advice"):
        for row in _table(f"findings/{name}.csv"):
            assert all(row[language].strip() for language in LANGUAGES), (name, row)
            assert name == "advice" or row["do"] in advice | {""}, (name, row)
            named = [{p for _, p, _, _ in string.Formatter().parse(row[lang]) if p} for lang in LANGUAGES]
            assert named[0] == named[1] == named[2], (name, row)


def test_no_norwegian_text_borrows_from_the_other_norwegian() -> None:
    foreign = {
        "nn": {
            "ikke",
            "fra",
            "noe",
            "hva",
            "hvorfor",
            "enhet",
            "mengde",
            "uten",
            "en",
            "et",
            "mangler",
            "må være",
        },
        "nb": {
            "ikkje",
            "frå",
            "noko",
            "kva",
            "kvifor",
            "eining",
            "mengd",
            "utan",
            "ein",
            "eit",
            "manglar",
            "vere",
        },
    }
    for name in ("own", "cen", "peppol", "postaward", "ehf", "reports", "families", "advice"):
        for row in _table(f"findings/{name}.csv"):
            for language, words in foreign.items():
                assert not words & set(_words(row[language])), (language, row[language])


def _table(name: str) -> list[dict[str, str]]:
    return list(
        csv.DictReader((resources.files("avrop.ubl") / "tables" / name).read_text("utf-8").splitlines())
    )


def _severity(rule: Rule) -> str:
    return "warning" if rule.severity == "warning" else "fatal"


def _words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.lower())
