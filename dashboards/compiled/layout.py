"""What the engine takes and leaves, as bytes: the table by which a script lays out its arguments in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.clinic import STATUSES

if TYPE_CHECKING:
    import numpy as np

__all__ = ["engine_layout"]


def engine_layout() -> dict[str, Any]:
    """Return the engine's arguments and records in words of JSON.

    Returns
    -------
    dict
        ``arguments``: whatever `simulation.engine.weeks.run_clinics` takes, in order, named as in Python and taken
        apart as Numba does: each a whole number or an array with the bytes of an element and its dimensions.
        ``rows``: of each table, the bytes of a row, and of each field its offset and kind.
        ``lanes``, ``pool``: see `simulation.engine.lanes` and `simulation.engine.workspace`.
        ``statuses``: names of what ``status`` counts.
    """
    from simulation.engine.lanes import LANES
    from simulation.engine.records import CLIENT_ROW, SESSION_ROW, THERAPIST_ROW
    from simulation.engine.workspace import POOL

    return {
        "arguments": _arguments(),
        "rows": {
            "clients": _fields(CLIENT_ROW),
            "therapists": _fields(THERAPIST_ROW),
            "sessions": _fields(SESSION_ROW),
        },
        "lanes": LANES,
        "pool": POOL,
        "statuses": list(STATUSES),
    }


def _arguments() -> list[dict[str, Any]]:
    from inspect import signature

    from simulation.engine.warmup import example_arguments
    from simulation.engine.weeks import run_clinics

    given = example_arguments()
    names = signature(run_clinics.function).parameters
    return [part for name in names for part in _parts(name, given.get(name, 0))]


def _parts(name: str, value: Any) -> list[dict[str, Any]]:
    """Take a value apart: a named tuple into its fields, down to numbers and arrays."""
    if hasattr(value, "_asdict"):
        return [
            part
            for field, one in value._asdict().items()
            for part in _parts(f"{name}.{field}", one)
        ]
    if isinstance(value, int):
        return [{"name": name}]
    return [{"name": name, "bytes": value.dtype.itemsize, "dimensions": value.ndim}]


def _fields(record: np.dtype[Any]) -> dict[str, Any]:
    assert record.fields is not None
    fields = {name: [offset, kind.str[1:]] for name, (kind, offset, *_) in record.fields.items()}
    return {"bytes": record.itemsize, "fields": fields}
