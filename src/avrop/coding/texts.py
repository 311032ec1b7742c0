"""Sentences for this room's refusals and warnings."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "EMPTY_FILE": _("The file is empty or is not text."),
    "NO_COLUMNS": _("The file has no columns for account and responsibility. Found: %(found)s."),
    "NO_BUDGET_COLUMN": _("The file has no budget column for %(year)s. Found: %(found)s."),
    "YEAR_MISSING": _("The amount column does not say which year it is for. Say the year."),
    "CODING_NOT_YOURS": _("Only the accountant and the local administrator may change the coding."),
    "NO_BUYER": _("Choose a buyer first."),
}

SOURCES = {
    "line": _("written on the line"),
    "item": _("rule for the item"),
    "category": _("rule for the category"),
    "favourite": _("your favourite"),
    "person": _("your default"),
    "unit": _("the unit's default"),
    "none": _("no suggestion"),
}

REASONS = {
    "SHORT_ROW": _("the line has too few columns"),
    "BAD_CODE": _("the code is too long or has spaces"),
    "NO_ACCOUNT": _("the account is missing"),
    "NO_RESPONSIBILITY": _("the responsibility is missing"),
    "BAD_AMOUNT": _("the amount cannot be read"),
}

MODES = {
    "none": _("Orders are not checked against the budget."),
    "warn": _("A passed budget gives a warning."),
    "block": _("Nothing can be approved that passes the budget."),
}

WARNINGS = {"KOSTRA_RETIRED": _("not in the KOSTRA list in force")}
DIMENSIONS = {
    "account": _("account"),
    "responsibility": _("responsibility"),
    "function": _("function"),
    "project": _("project"),
}
# The same as a heading or a choice.
DIMENSION_NAMES = {
    "account": _("Account"),
    "responsibility": _("Responsibility"),
    "function": _("Function"),
    "project": _("Project"),
}
