"""What a parameter explains of a statistic, where clinics answer with what is known of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from experiments.calibration.priors import LEAST_SHARE, NEVER_MOVED, matters_among
from experiments.calibration.screening import shares_of_variance

if TYPE_CHECKING:
    from simulation.parameters import Parameters


def test_a_parameter_explains_what_follows_from_it_alone_whichever_way_and_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One statistic rises with severity, one falls with empathy's cube, one is never known, one never changes."""

    def simulated(setting: Parameters, *_: object, **__: object) -> list[float]:
        return [setting.severity, -(setting.empathy**3), math.nan, 1.0]

    monkeypatch.setattr("experiments.validation.validate.simulated_values", simulated)
    shares = shares_of_variance(clinics=400)
    assert not NEVER_MOVED & set(shares)
    assert shares["severity"] == pytest.approx(1.0)
    assert shares["empathy"] == pytest.approx(1.0)
    # By chance the largest of two squared rank correlations among 400 clinics is .04 once in ten thousand times.
    assert (
        max(value for name, value in shares.items() if name not in {"severity", "empathy"}) < 0.06
    )


def test_what_explains_too_little_or_is_calibrated_anyway_is_not_added() -> None:
    shares = {"empathy": LEAST_SHARE, "boundary": LEAST_SHARE - 0.001, "dropout_first": 0.9}
    assert matters_among(shares) == ("empathy",)
