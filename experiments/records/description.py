"""What real records say, statistic by statistic, as values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.records.reading import Records

__all__ = ["Described", "Description", "NotDescribed", "Unpublished", "read_lines"]


def read_lines(records: Records) -> list[str]:
    """Return what was read, guessed, reshaped and left out, a line each: the counts come first."""
    counts = [f"{records.clients} clients", f"{records.sessions} sessions"]
    if records.therapists:
        counts.append(f"{records.therapists} therapists")
    if records.studies > 1:
        counts.append(f"{records.studies} studies or sites")
    return [
        f"{records.path}: {', '.join(counts)}.",
        f"{records.rows} rows, {records.rows_left_out} left out.",
        *(f"  {note}" for note in records.notes),
    ]


@dataclass(frozen=True, slots=True)
class Described:
    """One statistic of the records, beside the published and the simulated value.

    Attributes
    ----------
    id, statistic, published, low, high, status
        The published finding; `low` and `high` are what counts as inside for a simulation.
    yours, yours_low, yours_high
        The same statistic on the records, with its 95 % interval (`grouped_jackknife`).
    simulated
        On simulated studies; ``None`` where none were run.
    inside
        Whether `yours` lies between `low` and `high`.
    n
        Clients who started and have all that the statistic reads.
    """

    id: str
    statistic: str
    published: float | None
    low: float
    high: float
    status: str
    yours: float
    yours_low: float
    yours_high: float
    simulated: float | None
    inside: bool
    n: int


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A statistic of the records that no published finding is about; intervals and n as in `Described`."""

    name: str
    label: str
    yours: float
    yours_low: float
    yours_high: float
    n: int


@dataclass(frozen=True, slots=True)
class NotDescribed:
    """A statistic that the records do not support, and why."""

    id: str
    statistic: str
    reason: str


@dataclass(frozen=True, slots=True)
class Description:
    """What the records say.

    Attributes
    ----------
    records
        As read, with notes.
    rows
        Every statistic the records support.
    unpublished
        Statistics that the records support and no finding is about.
    not_described
        Findings whose statistic they do not support.
    preset
        What was simulated beside them.
    studies
        How many studies were; 0 for none.
    """

    records: Records
    rows: tuple[Described, ...]
    unpublished: tuple[Unpublished, ...]
    not_described: tuple[NotDescribed, ...]
    preset: str
    studies: int

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON; what is not a finite number is ``None``."""
        from experiments.validation.results import finite_or_none

        records = self.records
        return {
            "file": str(records.path),
            "columns": dict(records.columns),
            "rows": records.rows,
            "rows_left_out": records.rows_left_out,
            "clients": records.clients,
            "sessions": records.sessions,
            "therapists": records.therapists,
            "notes": list(records.notes),
            "preset": self.preset,
            "studies": self.studies,
            "statistics": [
                {key: finite_or_none(value) for key, value in asdict(row).items()}
                for row in self.rows
            ],
            "unpublished": [
                {key: finite_or_none(value) for key, value in asdict(row).items()}
                for row in self.unpublished
            ],
            "not_supported": [asdict(one) for one in self.not_described],
        }
