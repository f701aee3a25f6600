"""Therapies drawn at random, for Python and JavaScript to play alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from dashboards.therapies.stances import STANCES
from dashboards.therapies.therapy import Setup
from simulation.correlations import PAIRS, contradiction
from simulation.parameters import PARAMETERS, Parameters
from simulation.presets import layered

if TYPE_CHECKING:
    from random import Random

Settings = dict[str, Any]
"""What JavaScript's `newTherapy` takes, and the stances played."""

SIZES = ("clients", "therapists", "weeks")
"""Parameters of a clinic's size, which a therapy does not read."""


def drawn_parameters(random: Random, share: float) -> dict[str, Any]:
    """Change a share of all parameters, to anything that is allowed."""
    while True:
        drawn = {
            name: _value(random, name)
            for name in PARAMETERS
            if name not in SIZES and random.random() < share
        }
        if not contradiction(Parameters(**drawn)):
            return drawn


def _value(random: Random, name: str) -> Any:
    row = PARAMETERS[name]
    match row.kind:
        case "switch":
            return random.random() < 0.5
        case "choice":
            return random.choice(row.choices)
        case "integer":
            return random.randint(int(row.low or 0), int(row.high or 0))
    nearer = 0.5 if name in PAIRS else 1.0  # most strong correlations cannot be had together
    return nearer * random.uniform(float(row.low or 0), float(row.high or 0))


def drawn_settings(
    random: Random, client: str, therapist: str, *, own: bool = True, share: float = 0.0
) -> Settings:
    """Draw traits, parameters, a seed of 64 bits and stances for two described people."""
    rows = [(f"client.{row.name}", row) for row in CLIENT_TRAITS]
    rows += [(f"therapist.{row.name}", row) for row in THERAPIST_TRAITS]
    changed = random.sample(rows, 5) if own else []
    return {
        "client": client,
        "therapist": therapist,
        "traits": {name: random.uniform(row.low, row.high) for name, row in changed},
        "parameters": drawn_parameters(random, share),
        "seed": str(random.getrandbits(64)),
        "number": random.randrange(1_000_000),
        "stances": "".join(random.choices(list(STANCES), k=random.randint(0, 30))),
    }


def drawn_pair(random: Random) -> tuple[str, str]:
    """Draw two described people."""
    return random.choice(list(CLIENTS)), random.choice(list(THERAPISTS))


def every_pair() -> list[tuple[str, str]]:
    """Return every described client with every described therapist."""
    return [(client, therapist) for client in CLIENTS for therapist in THERAPISTS]


def setup_of(settings: Settings) -> Setup:
    """Return the same in Python."""

    def own(who: str) -> dict[str, float]:
        return {
            name.removeprefix(who): value
            for name, value in settings["traits"].items()
            if name.startswith(who)
        }

    traits, fatigue = therapist_traits(
        {**find_therapist(settings["therapist"]).traits, **own("therapist.")}
    )
    names = [settings["preset"]] if settings.get("preset") else []
    return Setup(
        client_traits({**find_client(settings["client"]).traits, **own("client.")}),
        traits,
        fatigue,
        layered(names, settings["parameters"]),
        int(settings["seed"]),
        settings["number"],
    )
