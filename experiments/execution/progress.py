"""Who follows how far a run is; `experiments.cli.progress` shows it on a terminal."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "Silent"]


class Progress(Protocol):
    """Shows how a study is going."""

    def begin(self, total: int, done: int) -> None:
        """Start; `total` runs are to be done in all and `done` of them are there already."""

    def advance(self, planned: int, failed: int) -> None:
        """Take note of a chunk that was planned to have so many runs, of which some failed."""

    def end(self) -> None: ...


class Silent:
    """Shows nothing."""

    def begin(self, total: int, done: int) -> None: ...

    def advance(self, planned: int, failed: int) -> None: ...

    def end(self) -> None: ...
