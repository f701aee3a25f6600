"""Every client of some trials under every arm: one world an arm, under one seed.

In a world, everybody is treated as in its arm, so a client's scores in two worlds differ by the policy alone. One
clinic has one policy: what a therapist or a colleague would carry over from one arm to another is not there. Clinics
of one trial differ (`experiments.trials.clinics`), each from the others in the same way in every world.

The clinic goes on receiving clients while the trial's are followed up. So those who come later change nothing for
those who came first, and a trial with more clients has the first ones with the same scores.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from experiments.trials.allotting import Allotted, allot, team_of_clinic
from experiments.trials.arrivals import Calendar
from experiments.trials.clinics import differing_values
from simulation.assessing import Assessed, Assessment, simulate_assessed
from simulation.coefficients import coefficients

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from experiments.trials.trial_design import TrialDesign
    from simulation.parameters import Parameters

__all__ = ["Strengths", "Worlds", "simulate_worlds"]

Strengths = dict[str, dict[str, float]]
"""Arm to the parameter that was found for the effect wanted of it, and its value."""


@dataclass(frozen=True, slots=True, eq=False)
class Worlds:
    """What became of the clients of several trials under every arm.

    Attributes
    ----------
    allotted
        Where they were allotted, each of shape (trials, clients).
    arms
        Of each arm, in their order: each array has the shape (trials, clients) or (trials, clients, weeks).
    """

    allotted: Allotted
    arms: tuple[Assessed, ...]


def simulate_worlds(
    design: TrialDesign,
    trials: range,
    *,
    strengths: Mapping[str, Mapping[str, float]] | None = None,
    null: bool = False,
    arms: Collection[str] | None = None,
    dropout: bool = True,
    planned_endings: bool = True,
) -> Worlds:
    """Simulate some trials under every arm.

    Parameters
    ----------
    design
        Of the trials.
    trials
        Their numbers, without gaps.
    strengths
        What was found for the arms of which an effect is wanted: see `experiments.trials.effect`.
    null
        Every arm that has therapists is treated as the first one that has.
    arms
        The arms whose worlds are wanted; all where it is None.
    dropout, planned_endings
        False: a world in which there are none.
    """
    own, calendar = design.design, Calendar(design)
    people = calendar.clients * own.clinics
    allotted = allot(design, trials, people)
    team, more = team_of_clinic(design)
    size = {
        "clients": calendar.clients,
        "therapists": team + more,
        "weeks": calendar.weeks,
        "arrivals_per_week": calendar.arrivals,
    }
    # Client i of a trial is client i // clinics of clinic i mod clinics.
    by_place = allotted.chair.reshape(len(trials), calendar.clients, own.clinics)
    chairs = by_place.swapaxes(1, 2).reshape(-1, calendar.clients)
    assessment = Assessment(
        weeks=design.outcome.after_intake,
        instrument=design.outcome.instrument,
        followed=calendar.followed,
        dropout=dropout,
        planned_endings=planned_endings,
    )
    known: dict[Any, Assessed] = {}
    worlds = []
    for name, (parameters, fixed) in _settings_of_arms(design, strengths or {}, null=null).items():
        if arms is not None and name not in arms:
            continue
        without = design.arms[name].therapists == 0
        # What clinics differ in follows from the trial and the arm's setting: equal settings are equal worlds.
        key = None if without else (coefficients(parameters).tobytes(), fixed)
        if key not in known:
            known[key] = _by_trial(
                simulate_assessed(
                    parameters.replace(**size),
                    None if key is None else chairs,
                    assessment,
                    seed=design.seed,
                    clinics=len(trials) * own.clinics,
                    first_clinic=trials.start * own.clinics,
                    differing=differing_values(design, parameters, trials, fixed),
                ),
                design,
            )
        worlds.append(known[key])
    own_clients = slice(None), slice(own.clients)
    return Worlds(
        Allotted(
            allotted.arm[own_clients], allotted.therapist[own_clients], allotted.chair[own_clients]
        ),
        tuple(worlds),
    )


def _settings_of_arms(
    design: TrialDesign, strengths: Mapping[str, Mapping[str, float]], *, null: bool
) -> dict[str, tuple[Parameters, frozenset[str]]]:
    """Return by its name the setting of each arm, and which parameters the design or the arm sets."""
    found = {}
    for name in design.arms:
        as_in = design.first_with_therapists if null else name
        own = {} if null else strengths.get(name, {})
        found[name] = (
            design.parameters_of(as_in, **own),
            frozenset(design.changes_of(as_in, **own)),
        )
    return found


def _by_trial(assessed: Assessed, design: TrialDesign) -> Assessed:
    """Lay clinics side by side again: (trials × clinics, clients of a clinic) becomes (trials, clients)."""
    own = design.design

    def laid(column: Any) -> Any:
        by_clinic = column.reshape(-1, own.clinics, *column.shape[1:]).swapaxes(1, 2)
        return by_clinic.reshape(len(by_clinic), -1, *column.shape[2:])[:, : own.clients]

    return replace(
        assessed, **{name: laid(getattr(assessed, name)) for name in Assessed.__dataclass_fields__}
    )
