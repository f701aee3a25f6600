"""The figures of a clinic's team: who supervises whom, caseloads, whose clients drop out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from dashboards.charts.figures import Axis, Bars, Network, Node, Series, interval_series, numbers
from dashboards.clinics.figures import week_shown
from experiments.quantities.intervals import shares_of
from experiments.quantities.writing import count, fixed, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dashboards.clinics.pictures import Picture

__all__ = ["caseload_figure", "team_figure", "therapist_dropout_figure"]


def team_figure(
    picture: Picture, week: int | None = None, *, colour: Literal["fatigue", "alliance"] = "fatigue"
) -> Network:
    """Return the supervision network, sized by caseload and coloured by fatigue or by alliance of the caseload.

    Parameters
    ----------
    picture
        Of the clinic.
    week
        Counted from 0; the last one if None.
    colour
        What the colour tells. A therapist without clients has the middle of the others' alliance.
    """
    team, at = picture.team, week_shown(picture, week)
    loads = team.caseload[:, at]
    values = (team.fatigue if colour == "fatigue" else team.alliance)[:, at]
    known = values[np.isfinite(values)]
    middle = float(np.median(known)) if len(known) else 0.5
    what = "Fatigue" if colour == "fatigue" else "Alliance of the caseload"
    nodes = tuple(
        Node(
            name=f"Therapist {number + 1}",
            size=float(loads[number]) + 1.0,
            value=round(float(value) if math.isfinite(value) else middle, 4),
            detail=f"{count(int(loads[number]), 'client')}, {what.lower()} "
            + (fixed(value, 2) if math.isfinite(value) else "not known: no clients"),
        )
        for number, value in enumerate(values.tolist())
    )
    weekly = colour == "alliance" or team.weekly_fatigue
    when = f"In week {at + 1}" if weekly else "At the end of follow-up"
    ties = count(len(team.edges), "tie") if len(team.edges) else "nobody supervises anybody"
    return Network(
        title="Who supervises whom",
        summary=f"{when}, {_range(what.lower(), known)}; {count(len(nodes), 'therapist')}, {ties}.",
        nodes=nodes,
        edges=tuple((int(one), int(other)) for one, other in team.edges),
        places=tuple((round(x, 4), round(y, 4)) for x, y in team.places.tolist()),
        value=Axis(
            f"{what} (0 to 1)", *_reach(team.fatigue if colour == "fatigue" else team.alliance)
        ),
    )


def _range(what: str, known: NDArray[np.float64]) -> str:
    if not len(known):
        return "nobody has clients"
    low, high = fixed(known.min(), 2), fixed(known.max(), 2)
    if low == high:
        return f"{what} is {low}"
    return f"{what} runs from {low} to {high}, mean {fixed(known.mean(), 2)}"


def _reach(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the colours: those of all weeks, in twentieths, so that a colour keeps its meaning."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    low, high = math.floor(20 * known.min()) / 20, math.ceil(20 * known.max()) / 20
    return low, max(high, low + 0.05)


def caseload_figure(picture: Picture, week: int | None = None) -> Bars:
    """Return the caseload of each therapist in a week; the last one if None."""
    at = week_shown(picture, week)
    loads = picture.team.caseload[:, at]
    cap = picture.parameters.caseload_cap
    full = int((loads >= cap).sum())
    return Bars(
        title="Caseloads",
        summary=f"In week {at + 1} the team sees {count(int(loads.sum()), 'client')}, {fixed(loads.mean(), 1)} each; "
        f"{_full(full, len(loads))}.",
        x=Axis("Clients", low=0, high=float(max(cap, loads.max()))),
        names=_therapists(len(loads)),
        series=(Series("Caseload", numbers(loads)),),
        reference=float(cap),
    )


def _full(full: int, team: int) -> str:
    if not full:
        return "no caseload is full"
    if full == team:
        return "the caseload is full" if team == 1 else "all caseloads are full"
    return f"{full} of {team} caseloads {'is' if full == 1 else 'are'} full"


def therapist_dropout_figure(picture: Picture) -> Bars:
    """Return the share of each therapist's clients who dropped out, with 95 % Wilson intervals."""
    team = picture.team
    rates = shares_of(team.dropped_out, team.clients_seen)
    known = rates.value[np.isfinite(rates.value)]
    overall = float(team.dropped_out.sum() / team.clients_seen.sum()) if len(known) else math.nan
    apart = int(((rates.low > overall) | (rates.high < overall)).sum())
    text = "Nobody has seen a client."
    if len(known):
        lowest, highest = percent(float(known.min())), percent(float(known.max()))
        text = (
            f"From {lowest} to {highest} of a therapist's clients dropped out; for {apart or 'none'} of "
            f"{count(len(known), 'therapist')} the interval leaves out the clinic's {percent(overall)}."
        )
        if lowest == highest:
            whose = "the therapist's" if len(known) == 1 else "every therapist's"
            text = f"{lowest} of {whose} clients dropped out."
    return Bars(
        title="Dropout by therapist",
        summary=text,
        x=Axis("Share who dropped out", low=0, percent=True),
        names=_therapists(len(rates)),
        series=(interval_series("Dropped out", rates),),
        points=True,
        reference=round(overall, 4) if math.isfinite(overall) else None,
    )


def _therapists(count: int) -> tuple[str, ...]:
    return tuple(f"Therapist {number + 1}" for number in range(count))
