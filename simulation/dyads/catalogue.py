"""Finding the published models of the dyad, by name."""

from __future__ import annotations

from functools import cache
from importlib import import_module, resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.parameters import Parameter, Parameters

__all__ = ["added_parameters", "dyad_names", "dyad_title", "name_of", "published_dyad"]

PUBLISHED = "simulation.dyads.published"


@cache
def dyad_names() -> tuple[str, ...]:
    """Return the names of the published models of the dyad: one a file of `simulation.dyads.published`."""
    files = (file.name for file in resources.files(PUBLISHED).iterdir())
    found = (name.removesuffix(".py") for name in files if name.endswith(".py"))
    return tuple(sorted(name for name in found if name != "__init__"))


def published_dyad(name: str) -> type[Parameters]:
    """Return the class of settings with this model of the dyad.

    Raises
    ------
    AllianceError
        When there is none; names the nearest.
    """
    if name not in dyad_names():
        raise unknown_name(name, "a model of the dyad", dyad_names())
    setting: type[Parameters] = import_module(f"{PUBLISHED}.{name}").SETTING
    return setting


def dyad_title(name: str) -> str:
    """Return what a published model of the dyad is called, in a few words.

    Raises
    ------
    AllianceError
        When there is none; names the nearest.
    """
    return str(published_dyad(name).__doc__).partition("\n")[0].rstrip(".")


def name_of(setting: type[Parameters]) -> str:
    """Return the name of the published model of the dyad that a class of settings has; empty for any other class."""
    package, _, name = setting.__module__.rpartition(".")
    is_published = package == PUBLISHED and published_dyad(name) is setting
    return name if is_published else ""


@cache
def added_parameters() -> Mapping[str, Parameter]:
    """Return the parameters that published models of the dyad add, by name; those that share one declare it alike."""
    settings = [published_dyad(name) for name in dyad_names()]
    return MappingProxyType({name: one.rows[name] for one in settings for name in one.own})
