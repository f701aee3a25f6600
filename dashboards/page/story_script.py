"""The story as the dashboard tells it: the page's own script, and all it needs, as one module for a browser."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from dashboards.page.bundling import bundled_module
from dashboards.page.story import story
from dashboards.portable.model import model_script
from dashboards.shell.welcome import NEVER
from dashboards.therapies.offers import SAYS

__all__ = ["story_content", "story_script", "story_version"]

SCRIPT = Path(__file__).parent / "scripts" / "story.js"


@cache
def story_script() -> str:
    """Return the module; it exports ``story``, which shows the story in any page."""
    return bundled_module(SCRIPT, "story", {"model.js": model_script()})


@cache
def story_version() -> str:
    """Return what tells one text of the module from another."""
    return hashlib.sha256(story_script().encode()).hexdigest()[:12]


def story_content() -> dict[str, Any]:
    """Return what ``story`` is given to tell: who meets, under which draws, and what one would say."""
    return {"story": story(), "room": {"says": dict(SAYS)}, "never": NEVER}
