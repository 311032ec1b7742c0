"""Why the command line or a rule set was refused, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "NOT_FOUND": _("%(path)s cannot be read."),
    "NOT_A_RELEASE": _("%(path)s holds no official rules or schemas that Avrop knows."),
    "NO_ACCESS": _("%(path)s may not be read by the user that runs avrop."),
    "NOT_KEPT": _("The rules cannot be kept: %(path)s cannot be written."),
    "BAD_ZIP": _("%(path)s is not a zip file that can be read."),
    "UNSAFE_ZIP": _("%(path)s is not taken in: it holds a name that leads outside, or the same name twice."),
    "ZIP_BOMB": _("%(path)s is not taken in: unpacked it is larger than any official release."),
    # what became of an invoice that `avrop receive` took
    "DUPLICATE": _("The same invoice has come before."),
    "FILED": _("It is kept to be read; there is nothing to pay."),
    "INVALID": _("It breaks the rules."),
    "REJECTED": _("The invoice has been rejected."),
}

# A rule set that was not taken in; `name` is the file, element or expression at fault.
RULE_SETS = {
    "INCLUDE_MISSING": _("the file %(name)s, which it includes, is missing"),
    "CODE_LIST_MISSING": _("the code list %(name)s, which its structure names, is missing"),
    "NOT_STRUCTURE": _("a part of it is to be made from a structure file that has no %(name)s"),
    "INCLUDE_OUTSIDE": _("it includes %(name)s, which is outside the release"),
    "INCLUDE_DEPTH": _("its includes go in a circle or too deep (%(name)s)"),
    "NOT_XML": _("%(name)s is not XML"),
    "DOCTYPE": _("%(name)s has a document type declaration (DOCTYPE)"),
    "NOT_SCHEMATRON": _("%(name)s is not Schematron"),
    "NOT_SUPPORTED": _("it uses %(name)s, which Avrop does not run"),
    "TOO_BIG": _("the file %(name)s is larger than any official one"),
    "NO_ACCESS": _("the file %(name)s may not be read"),
    "UNREADABLE": _("the file %(name)s cannot be unpacked"),
    "NO_RULES": _("%(name)s has no rules in it"),
    "NOT_COMPILED": _("its rules cannot be compiled"),
}


def rule_set_text(reason: str) -> str:
    """The sentence for the reason of a refused rule set, "CODE: name (detail)"."""
    code, _colon, rest = reason.partition(": ")
    text = RULE_SETS.get(code)
    if text is None:
        return reason
    name, _space, detail = rest.partition(" (")
    return str(text) % {"name": name} + (f" ({detail}" if detail else "")
