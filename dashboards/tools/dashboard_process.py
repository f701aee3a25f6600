"""A dashboard in a separate process, for measuring it, for pictures of it, and for its tests."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from simulation.errors import AllianceError

__all__ = ["Dashboard"]

LONGEST_START = 60.0
"""Seconds until a dashboard must answer."""


START = "from experiments.cli.program import main; main()"


ENTRANCE = re.compile(r"(http://[^\s/]+)/\?token=[\w-]+")
"""What a dashboard says of where it is."""


class Dashboard:
    """A dashboard in a process of its own, on any free port; used as a context.

    Parameters
    ----------
    *options
        Further options of ``alliance dashboard``.

    Attributes
    ----------
    address
        ``http://127.0.0.1:PORT``.
    entrance
        The address with the token that lets a browser in.
    process
        The process.
    """

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-c", START, "dashboard", "--no-open", "--port", "0", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        found = ENTRANCE.search(self.process.stdout.readline())
        if found is None:
            self.process.terminate()
            raise AllianceError("The dashboard did not start.")
        self.entrance, self.address = found[0], found[1]

    def __enter__(self) -> Dashboard:
        """Wait until it answers."""
        until = time.monotonic() + LONGEST_START
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5):
                    return self
            except OSError:
                time.sleep(0.1)
        raise AllianceError("The dashboard did not answer.")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)

    def megabytes(self) -> float | None:
        """Return the memory it holds; None where the system does not tell."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        except OSError:
            return None
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else None
