"""Solara's decorator for components, typed: a component is called like the function it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import solara

__all__ = ["component"]

Function = TypeVar("Function", bound=Callable[..., Any])

component = cast("Callable[[Function], Function]", solara.component)
"""Make a component of a function."""
