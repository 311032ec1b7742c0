"""An installation's own things: folders, secret, tables; and what must be right before it may start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from avrop.project import environment, standards
from avrop.schematron import native
from avrop.tenancy.models import Organisation, Person
from avrop.ubl.rulesets import NEEDED
from avrop.web.refusals import explain


class MayNotStart(Exception):
    """A real installation lacks something that makes it safe; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `avrop doctor`."""

    name: str
    ok: bool
    detail: str


def has_tables() -> bool:
    """Whether there is an installation here. Looks only: a missing SQLite file is not made."""
    if connection.vendor == "sqlite" and not _is_there(str(connection.settings_dict["NAME"])):
        return False
    with connection.cursor() as cursor:
        return "tenancy_organisation" in connection.introspection.table_names(cursor)


def _is_there(name: str) -> bool:
    return name.startswith("file:") or name == ":memory:" or Path(name).is_file()


def prepare() -> None:
    """Make the data folder, its secret and the tables. Safe to call again."""
    Path(settings.AVROP_DIR).mkdir(parents=True, exist_ok=True)
    environment.make_secret(Path(settings.AVROP_DIR))
    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)


def ensure_secret() -> None:
    """Raises MayNotStart: the default secret (or none) outside a demo."""
    if settings.AVROP_DEMO:
        return
    if environment.secret(Path(settings.AVROP_DIR)) in ("", environment.DEFAULT_SECRET):
        raise MayNotStart(_("The secret is the default one. Set AVROP_SECRET, or let avrop make its own."))


def ensure_safe() -> None:
    """Raises MayNotStart: a default secret or demo passwords outside a demo."""
    ensure_secret()
    if settings.AVROP_DEMO:
        return
    if Person.objects.filter(demo=True, is_active=True).exists():
        raise MayNotStart(_("There are people with demo passwords here. Use a data folder of its own."))


def checks() -> list[Check]:
    """Everything that `avrop doctor` looks at."""
    return [
        _database(),
        _folder(),
        *_rule_sets(),
        _rule_engine(),
        _search(),
        _pdf(),
        _access_point(),
        _operator(),
    ]


def buyers() -> list[str]:
    """Short names of the buyers here; empty while there are no tables."""
    try:
        if not has_tables():
            return []
        return list(Organisation.objects.filter(kind="buyer").order_by("slug").values_list("slug", flat=True))
    except DatabaseError:
        return []


def _database() -> Check:
    try:
        if not has_tables():
            return Check("database", False, _("no installation yet"))
        return Check("database", True, connection.vendor)
    except DatabaseError as error:
        return Check("database", False, str(error).splitlines()[0])


def _folder() -> Check:
    folder = Path(settings.AVROP_DIR)
    return Check("data folder", folder.is_dir(), str(folder))


def _rule_sets() -> list[Check]:
    registry = standards.registry()
    missing = set(registry.missing())
    bad = [
        Check("AVROP_STANDARDS", False, explain(why, {"path": p})) for p, why in standards.unusable().items()
    ]
    if registry.index.spoiled:
        text = _("%(file)s is spoiled. Import your releases again.") % {
            "file": registry.folder / "index.json"
        }
        bad.append(Check("official rules", False, text))
    return [*bad, *(Check(f"rules {n}", n not in missing, _rule_detail(n, missing)) for n in NEEDED)]


def _rule_detail(name: str, missing: set[str]) -> str:
    if name in missing:
        return "not installed"
    releases = [entry.release for entry in standards.registry().listing() if entry.name == name]
    return ", ".join(releases)


def _rule_engine() -> Check:
    """What judges; both find the same, so neither is a fault."""
    return Check("rule engine", True, "avrop-native" if native.MODULE else "Python")


def _search() -> Check:
    return Check("search index", True, _("in the database"))


def _pdf() -> Check:
    try:
        import typst

        return Check("PDF", True, f"typst {getattr(typst, '__version__', '')}".strip())
    except ImportError:
        return Check("PDF", False, "typst is missing")


def _access_point() -> Check:
    return Check("access point", True, _("local only: buyers and suppliers on this installation"))


def _operator() -> Check:
    try:
        # One without an organisation number was made by something that came in for nobody; nobody set it up.
        set_up = Organisation.objects.filter(slug=settings.AVROP_OPERATOR).exclude(orgnr="")
        found = has_tables() and set_up.exists()
    except DatabaseError:
        found = False
    return Check("operator", found, settings.AVROP_OPERATOR)
