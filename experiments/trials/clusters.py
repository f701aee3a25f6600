"""Clients in clusters: how much therapists and clinics differ, and how much of that goes into a contrast of arms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from experiments.tables.columns import Floats, Integers
    from experiments.trials.observing import SimulatedTrials

__all__ = ["Clusters"]


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

    Attributes
    ----------
    cluster, clinic
        Of each client: number of the therapist, or of the client where there is none, and that of the clinic; no two
        trials share one.
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
        self.cluster = _numbered(self.trial, np.where(self.has, therapist, alone))
        self.clinic = _numbered(self.trial, table.clinic[known])

    def variances(self) -> tuple[Floats, Floats, Floats]:
        """Return the variance between clinics, between therapists of a clinic, and between clients, of each trial.

        By nested analysis of variance of the residuals of an analysis of covariance. Therapists are compared within
        clinics, and clinics within trials, or within arms where clinics are nested in arms; in a single clinic,
        therapists are compared within arms. Each is unbiased, so the first two may be negative in one trial; their
        means over trials are not. That of a single clinic is 0, and so is that of therapists where each clinic has
        one: they and their clinics are one.
        """
        left, trial = self._residuals()[self.has], self.trial[self.has]
        clinic, therapist = self.clinic[self.has], self.cluster[self.has]
        own_arm = self.arm[self.has]
        arm = trial * self.arms + own_arm
        in_arms = _numbered(clinic, own_arm)
        crossed = np.ptp(in_arms) > np.ptp(clinic) and np.ptp(clinic) > np.ptp(trial)
        if not crossed:
            clinic, therapist = in_arms, _numbered(therapist, own_arm)
        in_therapist, in_clinic, in_arm = (
            _Groups(left, groups) for groups in (therapist, clinic, trial if crossed else arm)
        )

        def total(values: Floats) -> Floats:
            return np.bincount(trial, values, self.trials).astype(np.float64)

        def squares(inner: _Groups, outer: _Groups) -> Floats:
            return total((inner.middle - outer.middle) ** 2)

        def shared(inner: _Groups, outer: _Groups) -> Floats:
            """Sum over groups the squared sizes of the groups inside, divided by their own size."""
            return total(inner.size / outer.size)

        clients = total(np.ones(len(left)))
        therapists, clinics, arms = (
            total(1 / one.size) for one in (in_therapist, in_clinic, in_arm)
        )
        within = total((left - in_therapist.middle) ** 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            # The means of arms are taken from what therapists differ in, or from clients if those have several arms.
            lost = self.arms - 1 if crossed else 0
            nested = np.ptp(_numbered(therapist, own_arm)) == np.ptp(therapist)
            of_client = within / (clients - therapists - 1 - (0 if nested else lost))
            free = np.rint(therapists - clinics)
            left_free = free - (lost if nested else 0)
            of_therapist = np.where(
                left_free > 0,
                (squares(in_therapist, in_clinic) * free / left_free - free * of_client)
                / (clients - shared(in_therapist, in_clinic)),
                0.0,
            )
            more = np.rint(clinics - arms)
            each = shared(in_therapist, in_clinic) - shared(in_therapist, in_arm)
            of_clinic = np.where(
                more > 0,
                (squares(in_clinic, in_arm) - each * of_therapist - more * of_client)
                / (clients - shared(in_clinic, in_arm)),
                0.0,
            )
        return of_clinic, of_therapist, of_client

    def _residuals(self) -> Floats:
        """Return the scores less what score at intake and arm explain, one slope a trial."""
        arm = self.trial * self.arms + self.arm
        base, score = self.base - _Groups(self.base, arm).middle, self.score.copy()
        score -= _Groups(self.score, arm).middle
        spread = np.bincount(self.trial, base**2, self.trials)
        slope = np.bincount(self.trial, base * score, self.trials) / np.where(spread > 0, spread, 1)
        left: Floats = score - slope[self.trial] * base
        return left

    def contrast(self, arm: int, cluster: Integers) -> Floats:
        """Return how much of the variance of a cluster goes into a contrast of means, of each trial.

        With clients weighted by w (1/n in the arm, -1/n in the first), it is the sum over clusters of their squared
        sums of w, divided by the sum of the squared w: clients a cluster where clusters are nested in arms and equal,
        0 where each has as many of one arm as of the other. With an intraclass correlation r, the variance of the
        contrast is 1 - r + r times that, as multiple of what it would be without clusters.
        """
        first = np.bincount(self.trial[self.arm == 0], minlength=self.trials)
        other = np.bincount(self.trial[self.arm == arm], minlength=self.trials)
        with np.errstate(divide="ignore"):
            weight = np.where(
                self.arm == 0,
                -1 / first[self.trial],
                np.where(self.arm == arm, 1 / other[self.trial], 0),
            )
        # Each client's share in the square of the sum of its cluster adds up to it.
        sums = np.bincount(cluster, weight)
        squares = np.bincount(self.trial, weight * sums[cluster], self.trials)
        alone = np.bincount(self.trial, weight**2, self.trials)
        with np.errstate(divide="ignore", invalid="ignore"):
            return squares / alone


class _Groups:
    """Of each row the mean of some values in its group (`middle`), and the size of the group (`size`)."""

    def __init__(self, values: Floats, groups: Integers) -> None:
        count = np.bincount(groups)
        self.size: Floats = count[groups].astype(np.float64)
        self.middle: Floats = np.bincount(groups, values)[groups] / self.size


def _numbered(outer: Integers, inner: Integers) -> Integers:
    """Return numbers from 0 of the pairs that there are."""
    wide = int(inner.max(initial=0)) + 1
    found: Integers = np.unique(outer * wide + inner, return_inverse=True)[1]
    return found
