"""Rules of one's own in place of the model's: a session, a model of the dyad, a kind of client or therapist."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulation.errors import AllianceError
from simulation.mistakes import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.parameters import Parameters
    from simulation.results.result import Result

__all__ = ["Rules"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run uses instead of the model's own rules; None is the model's.

    Attributes
    ----------
    session
        A session function, as `simulation.simulate` takes it.
    setting
        A subclass of `Parameters` with a model of the dyad: the class of what is run.
    client_class, therapist_class
        Subclasses of `Client` and `Therapist`; a run with one is a Mesa run, agent by agent.
    """

    session: Any = None
    setting: Any = None
    client_class: Any = None
    therapist_class: Any = None

    @classmethod
    def of(cls, given: Iterable[Any]) -> Rules:
        """Sort rules by what they are.

        Raises
        ------
        AllianceError
            If one is none of these, or there are two of a kind.
        """
        found: dict[str, Any] = {}
        for rule in given:
            kind = _kind_of(rule)
            if kind in found:
                raise AllianceError(
                    f"{name_of(found[kind])} and {name_of(rule)} are both a {kind.replace('_', ' ')}: give one."
                )
            found[kind] = rule
        return cls(**found)

    @property
    def need_agents(self) -> bool:
        """Whether only Mesa can run them."""
        return self.client_class is not None or self.therapist_class is not None

    def run_agents(
        self, parameters: Parameters, seed: int, replicates: range, **options: Any
    ) -> Result:
        """Run clinics as Mesa agents, one after the other, and return their tables as those of one run.

        Parameters
        ----------
        parameters, seed, replicates
            Of the run.
        **options
            ``network`` and ``histories``, as `AllianceModel` takes them.
        """
        from simulation.agents.model import AllianceModel
        from simulation.results.result import joined

        chosen = {name: getattr(self, name) for name in ("client_class", "therapist_class")}
        chosen = {name: kind for name, kind in chosen.items() if kind is not None}
        results = [
            AllianceModel(
                parameters,
                rng=seed,
                replicate=replicate,
                session=self.session,
                **chosen,
                **options,
            )
            .run()
            .result()
            for replicate in replicates
        ]
        return joined(results)


def _kind_of(rule: Any) -> str:
    if inspect.isclass(rule):
        from simulation.parameters import Parameters

        if issubclass(rule, Parameters) and rule.dyad is not None:
            return "setting"
        from simulation.agents.people import Client, Therapist

        if issubclass(rule, Client):
            return "client_class"
        if issubclass(rule, Therapist):
            return "therapist_class"
    elif inspect.isfunction(rule) and len(inspect.signature(rule).parameters) == 5:
        return "session"
    raise AllianceError(
        f"{rule!r} is no rule: give a session function (client, state, therapist, draws, p), or a subclass of Client "
        "or Therapist, or one of Parameters with a dyad."
    )
