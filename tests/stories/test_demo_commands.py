"""`avrop demo` in the forms that programs use, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from avrop.tenancy.facts import ROLES


def avrop(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, with a data folder of its own and nothing of the tests' database."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AVROP_", "DJANGO_", "PYTEST_"))}
    clean |= {"AVROP_DIR": str(folder), **environment}
    command = [sys.executable, "-m", "avrop.project.cli", *words]
    return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=300, check=False)


def test_play_tells_a_line_a_step_and_ends_in_posted_without_any_rule_set(tmp_path: Path) -> None:
    done = avrop("demo", "--play", "--json", folder=tmp_path / "unused")
    assert done.returncode == 0, done.stderr
    *steps, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert last == {"result": "posted", "steps": len(steps)}
    assert all(set(step) == {"step", "document", "number", "state", "ms"} for step in steps)
    documents = [step["document"] for step in steps]
    for kind in ("requisition", "order", "order_response", "receipt", "invoice", "match", "batch", "posting"):
        assert kind in documents
    assert not (tmp_path / "unused").exists()


def test_no_serve_fills_once_and_lists_what_is_in_it(tmp_path: Path) -> None:
    done = avrop("demo", "--no-serve", "--short", "--json", "--seed", "7", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    (result,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(result["buyers"]) == 3 and len(result["suppliers"]) == 10 and len(result["agreements"]) == 10
    assert all(set(one) == {"slug", "name", "orgnr"} for one in result["buyers"] + result["suppliers"])
    assert all(set(one) == {"ref", "supplier"} for one in result["agreements"])
    assert {role for one in result["logins"] for role in one["roles"]} == set(ROLES)
    assert all(one["login"] and one["password"] and one["organisation"] for one in result["logins"])
    again = avrop("demo", "--no-serve", "--json", folder=tmp_path)
    assert json.loads(again.stdout) == result
    audit = avrop("audit", "verify", "--json", folder=tmp_path, AVROP_DEMO="1")
    assert json.loads(audit.stdout)["ok"] is True
    real = avrop("serve", folder=tmp_path, AVROP_LANGUAGE="en")
    assert (real.returncode, real.stdout) == (2, "")
    assert real.stderr == "There are people with demo passwords here. Use a data folder of its own.\n"
