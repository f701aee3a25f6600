"""Why a published finding is missed: the best explanation found so far, written down as data."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NONE_FOUND", "explanation", "load_explanations"]

NONE_FOUND = "No explanation found yet."


def explanation(fact: str, setting: str = "default") -> str:
    """Return why a fact may be missed in a setting, or `NONE_FOUND`.

    Parameters
    ----------
    fact
        Its id.
    setting
        An explanation for one setting (``F01@youth``) goes before the general one.
    """
    known = load_explanations()
    return known.get(f"{fact}@{setting}", known.get(fact, NONE_FOUND))


@cache
def load_explanations() -> Mapping[str, str]:
    """Return every explanation, by the id of the fact."""
    text = resources.files("experiments.evidence").joinpath("explanations.toml").read_text("utf-8")
    return MappingProxyType(
        {key: " ".join(value.split()) for key, value in tomllib.loads(text).items()}
    )
