"""What one browser plays in the session room: who meets, the choices so far, the session looked at.

All of it comes from the address and goes back there, so a link restores a therapy to the session.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboards.addresses.fields import Number, Text, Whole, Word
from dashboards.addresses.pages import Limited
from dashboards.therapies.characters import (
    CLIENT_TRAITS,
    CLIENTS,
    THERAPIST_TRAITS,
    THERAPISTS,
    client_traits,
    find_client,
    find_therapist,
    therapist_traits,
)
from dashboards.therapies.play_file import Play
from dashboards.therapies.playing import counterfactuals, play
from dashboards.therapies.stances import OWN_WAY, STANCES
from dashboards.therapies.therapy import NUMBER_LIMIT, Setup, Therapy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.addresses.address import PageState
    from dashboards.addresses.fields import Fields
    from dashboards.therapies.characters import Character
    from simulation.parameters import Parameters

__all__ = ["FIELDS", "LAST", "MOST", "TherapyState", "sessions_played"]

MOST = 100
"""Sessions that the room plays at most."""

LAST = MOST
"""Where an address leaves out which session is looked at, it is the last one played, however many there are."""

FIELDS: Fields = MappingProxyType(
    {
        "client": Word("clinging", tuple(CLIENTS)),
        "therapist": Word("warm", tuple(THERAPISTS)),
        **{f"client.{row.name}": Number(None, row.low, row.high) for row in CLIENT_TRAITS},
        **{f"therapist.{row.name}": Number(None, row.low, row.high) for row in THERAPIST_TRAITS},
        "stances": Text(
            "",
            f"[{''.join(STANCES)}]{{0,{MOST}}}",
            f"a letter for each session, of {', '.join(STANCES)}; at most {MOST}",
        ),
        "number": Whole(0, 0, NUMBER_LIMIT - 1),
        "at": Whole(LAST, 0, MOST),
        "counterfactual": Whole(0, 0, MOST),
        "show": Word("felt", ("felt", "reported")),
    }
)
"""What the room's address says."""


@dataclass(frozen=True)
class TherapyState:
    """A therapy as it is being played.

    Attributes
    ----------
    client, therapist
        The characters begun from.
    parameters, seed
        Of the model.
    number
        Which client of a clinic under this seed: another number is another draw for the same two people.
    own_traits
        Traits that differ from the characters', as ``client.motivation``.
    stances
        A letter for each session so far, also those after the one looked at.
    at
        The session looked at; 0 before the first.
    counterfactual
        The session of which counterfactuals, other choices under the same luck, are shown; 0 for none.
    """

    client: Character
    therapist: Character
    parameters: Parameters
    seed: int
    own_traits: Mapping[str, float] = field(default_factory=dict)
    stances: str = ""
    at: int = 0
    counterfactual: int = 0
    number: int = 0

    @classmethod
    def of(cls, page: PageState) -> TherapyState:
        """Return what a page of the session room plays, see `FIELDS`."""
        known = {name: row.start for name, row in FIELDS.items()} | dict(page.view)
        traits = {
            name: value
            for name, value in known.items()
            if name.startswith(("client.", "therapist.")) and value is not None
        }
        stances = known["stances"]
        at = min(known["at"], len(stances))
        return cls(
            find_client(known["client"]),
            find_therapist(known["therapist"]),
            page.parameters,
            page.seed,
            traits,
            stances,
            at,
            min(known["counterfactual"], at),
            known["number"],
        )

    @property
    def setup(self) -> Setup:
        """Who meets, and under what draws."""
        client = {**self.client.traits, **self._own("client.")}
        traits, fatigue = therapist_traits({**self.therapist.traits, **self._own("therapist.")})
        return Setup(
            client_traits(client), traits, fatigue, self.parameters, self.seed, self.number
        )

    @property
    def is_over(self) -> bool:
        """Whether nothing can follow the session looked at."""
        return self.therapy().until(self.at).ending is not None

    def therapy(self) -> Therapy:
        """Return the therapy as far as it has been played."""
        return play(self.setup, self.stances, len(self.stances))

    def counterfactuals(self, therapy: Therapy) -> dict[str, Therapy]:
        """Return the therapies with other choices at session `counterfactual`, by stance; empty for none.

        While a session before the last is looked at they go as far as it, so that like is compared with like.
        """
        if not 0 < self.counterfactual <= len(therapy):
            return {}
        sessions = self.at if self.at < len(therapy) else len(self.stances)
        return counterfactuals(self.setup, self.stances, self.counterfactual, sessions)

    def chosen(self, letter: str) -> dict[str, Any]:
        """Return the view after the next session is held in a stance; what was played beyond it is forgotten."""
        stances = (self.stances[: self.at] + letter)[:MOST]
        return {"stances": stances, "at": len(stances), "counterfactual": 0}

    def stepped(self) -> dict[str, Any]:
        """Return the view one session on: as it was played before, else in the therapist's own way."""
        if self.at < len(self.stances):
            return {"at": self.at + 1}
        return self.chosen(OWN_WAY.letter)

    def to_the_end(self) -> dict[str, Any]:
        """Return the view with the therapy played to its end, or as far as the room goes."""
        whole = play(self.setup, self.stances, MOST)
        stances = self.stances.ljust(len(whole), OWN_WAY.letter)[: len(whole)]
        return {"stances": stances, "at": len(whole)}

    def as_play(self) -> Play:
        """Return the run as a file says it."""
        return Play(self.setup, self.stances, self.client.key, self.therapist.key)

    def person_of(self, trait: str) -> Character:
        """Return whose trait ``client.motivation`` is."""
        return self.client if trait.startswith("client.") else self.therapist

    def _own(self, prefix: str) -> dict[str, float]:
        return {
            name.removeprefix(prefix): value
            for name, value in self.own_traits.items()
            if name.startswith(prefix)
        }


def sessions_played(page: PageState) -> dict[str, Limited]:
    """Return the sessions that a link asks for and that were not played."""
    view = {name: row.start for name, row in FIELDS.items()} | dict(page.view)
    played = len(view["stances"])
    last = f"the last one played, {played}" if played else "what was played: no session yet"
    limited: dict[str, Limited] = {}
    if (at := page.view.get("at", 0)) > played:
        used = f"Session {played} is shown." if played else "The start is shown."
        limited["at"] = Limited(played or LAST, f"at = {at} is a session after {last}. {used}")
    if (counterfactual := view["counterfactual"]) > played:
        notice = f"counterfactual = {counterfactual} is a session after {last}. No other choices are shown."
        limited["counterfactual"] = Limited(0, notice)
    return limited
