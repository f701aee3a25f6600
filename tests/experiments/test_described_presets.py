"""Whatever a preset's description says in figures is what the preset does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from experiments.statistics.attendance import finished_share, mean_sessions, mode_sessions
from experiments.statistics.dropout import dropout_rate
from experiments.statistics.outcome import recovery_rate
from experiments.tables.run_tables import RunTables
from simulation import Parameters, preset, simulate
from simulation.presets import all_presets, find_preset

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.presets.catalogue import Preset

SEED = 41
CLIENTS = 8_000
"""How many clients are simulated at least: a share is known to about half a per cent then."""

FIGURE = re.compile(
    r"\d+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|nineteen|half|thirds?"
    r"|tenth|quarters?|twice|most|mostly|nobody|hardly|never|many|months)\b",
    re.IGNORECASE,
)
"""Words that tell how much or how many."""


@cache
def tables(name: str) -> RunTables:
    """Return the tables of a preset; ``default`` is the default clinic."""
    parameters = Parameters() if name == "default" else preset(name)
    found = simulate(
        parameters, seed=SEED, replicates=-(-CLIENTS // parameters.clients), histories=True
    )
    return RunTables(found.clients, found.sessions, found.therapists)


def weeks_waited(name: str) -> np.ndarray:
    """Return how many weeks each client waited who started."""
    found = tables(name)
    waited = found.client("week_started") - found.client("week_arrived")
    return waited[found.started]


def fewest_of_half(name: str) -> float:
    """Return how many sessions half of the starters did not exceed."""
    found = tables(name)
    return float(np.median(found.sessions_attended[found.started]))


def never_started(name: str) -> float:
    found = tables(name)
    return float(1 - found.started.mean())


def one_session(name: str) -> float:
    found = tables(name)
    return float((found.sessions_attended[found.started] == 1).mean())


def completed(name: str) -> float:
    found = tables(name)
    return float(found.status_is("completed")[found.started].mean())


def lost(name: str, definition: str = "unilateral") -> float:
    return dropout_rate(tables(name), definition)  # type: ignore[arg-type]


def more(what: Callable[[str], float], than: str = "default") -> Callable[[str], float]:
    """Return by how much a figure of a preset is above that of another."""
    return lambda name: what(name) - what(than)


def bond_in_standard_deviations(name: str) -> float:
    """Return how far video moves the bond that clients report, all else the same."""
    here, there = (
        simulate(one, seed=SEED, replicates=40, histories=True).columns("sessions")[
            "wai_sr_client_bond"
        ]
        for one in (preset(name), preset(name).replace(telehealth=False))
    )
    return float((here.mean() - there.mean()) / there.std())


def noticed(name: str) -> float:
    found = tables(name)
    return float(found.client("ruptures_noticed").sum() / found.client("ruptures").sum())


def repaired(name: str) -> float:
    found = tables(name)
    return float(found.client("ruptures_repaired").sum() / found.client("ruptures").sum())


def ruptures_a_session(name: str) -> float:
    found = tables(name)
    return float(found.client("ruptures").sum() / found.sessions_attended.sum())


def more_than_eight(_: str) -> float:
    """Return the share of a default therapist's weeks with more than eight clients."""
    found = simulate(Parameters(), seed=SEED, replicates=20, histories=True).sessions
    seen = found.group_by("replicate", "therapist", "week").len()["len"]
    return float((seen > 8).mean())


@dataclass(frozen=True, slots=True)
class Claim:
    """Words of a description, the figure they stand for and between which bounds it makes them true."""

    preset: str
    words: str
    figure: Callable[[str], float]
    low: float
    high: float


CLAIMS = (
    Claim(
        "training_clinic",
        "More than a third of the clients leave without agreement",
        lost,
        0.333,
        0.38,
    ),
    Claim(
        "training_clinic",
        "63 to 70 % end prematurely: this one comes to as many, and a little more, only if every ending without"
        " recovery is counted",
        lambda name: lost(name, "no_recovery"),
        0.68,
        0.74,
    ),
    Claim("private_practice", "seven in ten stay until an agreed ending", completed, 0.67, 0.73),
    Claim(
        "private_practice",
        "About fourteen sessions on average",
        lambda name: mean_sessions(tables(name)),
        13.5,
        14.5,
    ),
    Claim("private_practice", "half of the clients have nine or fewer", fewest_of_half, 8.5, 9.5),
    Claim(
        "private_practice",
        "had nineteen on average, which is not reached",
        lambda name: mean_sessions(tables(name)),
        0,
        18,
    ),
    Claim(
        "stepped_care",
        "About six in ten of those who start finish",
        lambda name: finished_share(tables(name)),
        0.57,
        0.63,
    ),
    Claim(
        "stepped_care",
        "after about seven sessions",
        lambda name: mean_sessions(tables(name), who="completers"),
        6.6,
        7.4,
    ),
    Claim(
        "stepped_care",
        "somewhat over half of those who finish recover",
        lambda name: recovery_rate(tables(name), who="completers", reliable=False),
        0.53,
        0.61,
    ),
    Claim(
        "stepped_care",
        "In national figures fewer finish, a little more than half",
        lambda name: finished_share(tables(name)),
        0.57,
        1,
    ),
    Claim("stepped_care", "Nobody waits here", lambda name: float(weeks_waited(name).max()), 0, 0),
    Claim(
        "university_counselling",
        "The commonest number of sessions is one",
        lambda name: mode_sessions(tables(name)),
        1,
        1,
    ),
    Claim("university_counselling", "many come once", one_session, 0.2, 0.4),
    Claim(
        "university_counselling",
        "the mean a little less than five",
        lambda name: mean_sessions(tables(name)),
        4.5,
        5.0,
    ),
    Claim(
        "telehealth",
        "The bond is a tenth of a standard deviation weaker at most",
        bond_in_standard_deviations,
        -0.1,
        0.0,
    ),
    Claim(
        "telehealth",
        "About as many return after the first session",
        more(lambda name: -one_session(name)),
        -0.02,
        0.02,
    ),
    Claim("youth", "nearly half of the families stop coming", lost, 0.44, 0.5),
    Claim(
        "long_waiting_list",
        "Nearly half of those who start have waited",
        lambda name: float((weeks_waited(name) > 0).mean()),
        0.42,
        0.5,
    ),
    Claim(
        "long_waiting_list",
        "two weeks on average",
        lambda name: float(weeks_waited(name)[weeks_waited(name) > 0].mean()),
        1.6,
        2.4,
    ),
    Claim(
        "long_waiting_list",
        "about one in fifteen of those who ask never starts",
        never_started,
        0.06,
        0.074,
    ),
    Claim("rupture_and_repair", "noticed and mostly repaired", repaired, 0.55, 0.9),
    Claim("rupture_without_repair", "overlook most of them", noticed, 0.1, 0.49),
    Claim(
        "rupture_without_repair",
        "strain brings more ruptures",
        more(ruptures_a_session, "rupture_and_repair"),
        0.01,
        0.3,
    ),
    Claim(
        "small_caseloads",
        "In the default clinic hardly anybody would, so there it changes next to nothing",
        more_than_eight,
        0.0,
        0.02,
    ),
)

NO_RESULTS = (
    # what a preset sets
    "one experienced therapist a room",
    "every four weeks",
    "every one of them",
    "spends four hours a week",
    "Two hours a week",
    "more than eight clients",
    "Too many clients",
    "Nobody supervises anybody",
    # what studies found
    "rests on few therapists",
    "One trial",
    "from session 1",
    "two small studies",
    # mere words
    "links the two",
    "the one they prefer",
)
"""Figures in descriptions that tell nothing of what a run shows."""


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda one: f"{one.preset}: {one.words[:40]}")
def test_a_preset_does_what_its_description_says(claim: Claim) -> None:
    assert claim.words in find_preset(claim.preset).description
    assert claim.low <= claim.figure(claim.preset) <= claim.high


@pytest.mark.parametrize("one", all_presets(), ids=lambda one: one.name)
def test_no_description_gives_a_figure_that_nobody_holds_to_the_simulation(one: Preset) -> None:
    rest = one.description
    known = [claim.words for claim in CLAIMS if claim.preset == one.name]
    for words in (*known, *NO_RESULTS):
        rest = re.sub(re.escape(words), " ", rest, flags=re.IGNORECASE)
    assert FIGURE.findall(rest) == []
