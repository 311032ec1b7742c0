"""A file that must never be read stands beside the installation; everything that could make somebody read it is tried.

The canary's text appears nowhere: no output, no table, no page, no log, no file in the data folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse

from avrop.invoicing.models import Invoice
from avrop.journal import worker
from avrop.journal.models import Delivery
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.project import standards
from avrop.tenancy.scope import as_system, everything
from avrop.ubl.rulesets import Registry
from avrop.web.refusals import known

pytestmark = [pytest.mark.shared, pytest.mark.django_db]

CANARY = "the canary sings at midnight 7341"
EXAMPLE = "peppol/billing/2026.5/examples/base-example.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
ENVELOPE = (
    '<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
    "{0}</StandardBusinessDocument>"
)

# These are well-formed and hold no DOCTYPE: they come in, and what they point at is left alone.
HARMLESS = {
    "xinclude in a note",
    "xinclude in an extension",
    "schema location",
    "stylesheet",
    "external attachment",
    "cdata that looks like a doctype",
}


def tricks(body: str, canary: str) -> dict[str, bytes]:
    """Name -> bytes. `body` is a good invoice without declaration, `canary` the address of the file."""
    start = body.index(">", body.index("<Invoice")) + 1
    head, rest = body[:start], body[start:]
    noted = body.replace("</cbc:IssueDate>", "</cbc:IssueDate><cbc:Note>&c;</cbc:Note>", 1)
    extension = (
        '<ext:UBLExtensions xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">'
        "<ext:UBLExtension><ext:ExtensionContent>{0}</ext:ExtensionContent></ext:UBLExtension>"
        "</ext:UBLExtensions>"
    )
    included = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}" parse="text"/>'
    located = (
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 {canary}" xml:base="{canary}">'
    )
    attached = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cac:ExternalReference>"
        f"<cbc:URI>{canary}</cbc:URI></cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    external = f'<!DOCTYPE Invoice [<!ENTITY c SYSTEM "{canary}">]>'
    parameter = f'<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "{canary}"> %p;]>'
    texts = {
        "external entity": external + noted,
        "entity without a doctype": noted,
        "parameter entity": parameter + body,
        "external subset": f'<!DOCTYPE Invoice SYSTEM "{canary}">' + body,
        "notation": f'<!DOCTYPE Invoice [<!NOTATION n SYSTEM "{canary}">]>' + body,
        "billion laughs": f'<!DOCTYPE Invoice [<!ENTITY l0 "ha">{LAUGHS}]>' + noted.replace("&c;", "&l11;"),
        "xinclude in a note": noted.replace("&c;", included),
        "xinclude in an extension": head + extension.format(included) + rest,
        "schema location": head[:-1] + located + rest,
        "stylesheet": f'<?xml-stylesheet type="text/xsl" href="{canary}"?>' + body,
        "external attachment": body.replace("<cac:AccountingSupp", attached + "<cac:AccountingSupp", 1),
        "in an envelope": ENVELOPE.format(noted),
        "doctype in an envelope": external + ENVELOPE.format(noted),
        "cdata that looks like a doctype": noted.replace("&c;", f"<![CDATA[{external}&c;]]>"),
    }  # fmt: skip
    found = {name: text.encode() for name, text in texts.items()}
    declared = '<?xml version="1.0" encoding="{0}"?>'
    both = external + noted
    return found | {
        "utf-7": declared.format("utf-7").encode() + both.encode("utf-7"),
        "utf-7 undeclared": both.encode("utf-7"),
        "utf-16 with mark": (declared.format("utf-16") + both).encode("utf-16"),
        "utf-16 without mark": both.encode("utf-16-le"),
        "utf-16 said, utf-8 given": (declared.format("utf-16") + both).encode(),
        "utf-8 said, utf-16 given": (declared.format("utf-8") + both).encode("utf-16"),
        "utf-32": both.encode("utf-32"),
        "ebcdic": (declared.format("cp037") + both).encode("cp037"),
        "version 1.1": (declared.format("utf-8").replace("1.0", "1.1") + both).encode(),
        "nul bytes": body.replace("<cbc:ID>", "<cbc:ID>\x00", 1).encode(),
        "nul bytes first": b"\x00\x00\x00" + both.encode(),
        "nul by reference": body.replace("<cbc:ID>", "<cbc:ID>&#0;", 1).encode(),
        "two marks": b"\xef\xbb\xbf\xef\xbb\xbf" + both.encode(),
        "overlong": body.encode().replace(b"<cbc:ID>", b"<cbc:ID>\xc0\xbc", 1),
    }


@pytest.fixture
def canary(tmp_path) -> str:
    file = tmp_path / "canary.txt"
    file.write_text(CANARY)
    return file.as_uri()


def body_for(shared: Path, orgnr: str) -> str:
    text = (shared / "standards" / EXAMPLE).read_text("utf-8")
    text = text[text.index("<Invoice") :]
    assert 'schemeID="0002">FR23342' in text
    return text.replace('schemeID="0002">FR23342', f'schemeID="0192">{orgnr}')


@pytest.mark.parametrize("judged", [True, False], ids=["official rules", "no rules"])
def test_the_canary_is_in_no_table_page_or_log(
    world, shared, canary, client, caplog, settings, rules, judged
) -> None:
    if judged:
        standards.use(settings.AVROP_DIR, rules)
    went: dict[str, str] = {}
    for name, raw in tricks(body_for(shared, world.bremnes.orgnr), canary).items():
        got = intake.receive(raw, transport="file")
        worker.run_until_idle()
        with as_system(got.owner_id):
            message = Message.objects.get(id=got.message_id)
        assert message.state in ("refused", "routed"), name
        assert message.state == "routed" or known(message.reason), (name, message.reason)
        went[name] = message.state
    assert {name for name, state in went.items() if state == "routed"} == HARMLESS
    with everything("the test looks"):
        assert not Delivery.objects.exclude(state="done").exists()
    assert CANARY not in everything_stored()
    assert CANARY not in caplog.text
    for page in pages(client, world):
        assert page.status_code == 200
        assert (
            CANARY.encode() not in b"".join(page) if page.streaming else CANARY.encode() not in page.content
        )


def everything_stored() -> str:
    """Every row of every table of ours."""
    with everything("the test looks for the canary"):
        models = [m for m in apps.get_models() if m.__module__.startswith("avrop.")]
        return "\n".join(str(list(model._base_manager.values())) for model in models)


def pages(client, world):
    with everything("the test looks"):
        found = [(m.owner_id, "messaging:message", {"message_id": m.id}) for m in Message.objects.all()]
        found += [(m.owner_id, "messaging:original", {"message_id": m.id}) for m in Message.objects.all()]
        found += [(i.buyer_id, "invoicing:invoice", {"invoice_id": i.id}) for i in Invoice.objects.all()]
    found += [(world.bremnes.id, "journal:cases", {}), (world.bremnes.id, "invoicing:list", {})]
    for owner, name, key in found:
        person, slug = ("fakta", "bremnes") if owner == world.bremnes.id else ("drift", "plattform")
        client.force_login(world.people[person])
        yield client.get(reverse(name, kwargs={"slug": slug, **key}))


@pytest.fixture(scope="module")
def rules(shared: Path, tmp_path_factory) -> Registry:
    registry = Registry(tmp_path_factory.mktemp("rulesets"))
    for part in ("ubl/2.3", "peppol/billing/2026.5"):
        registry.install(shared / "standards" / part)
    return registry


def test_the_canary_is_in_no_output_and_no_file_of_the_installation(shared, tmp_path, canary) -> None:
    home = tmp_path / "data"
    (tmp_path / "kommune.toml").write_text(
        '[[organisation]]\nslug = "viksund"\nkind = "buyer"\nname = "Viksund kommune"\norgnr = "305218022"\n'
        '[[organisation]]\nslug = "plattform"\nkind = "platform"\nname = "Drift"\norgnr = "314159268"\n'
    )
    files = []
    for number, raw in enumerate(tricks(body_for(shared, "305218022"), canary).values()):
        files.append(tmp_path / f"{number}.xml")
        files[-1].write_bytes(raw)
    names = [str(file) for file in files]
    assert avrop(home, "setup", "import", str(tmp_path / "kommune.toml")).returncode == 0
    received = avrop(home, "receive", "--json", *names)
    judged = avrop(home, "validate", "--json", *names)
    for done in (received, judged):
        assert len([json.loads(line) for line in done.stdout.splitlines()]) == len(files)
        assert (done.returncode, done.stderr) == (1, "")
        assert CANARY not in done.stdout
    assert avrop(home, "audit", "verify").returncode == 0
    for file in home.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file


def avrop(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AVROP_", "DJANGO_", "PYTEST_"))}
    command = [sys.executable, "-m", "avrop.project.cli", *words]
    env = {**clean, "AVROP_DIR": str(home)}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)


def test_seventy_five_megabytes_of_text_are_kept_and_refused(world, shared) -> None:
    body = body_for(shared, world.bremnes.orgnr)
    note = "<cbc:Note>" + "å " * 25_000_000 + "</cbc:Note>"
    raw = body.replace("</cbc:IssueDate>", "</cbc:IssueDate>" + note, 1).encode()
    assert len(raw) > 75_000_000
    got = intake.receive(raw, transport="file")
    assert (got.state, got.reason) == ("refused", "TEXT_TOO_LONG")
    more = intake.receive(b"<a>" + b"x" * 130_000_000, transport="file")
    assert (more.state, more.reason) == ("refused", "TOO_BIG")
