"""`AllianceModel` is a good citizen of Mesa, and one rule of it can be changed by a subclass."""

from __future__ import annotations

import gc
import inspect
import sys
import warnings
import weakref
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import pytest

from simulation.agents.model import AllianceModel
from simulation.agents.people import Client, Therapist
from simulation.clinic import STATUSES
from simulation.errors import AllianceError
from simulation.parameters import Parameters
from simulation.running import simulate
from simulation.session import hold_session
from simulation.states import changed
from tests.processes import printed
from tests.simulation.clinics import assert_same, names_of

if TYPE_CHECKING:
    from simulation.states import DyadState, Presence, SessionEvents, TherapistState

SMALL: dict[str, Any] = {"clients": 12, "therapists": 3, "session_limit": 8, "arrivals_per_week": 6}


DataCollector: Any = mesa.DataCollector  # Mesa's has no types


HAS_BATCH_RUN = hasattr(mesa, "batch_run")
"""Mesa 4.0.0a0 has none."""

needs_batch_run = pytest.mark.skipif(not HAS_BATCH_RUN, reason="this release has no batch_run")


def small(**options: Any) -> AllianceModel:
    """A clinic of twelve clients."""
    return AllianceModel(rng=3, **{**SMALL, **options})


def test_a_step_is_a_week_and_the_model_stops_when_all_have_ended() -> None:
    model = small()
    going_on = [model.running]
    model.step()
    assert model.week == 1
    going_on.append(model.run().running)
    assert going_on == [True, False]
    assert not {"waiting", "in_treatment"} & {client.status for client in model.clients}


@needs_batch_run
def test_batch_run_varies_parameters_and_replicates() -> None:
    rows = mesa.batch_run(
        AllianceModel,
        {**SMALL, "seed": 3, "empathy": [0.3, 0.8], "replicate": [0, 1]},
        number_processes=1,
        display_progress=False,
    )
    assert len(rows) == 4
    for row in rows:
        parameters = Parameters(**SMALL, empathy=row["empathy"])
        clients = simulate(parameters, seed=3, first_replicate=row["replicate"]).clients
        counts = dict(clients["status"].value_counts().iter_rows())
        assert {status: row[status] for status in STATUSES} == {s: counts.get(s, 0) for s in STATUSES}  # fmt: skip


def results_of(rows: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    """What came of each row, without what was asked of it."""
    asked = {"RunId", "iteration", "seed", "rng", "empathy", *SMALL}
    return {tuple(str(value) for name, value in row.items() if name not in asked) for row in rows}


def batch(parameters: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    """Run the model without words in between; `iterations` is on its way out in Mesa 3.5."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return mesa.batch_run(
            AllianceModel,
            {**SMALL, **parameters},
            **{"number_processes": 1, "display_progress": False, **options},
        )


@needs_batch_run
def test_iterations_of_batch_run_are_different_runs_each_with_its_seed() -> None:
    rows = batch({"empathy": [0.3, 0.7]}, iterations=5)
    assert len(rows) == 10
    assert len({row["seed"] for row in rows}) == 10
    for empathy in (0.3, 0.7):
        assert len(results_of([row for row in rows if row["empathy"] == empathy])) == 5


@needs_batch_run
def test_a_row_of_batch_run_can_be_run_again_by_its_seed() -> None:
    (row,) = batch({}, iterations=1)
    again = AllianceModel(rng=row["seed"], **SMALL).run()
    counted = {status: sum(one.status == status for one in again.clients) for status in STATUSES}
    assert {status: row[status] for status in STATUSES} == counted


@needs_batch_run
def test_a_seed_named_seed_among_the_parameters_reaches_the_model_on_every_release() -> None:
    rows = batch({"seed": [1, 2, 3]})
    assert [row["seed"] for row in rows] == [1, 2, 3]
    assert len(results_of(rows)) == 3


LOSES_RNG = HAS_BATCH_RUN and "rng" in inspect.signature(mesa.batch_run).parameters
"""Whether this release of Mesa has seeds of its own in batch_run, and loses those among the parameters."""


@needs_batch_run
def test_seeds_named_rng_among_the_parameters_are_used_or_missed_aloud() -> None:
    if not LOSES_RNG:
        assert [row["seed"] for row in batch({"rng": [1, 2]})] == [1, 2]
        return
    with pytest.raises(AllianceError, match=r"replaces rng among the parameters.*rng=\[1, 2, 3\]"):
        batch({"rng": [1, 2]})
    assert [row["seed"] for row in batch({}, rng=[1, 2])] == [1, 2]


@needs_batch_run
def test_a_worker_that_no_seed_reached_says_that_it_drew_one() -> None:
    kwargs = {**SMALL, "rng": None}
    runner = mesa.batchrunner._model_run_func
    with pytest.warns(UserWarning, match="seed has it"):
        runner(AllianceModel, (0, 0, kwargs), max_steps=1, data_collection_period=-1)


def test_two_models_without_a_seed_differ_and_say_theirs() -> None:
    one, other = AllianceModel(**SMALL), AllianceModel(**SMALL)
    assert one.seed != other.seed
    assert one.run().result().seed == one.seed


@needs_batch_run
def test_batch_run_takes_a_whole_setting_in_a_list() -> None:
    settings = [Parameters(**SMALL), Parameters(**SMALL, telehealth=True)]
    rows = mesa.batch_run(
        AllianceModel, {"parameters": settings}, number_processes=1, display_progress=False
    )
    assert [row["parameters"] for row in rows] == settings


def test_the_data_collector_has_a_row_a_week_in_which_everybody_is_somewhere() -> None:
    model = small().run()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == model.week
    assert (frame[list(STATUSES)].sum(axis=1) == 12).all()
    last = frame.iloc[-1]
    for status in STATUSES:
        assert last[status] == sum(client.status == status for client in model.clients)


def test_the_data_collector_has_means_of_those_in_treatment_and_of_all_therapists() -> None:
    model, treated, finished = small(), 0, 0
    while model.running:
        model.step()
        here = [client for client in model.clients if client.in_treatment]
        treated, finished = treated + len(here), finished + (not here)
        row = model.datacollector.get_model_vars_dataframe().iloc[-1]
        for name in ("trust", "alliance", "distress"):
            values = [getattr(client, name) for client in here]
            mean = np.mean(values) if values else np.nan
            assert float(row[f"mean_{name}"]) == pytest.approx(mean, nan_ok=True), name
        tired = [therapist.fatigue for therapist in model.therapists]
        assert row["mean_fatigue"] == pytest.approx(np.mean(tired))
    assert treated > 12
    assert finished > 0, "a week in which nobody is left"


def test_a_data_collector_of_ones_own_may_ask_the_agents() -> None:
    class Watched(AllianceModel):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.datacollector = DataCollector(
                agenttype_reporters={Client: {"trust": "trust"}, Therapist: {"fatigue": "fatigue"}}
            )

    model = Watched(rng=3, **SMALL)
    model.step()
    frame = model.datacollector.get_agenttype_vars_dataframe(Client)
    assert sorted(frame["trust"]) == sorted(client.trust for client in model.clients)


def test_agents_are_agent_sets() -> None:
    model = small()
    for _ in range(4):
        model.step()
    clients: Any = model.agents.select(agent_type=Client)
    assert len(clients) == len(model.agents_by_type[Client]) == 12
    assert sorted(clients.get("number")) == list(range(12))
    busy = clients.select(lambda client: client.in_treatment)
    assert set(busy) == {client for t in model.therapists for client in t.caseload}
    assert len(busy) > 0
    busy.do("report")
    assert all(0 <= value <= 1 for value in busy.get("trust"))


def test_trust_empathy_and_boundary_are_readable_before_and_after_a_session() -> None:
    model = small()
    client, therapist = model.clients[0], model.therapists[0]
    assert client.trust == client.traits.propensity_to_trust
    assert (client.empathy, client.boundary, client.alliance) == (None, None, None)
    assert therapist.trust is None
    while not client.sessions:
        model.step()
    assert client.state is not None
    assert client.events is not None
    assert client.trust == client.state.trust
    assert client.empathy == client.events.perceived_empathy
    assert client.boundary in {"none", "held", "crossing", "rebuff", "violation"}
    assert 0 < therapist.empathy < 1
    assert therapist.boundary == therapist.traits.boundary


def test_network_and_caseload_are_graphs_of_who_is_tied_to_whom() -> None:
    model = small(supervision_network="ring")
    assert sorted(model.network.edges) == [(0, 1), (0, 2), (1, 2)]
    for _ in range(3):
        model.step()
    graph = model.caseload
    for therapist in model.therapists:
        mine = {f"client {client.number}" for client in therapist.caseload}
        assert set(graph.neighbors(f"therapist {therapist.number}")) == mine


class NeverLeaves(Client):
    """A client who does not drop out."""

    def ends(self, events: SessionEvents) -> str | None:
        status = super().ends(events)
        return None if status == "dropped_out" else status


class Rested(Therapist):
    """A therapist whom no week tires."""

    def end_week(self, met: list[Client], skill_around: float, ties: int) -> TherapistState:
        return self.state


class Warmer(Therapist):
    """A therapist who appears fully accepting."""

    def appear(self) -> Presence:
        return super().appear()._replace(present_acceptance=1.0)


class Grateful(Client):
    """A client whose satisfaction is complete after every session."""

    def hold_session(self, therapist: Presence) -> tuple[DyadState, SessionEvents]:
        after, events = super().hold_session(therapist)
        return after._replace(satisfaction=1.0), events


def test_a_subclass_without_a_change_changes_no_bit() -> None:
    class SameClient(Client):
        pass

    class SameTherapist(Therapist):
        pass

    same = small(client_class=SameClient, therapist_class=SameTherapist, histories=True)
    assert_same(same.run().result(), small(histories=True).run().result())


def test_a_status_that_does_not_exist_is_refused_with_the_nearest_one() -> None:
    class Misspelt(Client):
        def ends(self, events: SessionEvents) -> str | None:
            return "complete"

    with pytest.raises(AllianceError, match=r"complete is not a status\. Did you mean completed\?"):
        small(client_class=Misspelt).run()


def test_clients_may_be_told_to_stay() -> None:
    options = {"dropout_first": 0.0, "clients": 30}
    assert "dropped_out" in {c.status for c in small(**options).run().clients}
    staying = small(**options, client_class=NeverLeaves).run()
    assert "dropped_out" not in {c.status for c in staying.clients}
    assert staying.clients[0].traits == small(**options).clients[0].traits


def test_therapists_may_be_told_not_to_tire() -> None:
    model = small(therapist_class=Rested).run()
    for therapist in model.therapists:
        assert therapist.fatigue == small().therapists[therapist.number].fatigue
    assert any(t.fatigue != small().therapists[t.number].fatigue for t in small().run().therapists)


def test_therapists_may_appear_otherwise_than_they_are() -> None:
    warm, plain = (
        small(histories=True, **o).run().result() for o in ({"therapist_class": Warmer}, {})
    )
    assert warm.session_rows is not None
    assert plain.session_rows is not None
    assert warm.session_rows["safety"][0] > plain.session_rows["safety"][0]
    assert (warm.therapist_rows["acceptance"] == plain.therapist_rows["acceptance"]).all()


def test_a_changed_session_changes_what_it_says_and_leaves_the_rest() -> None:
    one = small(client_class=Grateful, histories=True).run().result().session_rows
    other = small(histories=True).run().result().session_rows
    assert one is not None
    assert other is not None
    assert (one["satisfaction"] == 1.0).all()
    for name in names_of(other):
        same = one[name].tobytes() == other[name].tobytes()
        assert same == (name not in {"satisfaction", "csq_8"}), name


def test_two_names_for_the_seed_are_refused_and_either_will_do() -> None:
    by_rng = AllianceModel(rng=9, **SMALL).run().result()
    assert_same(by_rng, AllianceModel(seed=9, **SMALL).run().result())
    with pytest.raises(AllianceError, match="two names for one thing"):
        AllianceModel(rng=9, seed=9)


@pytest.mark.parametrize("seed", ["7", 1.5, True])
def test_a_seed_that_is_no_whole_number_is_refused(seed: Any) -> None:
    with pytest.raises(AllianceError, match="whole number"):
        AllianceModel(rng=seed)


def test_a_misspelt_parameter_of_the_model_gets_the_nearest_name() -> None:
    with pytest.raises(AllianceError, match="Did you mean empathy"):
        AllianceModel(empaty=0.5)


def test_solara_viz_shows_the_model() -> None:
    visualization = pytest.importorskip(
        "mesa.visualization",
        reason="Mesa's visualization needs altair and matplotlib, which are not installed.",
        exc_type=ImportError,
    )
    solara: Any = pytest.importorskip("solara")

    page = visualization.SolaraViz(
        small(),
        components=[visualization.make_plot_component("mean_alliance")],
        model_params={"clients": 12},
        name="A clinic",
    )
    box, context = solara.render(page, handle_error=False)
    try:
        assert box.children
    finally:
        context.close()


def lost(*, run: bool) -> weakref.ref[AllianceModel]:
    """Make a model that nobody holds."""
    model = small()
    if run:
        model.run()
    return weakref.ref(model)


@pytest.mark.parametrize("run", [False, True])
def test_a_model_that_nobody_holds_is_forgotten(run: bool) -> None:
    reference = lost(run=run)
    gc.collect()
    assert reference() is None


LIGHT = """
import sys
import simulation.parameters
heavy = {"mesa", "numba", "llvmlite", "scipy", "networkx", "polars", "numpy", "solara", "pandas"}
print(sorted(heavy & sys.modules.keys()))
"""


def test_the_table_of_parameters_loads_nothing_heavy() -> None:
    assert printed(LIGHT).strip() == "[]"


START = """
import multiprocessing
before = multiprocessing.get_context("fork")
from simulation.agents.model import AllianceModel
import os
with multiprocessing.get_context("fork").Pool(1) as pool:
    print(pool.apply(os.getppid) == os.getpid(), before.get_start_method())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="There is no fork on Windows.")
def test_importing_the_model_leaves_an_explicit_way_to_start_processes_alone() -> None:
    assert printed(START).split() == ["True", "fork"]


COMPILED_ALONE = """
import sys
from simulation.running import simulate
from simulation.parameters import Parameters
print("mesa" in sys.modules)
"""


def test_the_engine_does_not_need_mesa() -> None:
    assert printed(COMPILED_ALONE).strip() == "False"


def few_arguments(client: Any, state: Any) -> Any:
    return client, state


def no_state(client: Any, state: Any, therapist: Any, draws: Any, p: Any) -> Any:
    return 7


def misspelt(client: Any, state: Any, therapist: Any, draws: Any, p: Any) -> Any:
    after, events = hold_session(client, state, therapist, draws, p)
    return changed(after, trusst=0.5), events


def beyond_one(client: Any, state: Any, therapist: Any, draws: Any, p: Any) -> Any:
    after, events = hold_session(client, state, therapist, draws, p)
    return changed(after, trust=7.0), events


@pytest.mark.parametrize("session", [few_arguments, no_state, misspelt, beyond_one, 3])
def test_a_wrong_session_function_is_refused_in_the_sentence_of_simulate(session: Any) -> None:
    setting = Parameters(clients=12, therapists=2)
    with pytest.raises(AllianceError) as said_by_simulate:
        simulate(setting, session=session)
    with pytest.raises(AllianceError) as said_by_model:
        AllianceModel(setting, rng=1, session=session)
    assert str(said_by_model.value) == str(said_by_simulate.value)


def test_a_session_function_of_a_model_need_not_name_its_arguments() -> None:
    def passed_on(*arguments: Any) -> Any:
        return hold_session(*arguments)

    def with_more(
        client: Any, state: Any, therapist: Any, draws: Any, p: Any, more: float = 1.0
    ) -> Any:
        del more
        return hold_session(client, state, therapist, draws, p)

    ends = [
        AllianceModel(clients=12, rng=1, session=session).run().result().columns("clients")
        for session in (None, passed_on, with_more)
    ]
    for other in ends[1:]:
        np.testing.assert_array_equal(other["status"], ends[0]["status"])


def test_a_session_that_counts_its_calls_is_not_tried_before() -> None:
    class Counting:
        calls = 0

        def hold(self, *arguments: Any) -> Any:
            self.calls += 1
            return hold_session(*arguments)

    counting = Counting()
    model = AllianceModel(clients=12, therapists=2, rng=1, session=counting.hold)
    assert counting.calls == 0
    model.run()
    assert counting.calls > 0
