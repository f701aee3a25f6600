"""The axis of each curve over sessions: the same in the clinic room, the compare room and the page in one file.

A measure is drawn over all the values it can take, so that a curve has one height wherever it is met. An axis that
does not begin at 0 says where it begins (``assets/axes.js``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.charts.figures import Axis
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AXES", "reach_of"]

LABELS = {
    "alliance": "Latent alliance (0 to 1)",
    "distress": "Latent distress (0 to 1)",
    "wai_sr_client": "Alliance reported by clients (WAI-SR, 12 to 60)",
    "core_10": "Distress reported by clients (CORE-10, 0 to 40)",
}


def reach_of(measure: str) -> tuple[float, float]:
    """Return the lowest and the highest value that a measure can take: those of its questionnaire, or 0 and 1."""
    one = INSTRUMENTS.get(measure)
    return (float(one.low), float(one.high)) if one is not None else (0.0, 1.0)


AXES: Mapping[str, Axis] = {
    "staying": Axis("Share of clients who began", 0.0, 1.0, percent=True, measured=True),
    **{name: Axis(label, *reach_of(name), measured=True) for name, label in LABELS.items()},
}
"""By the name of the measure; ``staying`` is who is still in treatment."""
