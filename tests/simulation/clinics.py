"""Clinics for tests to run: drawn from the whole table of parameters, and ways to compare what came of them."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from simulation.correlations import loadings
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS, Parameters
from simulation.session import hold_session
from simulation.states import (
    ClientTraits,
    DyadState,
    Presence,
    SessionDraws,
    SessionEvents,
    changed,
)

if TYPE_CHECKING:
    from simulation.results.result import Result

SIZES: dict[str, tuple[float, float]] = {
    "clients": (1, 30),
    "therapists": (1, 6),
    "session_limit": (1, 12),
    "session_interval": (1, 4),
    "weeks": (1, 60),
    "arrivals_per_week": (0.3, 60),
    "caseload_cap": (1, 20),
}
"""Ranges for what makes a run long, so that a random clinic takes milliseconds."""

UNCOUPLED: dict[str, Any] = {
    "assignment": "random",
    "caseload_cap": 1000,
    "fatigue_load": 0.0,
    "fatigue_strain": 0.0,
    "experience_effect": 0.0,
}
"""Closes every path by which one client reaches another: room, who is least loaded, and the therapist's week."""

ROWS = ("client_rows", "therapist_rows", "session_rows")


def value_of(name: str) -> st.SearchStrategy[Any]:
    """Any value that a parameter may take; small where it tells the size of a run."""
    row = PARAMETERS[name]
    low, high = SIZES.get(name, (row.low, row.high))
    match row.kind:
        case "switch":
            return st.booleans()
        case "choice":
            return st.sampled_from(row.choices)
        case "integer":
            return st.integers(int(low), int(high))
        case _:
            if row.unit == "correlation":
                low, high = max(low, -0.4), min(high, 0.4)
            return st.floats(low, high)


@st.composite
def parameter_sets(draw: st.DrawFn, /, **fixed: Any) -> Parameters:
    """Any clinic of the whole table of parameters, of a size that runs in milliseconds."""
    names = [name for name in PARAMETERS if name not in fixed]
    sizes = {name: draw(value_of(name)) for name in SIZES if name not in fixed}
    some = draw(
        st.fixed_dictionaries(
            {}, optional={name: value_of(name) for name in names if name not in SIZES}
        )
    )
    parameters = Parameters(**sizes, **some, **fixed)
    try:
        loadings(parameters)
    except AllianceError:
        assume(False)
    return parameters


@lru_cache(maxsize=3)
def sampled_parameters(count: int = 200) -> tuple[Parameters, ...]:
    """Return so many clinics from all over the table of parameters, and the default one."""
    chance = np.random.default_rng(8)
    found = [Parameters()]
    while len(found) <= count:
        values: dict[str, Any] = {}
        for name, row in PARAMETERS.items():
            low, high = SIZES.get(name, (row.low, row.high))
            if row.kind == "switch":
                values[name] = bool(chance.integers(2))
            elif row.kind == "choice":
                values[name] = str(chance.choice(row.choices))
            elif row.kind == "integer":
                values[name] = int(chance.integers(int(low), int(high) + 1))
            elif row.unit == "correlation":
                values[name] = float(chance.uniform(max(low, -0.4), min(high, 0.4)))
            else:
                values[name] = float(chance.choice([low, high, *chance.uniform(low, high, 4)]))
        parameters = Parameters(**values)
        with contextlib.suppress(AllianceError):
            loadings(parameters)
            found.append(parameters)
    return tuple(found)


any_parameters = st.deferred(lambda: st.sampled_from(sampled_parameters()))
"""Any clinic, quickly: for laws of single equations."""


def network_for(parameters: Parameters) -> nx.Graph[int] | None:
    """A graph for a clinic whose network is given, else None."""
    if parameters.supervision_network != "file":
        return None
    graph: nx.Graph[int] = nx.empty_graph(parameters.therapists)
    graph.add_edges_from((0, i) for i in range(2, parameters.therapists))
    return graph


def numbers(low: float = 0.0, high: float = 1.0) -> st.SearchStrategy[float]:
    """Numbers in a range, that of a latent quantity if none is given."""
    return st.floats(low, high, allow_subnormal=False)


def every_field(kind: Any, **ranges: tuple[float, float]) -> st.SearchStrategy[Any]:
    """Any value of a named tuple of the model; fields on [0, 1] unless said."""
    return st.builds(kind, **{name: numbers(*ranges.get(name, (0, 1))) for name in kind._fields})


any_client = every_field(ClientTraits, impression=(-5, 5))
any_state = every_field(
    DyadState,
    relief=(-1, 1),
    session=(0, 50),
    crossings=(0, 10),
    disposition=(-5, 5),
    sensitivity=(0, 6),
)
any_presence = every_field(
    Presence, empathy_logit=(-5, 5), yields=(0, 0.5), rebuffs=(0, 0.5), notices=(-3, 3),
    repairs=(-3, 3), habit=(-3, 3),
)  # fmt: skip
any_draws = every_field(SessionDraws, attunement=(-4, 4), life=(-4, 4), fluctuation=(-4, 4))
"""Anything that may go into a session."""


def names_of(rows: Any) -> tuple[str, ...]:
    """The names of the fields of an array of records."""
    return tuple(rows.dtype.names)


def as_bytes(rows: Any) -> bytes:
    """The fields of an array of records, without the padding between them."""
    return b"".join(np.ascontiguousarray(rows[name]).tobytes() for name in rows.dtype.names)


def assert_same(one: Result, other: Result) -> None:
    """Assert that two runs have the same bits in every table, and name the first column that differs."""
    for table in ROWS:
        a, b = getattr(one, table), getattr(other, table)
        assert (a is None) == (b is None), table
        if a is None:
            continue
        assert a.shape == b.shape, table
        for name in a.dtype.names:
            assert a[name].tobytes() == b[name].tobytes(), (table, name, a[name], b[name])


def colder_from_session_5(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    p: Parameters,
) -> tuple[DyadState, SessionEvents]:
    """A session function of a user's own: from session 5, every session costs trust."""
    after, events = hold_session(client, state, therapist, draws, p)
    kept = 0.8 if state.session > 3.5 else 1.0
    return changed(after, trust=after.trust * kept), events
