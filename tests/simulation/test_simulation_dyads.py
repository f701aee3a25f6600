"""Another model of the dyad: the same bits wherever it runs, its parameters, its ending apart from its sessions."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import assume, given

from simulation import AllianceModel, Parameters, simulate, stages
from simulation.agents.people import Client
from simulation.coefficients import coefficients, unpack_with
from simulation.dyads.endings import good_enough_ending, usual_ending
from simulation.dyads.measured import Ended, Measured, one_relationship
from simulation.dyads.model import SPARE, DyadModel
from simulation.dyads.outcome import outcome_of
from simulation.engine.records import CLIENT_ROW, LATENT
from simulation.equation import equation
from simulation.equations.alliance import alliance, towards
from simulation.equations.boundaries import VIOLATION
from simulation.equations.change import gain_at_work
from simulation.equations.ending import BY_PLAN, GOES_ON
from simulation.errors import AllianceError
from simulation.instruments import ReportDraws, report_session
from simulation.numerics import where
from simulation.parameters import PARAMETERS
from simulation.parameters.declaration import integer, number
from simulation.plain.running import simulate_plainly
from simulation.session import hold_session
from simulation.states import DyadState, Rater, SessionEvents
from tests.simulation.clinics import (
    UNCOUPLED,
    any_client,
    any_draws,
    any_parameters,
    any_presence,
    any_state,
    assert_same,
    every_field,
)


class Warmth(NamedTuple):
    """What the dyad of these tests carries."""

    felt: float
    sessions: float


@equation
def warmed(felt: float, acceptance: float, p: Any) -> float:
    """Warmth after a session."""
    return towards(felt, acceptance, p.warming)


def begin(client: Any, distress: float, style: float, p: Any) -> Warmth:
    return Warmth(
        0.5 * (client.propensity_to_trust + p.first_warmth) * (1.0 - 0.1 * style * distress), 0.0
    )


def session(client: Any, state: Warmth, therapist: Any, draws: Any, p: Any) -> Warmth:
    return Warmth(warmed(state.felt, therapist.present_acceptance, p), state.sessions + 1.0)


def measured(
    client: Any, state: Warmth, before: Any, therapist: Any, draws: Any, p: Any
) -> Measured:
    after = outcome_of(0.2 * state.felt, state.felt, client, before, draws, p)
    return one_relationship(state.felt, state.felt, after.distress, after.level, after.satisfaction)


def after_some_sessions(
    client: Any, before: Any, therapist: Any, draws: Any, now: Any, p: Any
) -> Ended:
    return Ended(0.25, where(before.session + 1.0 >= p.most_sessions, BY_PLAN, GOES_ON))


class Warm(Parameters):
    """Warmth that rubs off."""

    dyad: ClassVar[DyadModel] = DyadModel(Warmth, begin, session, measured)

    first_warmth: float = number(0.5, 0, 1, "Warmth before the first session.")
    warming: float = number(0.2, 0, 1, "How fast it rubs off.", unit="share per session")


class Bounded(Warm):
    """The same, with another ending and a parameter for it."""

    dyad: ClassVar[DyadModel] = replace(Warm.dyad, ending=after_some_sessions)

    most_sessions: int = integer(3, 1, 20, "Sessions until therapy ends.", unit="sessions")


BUSY: dict[str, Any] = {
    "clients": 60,
    "therapists": 4,
    "caseload_cap": 5,
    "arrivals_per_week": 8.0,
    "weeks": 30,
    "waiting_loss": 0.05,
    "session_interval": 2,
    "progress_feedback": True,
}
"""A clinic in which clients wait, give up waiting, and are still in treatment at the end."""


@pytest.mark.parametrize("kind", [Warm, Bounded])
def test_mesa_plain_python_and_engine_give_the_same_bits(kind: type[Parameters]) -> None:
    setting = kind(**BUSY, warming=0.3)
    engine = simulate(setting, seed=5, first_replicate=2, histories=True)
    mesa = AllianceModel(setting, rng=5, replicate=2, histories=True).run().result()
    plain = simulate_plainly(setting, seed=5, first_replicate=2, histories=True)
    assert_same(mesa, engine)
    assert_same(plain, engine)
    assert engine.session_rows is not None
    assert len(set(engine.client_rows["status"])) > 1


def test_its_own_parameters_take_effect_and_are_checked_like_the_models() -> None:
    slow, fast = (
        simulate(Warm(clients=30, therapists=4, warming=value), histories=True).sessions
        for value in (0.1, 0.9)
    )
    first = [table.filter(table["session"] == 1)["bond"].to_list() for table in (slow, fast)]
    assert first[0] != first[1]
    with pytest.raises(
        AllianceError, match=r"^warming = 2 is not allowed: warming takes a number from 0 to 1 "
    ):
        Warm(warming=2)
    with pytest.raises(
        AllianceError, match=r"^warmin is not a parameter\. Did you mean warming\?$"
    ):
        Warm(warmin=0.5)
    with pytest.raises(AllianceError, match=r"^warming is not a parameter"):
        Parameters(warming=0.5)


def test_a_setting_knows_its_table_what_was_changed_and_how_to_be_copied() -> None:
    setting = Bounded(clients=30).replace(warming=0.7, most_sessions="5")
    assert isinstance(setting, Bounded)
    assert setting.changed() == {"clients": 30, "warming": 0.7, "most_sessions": 5}
    assert setting.own == ("first_warmth", "warming", "most_sessions")
    assert (setting.rows["warming"].unit, setting.rows["warming"].high) == ("share per session", 1)
    assert setting.rows["empathy"] is PARAMETERS["empathy"]
    assert pickle.loads(pickle.dumps(setting)) == setting
    assert (Parameters.own, Parameters.rows) == ((), PARAMETERS)


def test_a_default_that_a_subclass_changes_is_its_own() -> None:
    class Small(Warm):
        """A small clinic."""

        clients: int = integer(7, 1, 100, "How many ask.", unit="clients")

    assert Small().clients == Small.rows["clients"].default == 7
    assert Small().changed() == {}
    assert "clients" not in Small.own


def test_what_is_not_declared_as_a_parameter_is_refused() -> None:
    with pytest.raises(AllianceError, match=r"^coldness is no parameter: declare it with"):

        class Cold(Warm):
            """Not a setting."""

            coldness: float = 0.5


def test_the_ending_can_be_replaced_and_nothing_else_changes() -> None:
    sizes: dict[str, Any] = {"clients": 40, "therapists": 8, **UNCOUPLED}
    usual, bounded = (simulate(kind(**sizes), histories=True).sessions for kind in (Warm, Bounded))
    assert bounded["session"].max() == 3
    assert set(bounded["dropout_probability"]) == {0.25}
    columns = ["client", "session", "bond", "distress"]
    shared = usual.select(columns).join(bounded.select(columns), on=["client", "session"])
    assert len(shared) > 60
    assert shared["distress"].equals(shared["distress_right"].alias("distress"))
    assert simulate(Bounded(**sizes)).clients["status"].unique().to_list() == ["completed"]


@pytest.mark.parametrize("run", [simulate, AllianceModel])
def test_a_session_function_beside_it_is_refused(run: Any) -> None:
    def other(client: Any, state: Any, therapist: Any, draws: Any, p: Any) -> Any:
        return hold_session(client, state, therapist, draws, p)

    with pytest.raises(AllianceError, match="its own session, and session = other would replace"):
        run(Warm(clients=5, therapists=1), session=other)


def test_rules_of_agents_go_with_it() -> None:
    class Once(Client):
        """A client of one session."""

        def ends(self, events: SessionEvents) -> str:
            return "completed"

    model = AllianceModel(Warm(clients=8, therapists=2), rng=1, client_class=Once).run()
    assert {client.sessions for client in model.clients} == {1}


class Empty(NamedTuple):
    """Nothing."""


class Full(NamedTuple):
    """Too much."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"state": Empty}, "one to 5 floats"),
        ({"state": Full}, "one to 5 floats"),
        ({"state": dict}, "one to 5 floats"),
        ({"begin": session}, "^begin = .* client, distress, style, p"),
        ({"session": len}, "^session = .* client, state, therapist, draws, p"),
        ({"measured": session}, "client, state, before, therapist, draws, p"),
        ({"ending": session}, "client, before, therapist, draws, now, p"),
    ],
)
def test_a_model_that_cannot_be_run_is_refused_when_it_is_made(
    given_: dict[str, Any], said: str
) -> None:
    whole = {"state": Warmth, "begin": begin, "session": session, "measured": measured}
    with pytest.raises(AllianceError, match=said):
        DyadModel(**{**whole, **given_})


@given(any_client, any_state, any_presence, any_draws, any_parameters)
def test_the_usual_ending_is_that_of_the_models_own_session(
    client: Any, before: Any, therapist: Any, draws: Any, parameters: Parameters
) -> None:
    p = unpack_with(())(coefficients(parameters).tolist())
    after, events = hold_session(client, before, therapist, draws, p)
    both = {**after._asdict(), **events._asdict()}
    now = Measured(**{name: both[name] for name in Measured._fields})
    ended = usual_ending(client, before, therapist, draws, now, p)
    assert ended.dropout_probability == events.dropout_probability
    if events.boundary_event != VIOLATION:
        assert ended.ending == events.ending


@given(any_client, any_state, any_presence, any_draws, any_parameters)
def test_the_usual_outcome_is_that_of_the_models_own_session(
    client: Any, before: Any, therapist: Any, draws: Any, parameters: Parameters
) -> None:
    p = unpack_with(())(coefficients(parameters).tolist())
    meeting = stages.Meeting(client, before, therapist, draws)
    opening = stages.open_up(meeting, p)
    attunement = stages.attune(meeting, opening, p)
    frame = stages.hold_frame(meeting, p)
    assume(frame.boundary_event != VIOLATION)
    rupture = stages.draw_rupture(meeting, attunement, frame, p)
    repair = stages.attempt_repair(meeting, attunement, rupture, p)
    after, _ = hold_session(client, before, therapist, draws, p)
    gain = gain_at_work(attunement.gain, repair.taken_up, p)
    allied = alliance(after.bond, after.task, after.goal)
    found = outcome_of(gain, allied, client, before, draws, p)
    assert found == (after.distress, after.distress_level, after.satisfaction)


@given(every_field(Rater), every_field(ReportDraws), any_state, any_state)
def test_nothing_but_a_session_reads_the_fields_that_carry_another_state(
    rater: Any, draws: Any, state: DyadState, other: DyadState
) -> None:
    assert not set(SPARE) & {*LATENT, *CLIENT_ROW.names}
    p = unpack_with(())(coefficients(Parameters()).tolist())
    events = SessionEvents(*([0.5] * len(SessionEvents._fields)))
    changed = state._replace(**{name: getattr(other, name) for name in SPARE})
    one, two = (report_session(rater, 0.0, draws, dyad, events, p) for dyad in (state, changed))
    assert one == two


def test_a_state_can_be_read_by_its_own_names() -> None:
    model = AllianceModel(Warm(clients=4, therapists=2), rng=1).run()
    for client in model.clients:
        own = Warm.dyad.state_in(client.state)
        assert own == Warmth(client.state.bond, client.sessions)


def test_good_enough_has_no_dropout_and_ends_at_the_limit() -> None:
    class Leaving(Warm):
        """Leaving when well enough."""

        dyad: ClassVar[DyadModel] = replace(Warm.dyad, ending=good_enough_ending)

    setting = Leaving(clients=80, therapists=8, session_limit=6)
    clients = simulate_plainly(setting, seed=2).clients
    assert set(clients["status"]) == {"completed", "session_limit"}
    at_limit = clients.filter(clients["status"] == "session_limit")
    assert at_limit["sessions"].unique().to_list() == [6]
