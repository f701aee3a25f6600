"""What the page says about how far the model can be trusted: the dashboard's own comparison, in HTML and figures."""

from __future__ import annotations

from typing import Any

from dashboards.charts.figures import as_json
from dashboards.evidence.about import citation, forbidden_html, limits_html, purpose_html
from dashboards.evidence.validated import (
    HEADLINES,
    forest,
    headline,
    how_validated,
    misses_html,
    validated,
    validation_html,
)

__all__ = ["evidence", "limits"]


def evidence() -> dict[str, Any]:
    """Return the model beside published findings; takes some seconds."""
    found = validated()
    return {
        "headline": headline(found),
        "how": how_validated(found),
        "figures": [
            as_json(forest(found, None, ids=HEADLINES)),
            as_json(forest(found, "fit")),
        ],
        "misses": misses_html(found),
        "predicted": validation_html(found, "predict"),
        "informed": validation_html(found, "informed"),
        "fitted": validation_html(found, "fit"),
    }


def limits() -> dict[str, str]:
    """Return what the model is for, what it is not for, and what it does not know."""
    return {
        "purpose": purpose_html(),
        "forbidden": forbidden_html(),
        "limits": limits_html(),
        "citation": citation(),
    }
