"""`avrop validate FILE...`: judges files, stores nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, get_args

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from avrop.kernel.finding import Finding, Refusal
from avrop.kernel.ports import today
from avrop.project import standards
from avrop.project.management.base import AvropCommand, Unusable, read_bytes
from avrop.ubl import checks, gate, sbdh
from avrop.ubl.documents import invoice
from avrop.ubl.engines import EngineName
from avrop.ubl.findings import figures_of, from_refusal, place_of, text_for
from avrop.ubl.rulesets import NOT_INSTALLED, Verdict
from avrop.web.format import day
from avrop.web.refusals import explain


class Command(AvropCommand):
    """Judges files by XSD and the rule set that their CustomizationID and ProfileID name."""

    help = gettext_lazy("judges files by the official rules that they name, and stores nothing")
    example = "avrop validate invoice.xml --json"
    needs_tables = False

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--release", help=_("one official release, e.g. 2026.5 (default: the one in force today)")
        )
        parser.add_argument(
            "--engine", choices=get_args(EngineName), default="compiled", help=_("what runs the rules")
        )

    def run(self, options: dict[str, Any]) -> int:
        status = 0
        for path in options["files"]:
            try:
                raw = read_bytes(path)
            except Unusable as error:
                self.give({"file": str(path), **UNREADABLE, "reason": str(error)})
                self.say(str(error))
                status = 2
                continue
            result = {"file": str(path), **judge(raw, options["release"], options["engine"])}
            self.give(result, _text(result))
            if status != 2 and (result["valid"] is False or _own_fault(result)):
                status = 1
        return status


UNREADABLE: dict[str, Any] = {"document_type": None, "rule_set": None, "valid": None, "findings": []}


def judge(raw: bytes, release: str | None = None, engine: EngineName = "compiled") -> dict[str, Any]:
    """The verdict on some bytes in the form that the command prints."""
    try:
        _header, document = sbdh.unwrap(gate.admit(raw).root)
    except Refusal as refusal:
        finding = Finding(refusal.code, "fatal", text=explain(refusal.code, refusal.params))
        return {"document_type": None, "rule_set": "gate", "valid": False, "findings": [finding.as_dict()]}
    verdict = standards.registry().judge(document, on=today(), release=release)
    return _plain(verdict, _own(document, verdict))


def _own_fault(result: dict[str, Any]) -> bool:
    return any(finding["severity"] == "fatal" for finding in result.get("own_checks", ()))


def _own(document: Any, verdict: Verdict) -> tuple[Finding, ...]:
    """Our own checks of an invoice that no official rules have judged."""
    if verdict.rule_set != NOT_INSTALLED or verdict.document_type not in ("invoice", "credit_note"):
        return ()
    try:
        return checks.check_invoice(invoice.read(document))
    except Refusal as refusal:
        return (from_refusal(refusal),)


def _plain(verdict: Verdict, own: tuple[Finding, ...]) -> dict[str, Any]:
    language = (get_language() or "nn")[:2]
    result: dict[str, Any] = {
        "document_type": verdict.document_type,
        "rule_set": verdict.rule_set,
        "valid": verdict.valid,
        "findings": [_said(finding, language) for finding in verdict.findings],
    }
    if verdict.too_late:
        result |= {"release_not_of_date": True, "in_force_from": verdict.too_late.isoformat()}
    if own:
        result["own_checks"] = [_said(finding, language) for finding in own]
    return result


def _said(finding: Finding, language: str) -> dict[str, object]:
    return {
        **finding.as_dict(),
        "message": f"{text_for(finding, language)} {figures_of(finding, language)}".rstrip(),
        "place": place_of(finding, language),
    }


def _text(result: dict[str, Any]) -> str:
    verdict = {True: _("valid"), False: _("not valid"), None: _("not judged")}[result["valid"]]
    lines = [f"{result['file']}: {verdict} ({result['document_type'] or '-'}, {result['rule_set']})"]
    if result.get("release_not_of_date"):
        text = _("These rules are in force from %(first)s; no release of today is installed.")
        lines.append("  " + text % {"first": day(date.fromisoformat(result["in_force_from"]))})
    for finding in [*result["findings"], *result.get("own_checks", [])]:
        place = f"{finding['place']}: " if finding.get("place") else ""
        lines.append(f"  {place}{finding.get('message', finding['text'])}")
        lines.append(f"    {finding['id']} [{finding['severity']}] {finding['location']}".rstrip())
    return "\n".join(lines)
