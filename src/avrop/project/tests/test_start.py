"""What must be right before an installation starts, and how a demo is kept apart from a real one."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from avrop.project import environment, installation
from avrop.project.errors import server_error
from avrop.project.tests.command_line import apart, here
from avrop.tenancy.models import Person

SLOWEST = 180  # seconds that a server may need to answer on a machine that is busy with other tests


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, *words: str, **settings: str) -> Iterator[tuple[str, Path]]:
    """`avrop serve` (or another command) in a process of its own: its address, and where its stderr goes."""
    port = free_port()
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AVROP_", "DJANGO_", "PYTEST_"))}
    command = [sys.executable, "-m", "avrop.project.cli", *words, "--port", str(port)]
    said = folder.parent / "stderr"
    with said.open("wb") as out:
        env = {**clean, "AVROP_DIR": str(folder), **settings}
        child = subprocess.Popen(command, env=env, stdout=out, stderr=out, cwd=folder.parent)
    try:
        yield f"http://127.0.0.1:{port}", said
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(60)


def page(address: str) -> str:
    """The page, as soon as the server answers."""
    deadline = time.monotonic() + SLOWEST
    while True:
        try:
            with urllib.request.urlopen(address, timeout=SLOWEST) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def is_open(host: str, address: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, int(address.rpartition(":")[2]))) == 0


def test_a_fresh_installation_makes_its_own_secret_and_shows_no_demo(tmp_path) -> None:
    folder = tmp_path / "data"
    with served(folder, "serve", "--processes", "1") as (address, said):
        shown = page(address)
        key = folder / "secret.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert len(key.read_text()) >= 50 and key.read_text() != environment.DEFAULT_SECRET
        assert "av-demo" not in shown and 'name="password"' in shown
        assert is_open("127.0.0.1", address) and not is_open("127.0.0.2", address)
        again = apart("serve", "--port", address.rpartition(":")[2], folder=tmp_path / "other")
        assert (again.status, again.out) == (2, "") and "--port" in again.error
    assert "Traceback" not in said.read_text()
    assert environment.make_secret(tmp_path / "another") != key.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_a_killed_server_leaves_nobody_on_its_port(tmp_path) -> None:
    folder = tmp_path / "data"
    with served(folder, "serve", "--processes", "1") as (address, _said):
        page(address)
        (child,) = [
            int(p.name) for p in Path("/proc").glob("[0-9]*") if is_serve(p, address.rpartition(":")[2])
        ]
        os.kill(child, signal.SIGKILL)
        deadline = time.monotonic() + SLOWEST
        while is_open("127.0.0.1", address) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not is_open("127.0.0.1", address)


def is_serve(process: Path, port: str) -> bool:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"avrop.project.cli" in words and b"serve" in words and port.encode() in words


def test_a_demo_listens_on_this_machine_only_and_says_that_it_is_one(tmp_path) -> None:
    settings = {"AVROP_DEMO": "1", "AVROP_LANGUAGE": "en"}
    with served(tmp_path / "data", "serve", "--processes", "1", **settings) as (address, said):
        assert 'class="av-demo"' in page(address)
        assert not is_open("127.0.0.2", address)
    assert "Traceback" not in said.read_text()
    done = apart("serve", "--host", "0.0.0.0", folder=tmp_path / "data", **settings)
    assert (done.status, done.out) == (2, "")
    assert done.error == "A demo listens on 127.0.0.1 only: everybody knows its passwords."


def test_a_real_installation_refuses_the_default_secret_wherever_it_comes_from(tmp_path) -> None:
    folder = tmp_path / "data"
    done = apart("serve", folder=folder, AVROP_SECRET=environment.DEFAULT_SECRET, AVROP_LANGUAGE="en")
    assert (done.status, done.out) == (2, "")
    assert done.error.startswith("The secret is the default one.")
    (folder / "secret.key").write_text(environment.DEFAULT_SECRET)
    assert apart("serve", folder=folder).status == 2
    env = {**os.environ, "AVROP_DIR": str(folder), "AVROP_DEMO": ""}
    direct = [sys.executable, "-c", "import avrop.project.wsgi"]
    around = subprocess.run(direct, env=env, capture_output=True, text=True, check=False)
    assert around.returncode != 0 and "MayNotStart" in around.stderr


def test_a_real_installation_refuses_people_with_demo_passwords(world, settings, monkeypatch, capsys) -> None:
    monkeypatch.setenv("AVROP_SECRET", "a secret of this installation's own")
    settings.AVROP_DEMO = False
    installation.ensure_safe()
    Person.objects.filter(login="berit").update(demo=True)
    with pytest.raises(installation.MayNotStart):
        installation.ensure_safe()
    settings.AVROP_DEMO = True
    installation.ensure_safe()


@pytest.mark.parametrize("demo", [True, False])
def test_even_the_page_of_a_fault_says_that_it_is_a_demo(settings, rf, demo) -> None:
    settings.AVROP_DEMO = demo
    answer = server_error(rf.get("/"))
    assert (answer.status_code, b"av-demo" in answer.content) == (500, demo)


def test_a_demo_does_not_fill_a_folder_with_real_work(tmp_path) -> None:
    (tmp_path / "kommune.toml").write_text(
        '[[organisation]]\nslug = "viksund"\nkind = "buyer"\nname = "Viksund kommune"\norgnr = "305218022"\n'
    )
    folder = tmp_path / "data"
    assert apart("setup", "import", str(tmp_path / "kommune.toml"), folder=folder).status == 0
    done = apart("demo", "--no-serve", "--json", folder=folder, AVROP_LANGUAGE="en")
    assert (done.status, done.out) == (2, "")
    assert "holds real work" in done.error


def test_a_taken_port_is_one_line(capsys, monkeypatch) -> None:
    monkeypatch.setenv("AVROP_LANGUAGE", "en")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = here(capsys, "serve", "--port", str(taken.getsockname()[1]))
    assert (done.status, done.out) == (2, "")
    assert done.error.endswith("Choose another port with --port.")
