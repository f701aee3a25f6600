"""How a study is run: which share of it, where its progress is shown. Nothing here changes a result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from experiments.design.value import StudyError
from experiments.execution.progress import Progress, Silent

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RunOptions", "Shard"]


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard `number` (from 1) of `of`: the share of one job of an array that shares a folder."""

    number: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise _no_shard(f"{self.number}/{self.of}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``i/n``.

        Raises
        ------
        StudyError
            If it is not that, or i is not from 1 to n.
        """
        first, slash, second = text.partition("/")
        if slash and first.strip().isdigit() and second.strip().isdigit():
            return cls(int(first), int(second))
        raise _no_shard(text)

    def has(self, chunk: int) -> bool:
        return chunk % self.of == self.number - 1


def _no_shard(text: str) -> StudyError:
    return StudyError(f"{text} is not a shard; write i/n with i from 1 to n, for example 2/8.")


@dataclass(frozen=True)
class RunOptions:
    """How a study is run.

    Attributes
    ----------
    shard
        The share of the chunks to run.
    retry_failed
        Run chunks again in which a point failed.
    progress
        Shows how it goes.
    command
        For the manifest: how it was started.
    earlier
        Folder of a study whose runs are taken over where they are runs of this one, too.
    """

    shard: Shard = field(default_factory=Shard)
    retry_failed: bool = False
    progress: Progress = field(default_factory=Silent)
    command: str = ""
    earlier: Path | None = None
