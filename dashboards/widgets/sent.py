"""How one value reaches a widget's half in the browser."""

from __future__ import annotations

from typing import Any

import traitlets

from dashboards.charts.figures import as_json

__all__ = ["sent"]


def sent() -> traitlets.Any:
    """Return a trait for one value, such as a figure, which becomes JSON when it is sent.

    Until then it stays one value, which Solara need not look into.
    """
    trait: traitlets.Any = traitlets.Any().tag(sync=True, to_json=_as_sent)
    return trait


def _as_sent(value: Any, _: Any) -> Any:
    return as_json(value)
