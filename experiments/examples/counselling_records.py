"""Makes ``counselling_records.csv``: simulated session records, as a counselling service would keep them.

``python -m experiments.examples.counselling_records`` writes the file beside this one. Nobody in it is real. It is
the example of `docs/data.md`: to be described, fitted to, and given a twin.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from simulation import preset, simulate
from simulation.files import write_whole

__all__ = ["FILE", "records"]

FILE = Path(__file__).with_name("counselling_records.csv")

WORDS = {
    "completed": "completed",
    "session_limit": "limit reached",
    "dropped_out": "dropped out",
    "in_treatment": "ongoing",
    "boundary_violation": "dropped out",
}


def records(seed: int = 17) -> pl.DataFrame:
    """Return the records, one row a session, session 0 the intake."""
    clinic = preset("university_counselling").replace(
        clients=160, therapists=12, arrivals_per_week=4.0
    )
    result = simulate(clinic, seed=seed, histories=True)
    random = np.random.default_rng(seed)
    begin = date(2023, 1, 9)
    rows: list[tuple[object, ...]] = []
    started = result.clients.filter(pl.col("sessions") >= 1)
    for number, client in enumerate(started.iter_rows(named=True), 1):
        own = result.sessions.filter(pl.col("client") == client["client"]).sort("session")
        age, gender = (
            int(random.integers(19, 48)),
            ("f", "m", "d")[random.choice(3, p=(0.62, 0.33, 0.05))],
        )
        about = (f"C{number:03}", f"T{client['therapist'] + 1:02}")
        first = begin + timedelta(days=7 * int(own["week"][0]) + int(random.integers(0, 5)))
        rows.append(
            (
                *about,
                0,
                first - timedelta(days=7),
                None,
                client["core_10_intake"],
                age,
                gender,
                None,
            )
        )
        for one in own.iter_rows(named=True):
            day = first + timedelta(days=7 * (int(one["week"]) - int(own["week"][0])))
            last = one["session"] == own.height
            rows.append(
                (
                    *about,
                    one["session"],
                    day,
                    None if random.random() < 0.12 else one["wai_sr_client"],
                    None if random.random() < 0.06 else one["core_10"],
                    age,
                    gender,
                    WORDS[client["status"]] if last else None,
                )
            )
    names = (
        "client",
        "therapist",
        "session",
        "date",
        "wai_sr",
        "core_10",
        "age",
        "gender",
        "ended",
    )
    table = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    return table.with_columns(pl.col("wai_sr", "core_10").cast(pl.Int64))


if __name__ == "__main__":
    content = io.BytesIO()
    records().write_csv(content)
    write_whole(FILE, content.getvalue())
