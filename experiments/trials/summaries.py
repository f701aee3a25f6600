"""What is known of each trial beside its analyses: its own true effect, missing scores, clusters of clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.trials.clusters import Clusters
from experiments.trials.truth import truth_of

if TYPE_CHECKING:
    import polars as pl

    from experiments.trials.observing import SimulatedTrials
    from experiments.trials.trial_design import TrialDesign

__all__ = ["summary_frame"]


def summary_frame(design: TrialDesign, simulated: SimulatedTrials) -> pl.DataFrame:
    """Return one row a trial.

    Columns: ``trial``; ``mean_<k>``, the mean primary score that the estimand asks for under arm k; ``square_0``, its
    mean square under the first; ``missing_<k>``, the share of primary scores that arm k lacks; ``clinic_variance``,
    ``therapist_variance`` and ``client_variance`` of the primary score, given score at intake and arm;
    ``clustering_<k>`` and ``clinic_clustering_<k>``, how much of the variance of a therapist and of a clinic goes
    into the contrast of arm k with the first, see `Clusters.contrast`.
    """
    import polars as pl

    table, trials = simulated.table, len(simulated.trials)
    trial = np.repeat(np.arange(trials), len(table.client) // trials)
    truth = truth_of(simulated.truth, trials)
    arms = range(len(design.arms))
    columns: dict[str, Any] = {"trial": np.array(simulated.trials, dtype=np.uint32)}
    columns.update({f"mean_{arm}": truth.means[:, arm] for arm in arms})
    columns["square_0"] = truth.squares
    missing = np.isnan(table.score)
    for arm in arms:
        here = table.arm == arm
        lacking = np.bincount(trial[here & missing], minlength=trials)
        columns[f"missing_{arm}"] = lacking / np.maximum(
            np.bincount(trial[here], minlength=trials), 1
        )
    own = Clusters(trial, simulated, len(design.arms))
    columns["clinic_variance"], columns["therapist_variance"], columns["client_variance"] = (
        own.variances()
    )
    for arm in arms[1:]:
        columns[f"clustering_{arm}"] = own.contrast(arm, own.cluster)
        columns[f"clinic_clustering_{arm}"] = own.contrast(arm, own.clinic)
    return pl.DataFrame(columns)
