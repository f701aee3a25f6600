"""Writes simulated records on which R is asked for statistics: ``python make.py``, then ``Rscript make.R``."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from simulation.parameters import Parameters
from simulation.running import simulate

HERE = Path(__file__).parent
SCORES = (
    "wai_sr_client", "wai_sr_client_bond", "wai_sr_client_task", "wai_sr_client_goal", "wai_sr_therapist", "core_10",
    "csq_8",
)  # fmt: skip
CASELOAD, THERAPISTS, SESSIONS = 6, 8, 8


def records(clients: int, therapists: int, seed: int) -> pl.DataFrame:
    """Return one row a session, intake included, with how treatment ended."""
    clinic = Parameters(clients=clients, therapists=therapists, client_rating_base=0.25)
    found = simulate(clinic, seed=seed, replicates=1, histories=True)
    who = found.clients.filter(pl.col("sessions") > 0)
    keys = ("client", "session", "therapist", "status")
    held = found.sessions.join(who.select("client", "status"), on="client").select(*keys, *SCORES)
    intake = who.select(
        "client",
        pl.lit(0, pl.Int64).alias("session"),
        pl.col("therapist"),
        pl.col("status"),
        *(pl.lit(None, pl.Float64).alias(one) for one in SCORES if one != "core_10"),
        pl.col("core_10_intake").cast(pl.Float64).alias("core_10"),
    )
    columns = [*keys, *SCORES]
    whole = pl.col("session", "client", "therapist").cast(pl.Int64)
    parts = [
        one.select(columns).with_columns(
            whole, pl.col("status").cast(pl.String), pl.col(*SCORES).cast(pl.Float64)
        )
        for one in (held, intake)
    ]
    return pl.concat(parts).sort("client", "session")


def balanced(frame: pl.DataFrame) -> pl.DataFrame:
    """Return as many clients of as many therapists over as many sessions, none missing."""
    length = frame.group_by("client", "therapist").agg(pl.col("session").max())
    long = length.filter(pl.col("session") >= SESSIONS).sort("therapist", "client")
    chosen = long.group_by("therapist", maintain_order=True).head(CASELOAD)
    full = chosen.group_by("therapist").len().filter(pl.col("len") == CASELOAD).sort("therapist")
    kept = full["therapist"].to_list()[:THERAPISTS]
    assert len(kept) == THERAPISTS
    clients = chosen.filter(pl.col("therapist").is_in(kept))["client"].to_list()
    return frame.filter(pl.col("client").is_in(clients) & (pl.col("session") <= SESSIONS))


if __name__ == "__main__":
    records(160, 16, 5).write_csv(HERE / "simulated.csv")
    balanced(records(1200, 40, 7)).drop("status", "csq_8").write_csv(HERE / "balanced.csv")
