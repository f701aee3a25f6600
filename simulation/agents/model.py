"""The clinic as a Mesa model: one step is a week.

`AllianceModel` gives the same bits as `simulation.simulate`, agent by agent, and works with Mesa's
`batch_run`, `DataCollector` and `SolaraViz`.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any

import mesa
import networkx as nx
from mesa.datacollection import DataCollector as _DataCollector

from simulation.agents.people import Client, Therapist
from simulation.agents.seeds import chosen_seed
from simulation.clinic import STATUSES
from simulation.network import colleagues_in, supervision_network
from simulation.parameters import Parameters
from simulation.plain.clinic import PlainClinic
from simulation.rehearsal import rehearse
from simulation.session_functions import refuse_other_arguments

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.session import SessionFunction

__all__ = ["AllianceModel"]

DataCollector: Any = _DataCollector  # Mesa's has no types


class AllianceModel(PlainClinic, mesa.Model):
    """A clinic of clients and therapists who meet week by week, as a Mesa model.

    Parameters
    ----------
    parameters
        A setting; the default clinic if left out.
    rng
        Seed, a whole number; `seed` is accepted too. Without one a seed is drawn, and `seed` has it. All draws are
        keyed by it, none comes from Mesa's generator.
    replicate
        Which of the clinics that share this seed.
    client_class, therapist_class
        Subclasses of `Client` and `Therapist` to use, for changed rules.
    session
        A function to use instead of `simulation.session.hold_session`. A plain one is first tried on twelve clients,
        as by `simulation.simulate`, once in a process.
    network
        Supervision network, for ``supervision_network="file"``.
    histories
        Record every session for `result`.
    **values
        Single parameters to change, such as ``empathy=0.8``; so that `mesa.batch_run` can vary them.

    Attributes
    ----------
    week
        Weeks completed.
    clients, therapists
        All of them, by number; also in `agents`.
    network
        The supervision network: a graph of the therapists' numbers.
    datacollector
        Collects week by week how many wait, are in treatment and ended how, means of those in treatment, and the
        seed, so that every row of `mesa.batch_run` can be run again.

    Raises
    ------
    AllianceError
        If an argument is not allowed, or the session function fails.
    """

    clients: list[Client]
    therapists: list[Therapist]

    def __init__(
        self,
        parameters: Parameters | None = None,
        *,
        rng: int | None = None,
        replicate: int = 0,
        client_class: type[Client] = Client,
        therapist_class: type[Therapist] = Therapist,
        session: SessionFunction | None = None,
        network: nx.Graph[Any] | str | Path | None = None,
        histories: bool = False,
        **values: Any,
    ) -> None:
        seed = chosen_seed(rng, values.pop("seed", None))
        mesa.Model.__init__(self, rng=seed)
        parameters = (parameters or Parameters()).replace(**values)
        if session is not None:
            refuse_other_arguments(session, exactly=False)
        # What is no plain function may count its calls, and is not called before the model runs.
        rehearse(type(parameters), session if isinstance(session, FunctionType) else None)
        self.network = supervision_network(parameters, seed, network)
        PlainClinic.__init__(
            self,
            parameters,
            colleagues_in(self.network),
            seed=seed,
            replicate=replicate,
            people=(client_class, therapist_class),
            session=session,
            histories=histories,
        )
        # Mesa before 3.5 counts agents in a class attribute that keeps every model alive (its issue 3179).
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self.datacollector: Any = DataCollector(
            model_reporters={
                "seed": "seed",
                **{status: partial(count, status) for status in STATUSES},
                "mean_trust": partial(mean_of, "trust"),
                "mean_alliance": partial(mean_of, "alliance"),
                "mean_distress": partial(mean_of, "distress"),
                "mean_fatigue": mean_fatigue,
            }
        )

    def step(self) -> None:
        """Let one week pass: intake, sessions, endings, and what the week does to the therapists.

        All sessions of a week see the therapists as they were when it began, so their order does not matter.
        """
        self.pass_week()
        self.datacollector.collect(self)

    def run(self) -> AllianceModel:
        """Run until every client's therapy has ended or follow-up ends; return the model."""
        while self.running:
            self.step()
        return self

    @property
    def caseload(self) -> nx.Graph[str]:
        """The graph of who sees whom: an edge from each therapist to each client in treatment."""
        graph: nx.Graph[str] = nx.Graph()
        for therapist in self.therapists:
            name = f"therapist {therapist.number}"
            graph.add_node(name, agent=therapist, kind="therapist")
            for client in therapist.caseload:
                graph.add_node(f"client {client.number}", agent=client, kind="client")
                graph.add_edge(name, f"client {client.number}")
        return graph


def mean_fatigue(model: AllianceModel) -> float:
    """Return the mean fatigue of the therapists, [0, 1]."""
    return sum(therapist.fatigue for therapist in model.therapists) / len(model.therapists)


def count(status: str, model: AllianceModel) -> int:
    """Return how many clients have this status."""
    return sum(client.status == status for client in model.clients)


def mean_of(name: str, model: AllianceModel) -> float | None:
    """Return the mean of an attribute over the clients in treatment, None without any."""
    values = [getattr(client, name) for client in model.clients if client.in_treatment]
    return sum(values) / len(values) if values else None
