"""Progress of a long run: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import math
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from experiments.execution.progress import Progress
from experiments.quantities.writing import percent

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

__all__ = ["Bar", "Lines", "duration", "for_stream"]


@dataclass
class Pace:
    """Counts runs and seconds."""

    total: int = 0
    before: int = 0
    done: int = 0
    failed: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Runs a second since the start."""
        return self.done / max(time.monotonic() - self.started, 1e-9)

    @property
    def text(self) -> str:
        """Done, failed, rate and time left in one line."""
        done = self.before + self.done
        share = done / self.total if self.total else 1.0
        left = (self.total - done) / self.rate if self.done else float("nan")
        said = [f"{done:,} of {self.total:,} runs ({percent(share)})", f"{self.failed:,} failed"]
        if self.done:
            said += [f"{self.rate:,.0f} runs/s", f"{duration(left)} left"]
        return ", ".join(said)


@dataclass
class Lines:
    """A plain line now and then, for logs and pipes."""

    stream: TextIO
    every: float = 10.0
    pace: Pace = field(default_factory=Pace)
    last: float = 0.0

    def begin(self, total: int, done: int) -> None:
        self.pace = Pace(total, done)
        self.last = time.monotonic()
        self._say()

    def advance(self, planned: int, failed: int) -> None:
        """Say how far it is, if the last line was long ago."""
        self.pace.done += planned
        self.pace.failed += failed
        if time.monotonic() - self.last >= self.every:
            self.last = time.monotonic()
            self._say()

    def end(self) -> None:
        self._say()

    def _say(self) -> None:
        print(self.pace.text, file=self.stream, flush=True)


@dataclass
class Bar:
    stream: TextIO
    pace: Pace = field(default_factory=Pace)
    bar: RichProgress | None = None

    def begin(self, total: int, done: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self.pace = Pace(total, done)
        self.bar = RichProgress(
            BarColumn(),
            TextColumn("{task.description}"),
            console=Console(file=self.stream),
            transient=True,
        )
        self.bar.add_task(self.pace.text, total=max(total, 1), completed=done)
        self.bar.start()

    def advance(self, planned: int, failed: int) -> None:
        self.pace.done += planned
        self.pace.failed += failed
        if self.bar is not None:
            self.bar.update(self.bar.task_ids[0], advance=planned, description=self.pace.text)

    def end(self) -> None:
        """Take the bar away and leave a line."""
        if self.bar is not None:
            self.bar.stop()
        print(self.pace.text, file=self.stream, flush=True)


def for_stream(stream: TextIO | None = None) -> Progress:
    """Return the progress that suits where it is shown: a bar on a terminal, else lines."""
    where = stream or sys.stderr
    return Bar(where) if where.isatty() else Lines(where)


def duration(seconds: float) -> str:
    """Write a time span as people say it."""
    if math.isnan(seconds):
        return "unknown time"
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
