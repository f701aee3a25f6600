"""What is known of each trial beside its analyses: its own true effect, missing scores, clusters of clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.trials.truth import truth_of

if TYPE_CHECKING:
    import polars as pl

    from experiments.tables.columns import Floats, Integers
    from experiments.trials.observing import SimulatedTrials
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Clusters", "summary_frame"]


def summary_frame(design: TrialDesign, simulated: SimulatedTrials) -> pl.DataFrame:
    """Return one row a trial.

    Columns: ``trial``; ``mean_<k>``, the mean primary score that the estimand asks for under arm k; ``square_0``, its
    mean square under the first; ``missing_<k>``, the share of primary scores that arm k lacks; ``therapist_variance``
    and ``client_variance`` of the primary score, given score at intake and arm; ``clustering_<k>``, how much of the
    variance of a therapist goes into the contrast of arm k with the first, see `Clusters.contrast`.
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
    columns["therapist_variance"], columns["client_variance"] = own.variances()
    for arm in arms[1:]:
        columns[f"clustering_{arm}"] = own.contrast(arm)
    return pl.DataFrame(columns)


class Clusters:
    """Clients with a primary score, in clusters of one therapist; those without a therapist are clusters of one.

    Parameters
    ----------
    trial
        Which trial each row is of, from 0.
    simulated
        The trials.
    arms
        How many arms they have.
    """

    def __init__(self, trial: Integers, simulated: SimulatedTrials, arms: int) -> None:
        table = simulated.table
        known = np.isfinite(table.score)
        self.trials, self.arms = len(simulated.trials), arms
        self.trial, self.arm = trial[known], table.arm[known]
        self.base, self.score = table.base[known], table.score[known]
        therapist = table.therapist[known]
        alone = int(table.therapist.max(initial=0)) + 1 + table.client[known]
        self.has = therapist >= 0
        self.wide = alone.max(initial=0) + 1
        self.cluster = self.trial * self.wide + np.where(self.has, therapist, alone)

    def variances(self) -> tuple[Floats, Floats]:
        """Return the variance between therapists and within them, by analysis of variance, of each trial.

        Of the residuals of an analysis of covariance, among the clients of one therapist in one arm. Unbiased, so the
        first may be negative in one trial; its mean over trials is not.
        """
        cell = self.trial * self.arms + self.arm
        cells = self.trials * self.arms
        size = np.maximum(np.bincount(cell, minlength=cells), 1)

        def centred(values: Floats) -> Floats:
            middle: Floats = values - (np.bincount(cell, values, cells) / size)[cell]
            return middle

        base, score = centred(self.base), centred(self.score)
        spread = np.bincount(self.trial, base**2, self.trials)
        slope = np.bincount(self.trial, base * score, self.trials) / np.where(spread > 0, spread, 1)
        left = (score - slope[self.trial] * base)[self.has]
        trial, arm = self.trial[self.has], self.arm[self.has]
        group, place = np.unique(self.cluster[self.has] * self.arms + arm, return_inverse=True)
        count = np.bincount(place)
        of_arm = (group // self.arms // self.wide) * self.arms + group % self.arms
        in_arm = np.bincount(of_arm, count, cells)
        mean_of_arm = np.bincount(trial * self.arms + arm, left, cells) / np.maximum(in_arm, 1)
        off = np.bincount(place, left) / count - mean_of_arm[of_arm]
        between = np.bincount(of_arm // self.arms, count * off**2, self.trials)
        total = np.bincount(trial, (left - mean_of_arm[trial * self.arms + arm]) ** 2, self.trials)
        groups = np.bincount(of_arm // self.arms, minlength=self.trials)
        filled = (in_arm.reshape(-1, self.arms) > 0).sum(axis=1)
        uneven = np.bincount(of_arm, count**2, cells) / np.maximum(in_arm, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            within = (total - between) / (np.bincount(trial, minlength=self.trials) - groups - 1)
            each = (
                in_arm.reshape(-1, self.arms).sum(axis=1)
                - uneven.reshape(-1, self.arms).sum(axis=1)
            ) / (groups - filled)
            return (between / (groups - filled) - within) / each, within

    def contrast(self, arm: int) -> Floats:
        """Return how much of the variance of a therapist goes into a contrast of means, of each trial.

        With clients weighted by w (1/n in the arm, -1/n in the first), it is the sum over therapists of their squared
        sums of w, divided by the sum of the squared w: clients a therapist where therapists are nested and clusters
        equal, 0 where each has as many of one arm as of the other. With an intraclass correlation r, the variance of
        the contrast is 1 - r + r times that, as multiple of what it would be without therapists.
        """
        first = np.bincount(self.trial[self.arm == 0], minlength=self.trials)
        other = np.bincount(self.trial[self.arm == arm], minlength=self.trials)
        with np.errstate(divide="ignore"):
            weight = np.where(
                self.arm == 0,
                -1 / first[self.trial],
                np.where(self.arm == arm, 1 / other[self.trial], 0),
            )
        group, place = np.unique(self.cluster, return_inverse=True)
        sums = np.bincount(place, weight)
        squares = np.bincount(group // self.wide, sums**2, self.trials)
        alone = np.bincount(self.trial, weight**2, self.trials)
        with np.errstate(divide="ignore", invalid="ignore"):
            return squares / alone
