"""What the dashboard shows by the page's own scripts: those, and all they need, as one module for a browser."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboards.page.bundling import bundled_module
from dashboards.page.room import traits_of
from dashboards.page.story import story
from dashboards.portable.model import model_script
from dashboards.shell.welcome import NEVER
from dashboards.therapies.offers import SAYS

if TYPE_CHECKING:
    from dashboards.therapies.therapy import Setup

__all__ = ["settings_of", "shared_script", "shared_version", "story_content"]

SCRIPT = Path(__file__).parent / "scripts" / "shared.js"


@cache
def shared_script() -> str:
    """Return the module; it exports ``shared``, see ``scripts/shared.js``."""
    return bundled_module(SCRIPT, "shared", {"model.js": model_script()})


@cache
def shared_version() -> str:
    """Return what tells one text of the module from another."""
    return hashlib.sha256(shared_script().encode()).hexdigest()[:12]


def story_content() -> dict[str, Any]:
    """Return what ``story`` is given to tell: who meets, under which draws, and what one would say."""
    return {"story": story(), "room": {"says": dict(SAYS)}, "never": NEVER}


def settings_of(setup: Setup) -> dict[str, Any]:
    """Return who meets, and under what draws, as the model in a browser takes it."""
    return {
        "traits": traits_of(setup),
        "parameters": setup.parameters.changed(),
        "seed": str(setup.seed),
        "number": setup.number,
    }
