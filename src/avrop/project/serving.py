"""The process tree of an installation: web server, worker, and in the demo the accounting double.

The parent only watches: a child that dies is started again, and all end together. The worker is a child
process, never a thread of a web process, and the sole owner of compiled rules.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from django.conf import settings

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL = 0.2  # seconds between looks at the children
REST = 1.0  # seconds before a dead child is started again


def command(*words: str) -> list[str]:
    """An avrop command with this very interpreter."""
    return [sys.executable, "-m", "avrop.project.cli", *words]


def web(host: str, port: int, processes: int) -> list[str]:
    """The web server (granian, WSGI)."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(processes),
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "warning",
        "avrop.project.wsgi:application",
    ]


def environment() -> dict[str, str]:
    """What the children get: this installation's folder, said absolutely."""
    return {
        **os.environ,
        "AVROP_PARENT": str(os.getpid()),
        "AVROP_DIR": str(settings.AVROP_DIR),
        "AVROP_DEMO": "1" if settings.AVROP_DEMO else "",
        "DJANGO_SETTINGS_MODULE": "avrop.project.settings",
    }


def _end_with_parent() -> None:
    """Ask the kernel (Linux) to end this child when its parent is gone, however that one died.

    Else a killed `avrop serve` would leave a web server that holds the port, and could not be started again.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Tree:
    """The children and what to do about them."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self.commands = [list(c) for c in commands]
        self.children: list[subprocess.Popen[bytes]] = []
        self.ending = False

    def run(self) -> int:
        """Start all, watch until a signal comes, end all. Returns the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        self.children = [self._start(c) for c in self.commands]
        while not self.ending:
            time.sleep(POLL)
            for index, child in enumerate(self.children):
                if child.poll() is not None and not self.ending:
                    time.sleep(REST)
                    self.children[index] = self._start(self.commands[index])
        self._stop()
        return 0

    def _start(self, words: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(words, env=environment(), preexec_fn=_end_with_parent)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def _stop(self) -> None:
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + 10
        for child in self.children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()


def is_free(host: str, port: int) -> bool:
    """Whether the address can be listened on: asked first, or the web server would fail again and again."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError:
        return False
    return True


def serve(
    port: int, *, host: str = "127.0.0.1", processes: int = 1, extra: Sequence[Sequence[str]] = ()
) -> int:
    """Serve until told to end."""
    Path(settings.AVROP_DIR).mkdir(parents=True, exist_ok=True)
    return Tree([web(host, port, processes), command("worker"), *extra]).run()
