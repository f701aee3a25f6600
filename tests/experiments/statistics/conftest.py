"""RunTables built from what a test knows, never from the simulation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from experiments.tables.run_tables import RunTables

Builder = Callable[..., RunTables]


def build(
    *,
    held: Any,
    replicate: Any = 0,
    therapist: Any = 0,
    status: Any = "completed",
    frames: bool = True,
    clients: dict[str, Any] | None = None,
    therapists: dict[str, Any] | None = None,
    **panels: Any,
) -> RunTables:
    """Build tables.

    `held` is the number of sessions of each client; every other value is one for all or one a
    client; `panels` are session columns as matrices (clients, sessions), read up to `held`.
    """
    held = np.asarray(held)
    count = held.size
    spread = lambda value: np.broadcast_to(np.asarray(value), (count,)).copy()  # noqa: E731
    client_columns = {
        "run": np.zeros(count, dtype=np.int64),
        "replicate": spread(replicate),
        "client": np.arange(count),
        "therapist": spread(therapist),
        "status": spread(status),
        "sessions": held,
        **{name: spread(value) for name, value in (clients or {}).items()},
    }
    row = np.repeat(np.arange(count), held)
    number = np.concatenate([np.arange(n) for n in held]).astype(np.int64)
    session_columns = {
        **{name: client_columns[name][row] for name in ("run", "replicate", "client", "therapist")},
        "week": number,
        "session": number + 1,
        **{name: np.asarray(panel)[row, number] for name, panel in panels.items()},
    }
    therapist_columns = None
    if therapists is not None:
        size = np.asarray(next(iter(therapists.values()))).size
        therapist_columns = {
            "run": np.zeros(size, dtype=np.int64),
            "replicate": np.zeros(size, dtype=np.int64),
            "therapist": np.arange(size),
            **{name: np.asarray(value) for name, value in therapists.items()},
        }
    if not frames:
        return RunTables(client_columns, session_columns, therapist_columns)
    return RunTables(
        pl.DataFrame(client_columns),
        pl.DataFrame(session_columns),
        None if therapist_columns is None else pl.DataFrame(therapist_columns),
    )


def synthetic(
    studies: int = 12, clients: int = 60, width: int = 12, seed: int = 3, frames: bool = True
) -> RunTables:
    """Every column of the contract, with therapists, dropout, ruptures and a real process in it."""
    rng = np.random.default_rng(seed)
    n, per = studies * clients, 6
    replicate = np.repeat(np.arange(studies), clients)
    therapist = rng.integers(0, per, n)
    skill = rng.normal(0, 1, (studies, per))
    bond = rng.normal(0, 1, n) + 0.5 * skill[replicate, therapist]
    alliance = np.clip(
        47 + 5 * bond[:, None] + 0.2 * np.arange(width) + rng.normal(0, 3, (n, width)), 12, 60
    ).round()
    intake = np.clip(rng.normal(20, 6, n), 0, 40).round()
    course = intake[:, None] - np.cumsum(
        0.6 + 0.25 * bond[:, None] + rng.normal(0, 1.2, (n, width)), axis=1
    )
    core = np.clip(course, 0, 40).round()
    hazard = 1 / (1 + np.exp(2.2 + 0.6 * bond - 1.2 * (np.arange(width)[:, None] < 2)))
    leaves = rng.random((width, n)) < hazard
    held = np.where(leaves.any(axis=0), leaves.argmax(axis=0) + 1, width)
    status = np.where(leaves.any(axis=0), "dropped_out", "session_limit")
    finished = (rng.random(n) < 0.3) & (held > 3)
    status = np.where(finished, "completed", status)
    kinds = np.array(["none", "withdrawal", "confrontation"])
    rupture = kinds[rng.choice(3, (n, width), p=[0.6, 0.3, 0.1])]
    any_rupture = rupture != "none"
    noticed = any_rupture & (rng.random((n, width)) < 0.7)
    repaired = noticed & (rng.random((n, width)) < 0.6)
    last = core[np.arange(n), held - 1]
    csq = np.clip(26 + bond + (intake - last) / 6 + rng.normal(0, 2, n), 8, 32).round()
    third = (alliance / 3).round()
    return build(
        held=held,
        replicate=replicate,
        therapist=therapist,
        status=status,
        frames=frames,
        clients={
            "week_started": rng.integers(0, 50, n),
            "attachment_anxiety": 1 / (1 + np.exp(rng.normal(0, 1, n) + 0.2 * bond)),
            "attachment_avoidance": 1 / (1 + np.exp(rng.normal(0, 1, n) + 0.2 * bond)),
            "core_10_intake": intake,
            "core_10_last": last,
            "csq_8_last": csq,
            "boundary_violation": (rng.random(n) < 0.002).astype(int),
        },
        therapists=None,
        wai_sr_client=alliance,
        wai_sr_therapist=np.clip(0.4 * alliance + 26 + rng.normal(0, 4, (n, width)), 12, 60),
        wai_sr_client_bond=np.clip(third + rng.integers(-1, 2, (n, width)), 4, 20),
        wai_sr_client_task=np.clip(third + rng.integers(-1, 2, (n, width)), 4, 20),
        wai_sr_client_goal=np.clip(third + rng.integers(-1, 2, (n, width)), 4, 20),
        blri_empathy=np.clip(15 + 8 * bond[:, None] + rng.normal(0, 6, (n, width)), -48, 48),
        core_10=core,
        csq_8=np.broadcast_to(csq[:, None], (n, width)),
        alliance=np.clip((alliance - 16) / 48, 0, 1),
        attunement=1 / (1 + np.exp(-0.5 * bond[:, None] + rng.normal(0, 1, (n, width)))),
        disclosure=1 / (1 + np.exp(-0.5 * bond[:, None] + rng.normal(0, 1, (n, width)))),
        strain=rng.random((n, width)),
        rupture=rupture,
        rupture_noticed=noticed,
        **{
            f"rupture_{rater}": rng.integers(1, 6, (n, width)) * 1.0
            for rater in ("client", "therapist", "observer")
        },
        rupture_repaired=repaired,
    )


def with_therapists(tables: RunTables, seed: int = 5) -> RunTables:
    """Add a table of therapists with what the statistics read of them."""
    rng = np.random.default_rng(seed)
    assert isinstance(tables.clients, pl.DataFrame)
    frame = tables.clients.group_by(["run", "replicate", "therapist"], maintain_order=True).agg(
        pl.len().alias("clients_seen")
    )
    frame = frame.with_columns(
        pl.Series("fatigue_mean", rng.random(frame.height)),
        pl.Series("skill_gain", rng.random(frame.height) * 0.1),
    )
    return RunTables(tables.clients, tables.sessions, frame)


@pytest.fixture(name="build", scope="session")
def build_fixture() -> Builder:
    return build


@pytest.fixture(name="synthetic", scope="session")
def synthetic_fixture() -> RunTables:
    return with_therapists(synthetic())


@pytest.fixture(name="make_synthetic", scope="session")
def make_synthetic_fixture() -> Builder:
    return lambda **options: with_therapists(synthetic(**options))
