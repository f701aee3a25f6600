"""Simulated trials as a table in a file, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.trials.observing import SimulatedTrials
from experiments.trials.table import TrialTable

if TYPE_CHECKING:
    import polars as pl

    from experiments.trials.trial_design import TrialDesign

__all__ = ["data_frame", "from_data_frame"]


def data_frame(design: TrialDesign, simulated: SimulatedTrials) -> pl.DataFrame:
    """Return one row a client.

    Columns: ``trial``, ``client``, ``therapist``, ``clinic``, ``arm``, ``base``, ``score_<week>``, ``session``,
    ``event``, ``status``, ``why_<week>`` and ``true_<arm>``, as in `SimulatedTrials`.
    """
    import polars as pl

    table, weeks = simulated.table, design.outcome.after_intake
    clients = len(table.client) // len(simulated.trials)
    return pl.DataFrame(
        {
            "trial": np.repeat(np.array(simulated.trials, dtype=np.uint32), clients),
            "client": table.client.astype(np.uint32),
            "therapist": table.therapist.astype(np.int32),
            "clinic": table.clinic.astype(np.uint16),
            "arm": table.arm.astype(np.uint8),
            "base": table.base,
            **{f"score_{week}": table.scores[:, place] for place, week in enumerate(weeks)},
            "session": table.session.astype(np.uint16),
            "event": table.event.astype(np.uint8),
            "status": simulated.status.astype(np.uint8),
            **{
                f"why_{week}": simulated.why[:, place].astype(np.uint8)
                for place, week in enumerate(weeks)
            },
            **{f"true_{arm}": simulated.truth[:, arm] for arm in range(len(design.arms))},
        }
    )


def from_data_frame(design: TrialDesign, frame: pl.DataFrame) -> SimulatedTrials:
    """Return what `data_frame` was made of."""
    weeks, arms = design.outcome.after_intake, range(len(design.arms))

    def whole(name: str) -> Any:
        return frame[name].to_numpy().astype(np.int64)

    trial = frame["trial"].to_numpy()
    scores = np.column_stack([frame[f"score_{week}"].to_numpy() for week in weeks])
    return SimulatedTrials(
        range(int(trial[0]), int(trial[-1]) + 1),
        TrialTable(
            client=whole("client"),
            therapist=whole("therapist"),
            clinic=whole("clinic"),
            arm=whole("arm"),
            base=frame["base"].to_numpy(),
            scores=scores,
            score=np.ascontiguousarray(scores[:, design.outcome.place]),
            session=whole("session"),
            event=whole("event"),
        ),
        np.column_stack([whole(f"why_{week}") for week in weeks]),
        whole("status"),
        np.column_stack([frame[f"true_{arm}"].to_numpy() for arm in arms]),
    )
