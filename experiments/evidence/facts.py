"""Published findings about psychotherapy as data: what the simulation is compared with.

The file ``facts.toml`` beside this module is the one place where a published number stands. Its
split into ``fit`` (calibration may use it) and ``predict`` (only validation may) was written before
any fitting.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.evidence.ranges import (
    between_study_range,
    between_study_spread,
    sampling_range,
    widened_range,
)

__all__ = ["MEMORY", "Fact", "Overrides", "RangeRule", "Role", "Status"]

Role = Literal["fit", "predict"]
Status = Literal["V", "V2", "M", "D"]
RangeRule = Literal["between_study", "widened", "sampling", "stated", "order"]
Overrides: TypeAlias = tuple[tuple[str, bool | int | float | str | tuple[int, ...]], ...]

MEMORY = "M: the published number is from memory of the literature and still to be checked."
"""What is said below a table that has findings of status M."""

_ROUNDING = 1e-3
"""How far a range in the file may be from the one its rule gives."""

_NEEDS = {
    "between_study": ("value", "ci_low", "ci_high", "k", "n", "scale"),
    "widened": ("value", "ci_low", "ci_high", "scale"),
    "sampling": ("value", "n", "scale"),
}


class Fact(BaseModel):
    """One published statistic.

    Attributes
    ----------
    id
        ``F`` and the number of the finding in the project's evidence, with a letter where one
        finding gives several statistics (``F46r``, ``F46d``).
    statistic
        A few words that say what was measured.
    value
        The published number; ``None`` where only an order or a range was published.
    ci_low, ci_high
        Its 95 % confidence interval where known.
    low, high
        What counts as inside. ``None`` for a fact that is not computed.
    range_rule, range_reason
        How that range came about: ``between_study``, ``widened`` and ``sampling`` are the rules of
        `experiments.evidence.ranges`; ``stated`` is a judgement; ``order`` is a direction. The
        reason says it in words.
    scale, group_share
        What the rules need to know about the number.
    k, n
        Number of studies and of clients it rests on.
    citation, doi
        Where it was published.
    status
        V: read in the paper's own abstract or text; V2: read in a secondary source; M: from the
        literature as remembered, say so wherever it is shown; D: derived from such figures.
    setting
        The preset it is about.
    role
        ``fit`` or ``predict``.
    statistic_function, arguments
        The name of the statistic (see `experiments.catalogue.statistic`) that computes the same
        from simulated tables, and its keyword arguments.
    policy
        Parameters of the arm *with* an intervention; the statistic is then a contrast of that arm
        against the setting without it.
    pooled_over
        Sets of parameters whose studies are put together before the statistic is computed; a
        single set is the design of the published study (therapists followed over years).
    instead_of
        Of a setting's own finding: general ones that say the same of clinics in general by another statistic, and to
        which the setting is therefore not fitted.
    latent
        Whether the statistic needs a latent state.
    not_computed
        For a fact without a statistic: why.
    not_counting
        For a finding that nearly every clinic meets, whatever its numbers, and whose paper gives no narrower range:
        why. It is shown and fitted like others, but not counted.
    note
        What a reader should know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str = Field(pattern=r"^[A-Z]\d+[a-z]*\d*$")
    statistic: str = Field(min_length=3)
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    low: float | None = None
    high: float | None = None
    range_rule: RangeRule | None = None
    range_reason: str = ""
    scale: Literal["correlation", "difference", "ratio", "proportion"] | None = None
    group_share: float = Field(default=0.5, gt=0.0, lt=1.0)
    k: int | None = Field(default=None, gt=0)
    n: int | None = Field(default=None, gt=0)
    citation: str = Field(min_length=4)
    doi: str | None = Field(default=None, pattern=r"^10\.\d{4,9}/\S+$")
    status: Status
    setting: str = "default"
    role: Role
    statistic_function: str | None = None
    arguments: Overrides = ()
    policy: Overrides = ()
    pooled_over: tuple[Overrides, ...] = ()
    instead_of: tuple[str, ...] = ()
    latent: bool = False
    not_computed: str | None = None
    not_counting: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Fact:
        numbers = (self.value, self.ci_low, self.ci_high, self.low, self.high)
        if any(number is not None and not math.isfinite(number) for number in numbers):
            raise ValueError("every number must be finite")
        if (self.ci_low is None) != (self.ci_high is None):
            raise ValueError("ci_low and ci_high go together")
        _ordered("the interval", self.ci_low, self.value, self.ci_high)
        if (self.statistic_function is None) == (self.not_computed is None):
            raise ValueError("give either statistic_function or not_computed, not both")
        if self.statistic_function is None:
            return self
        if self.low is None or self.high is None:
            raise ValueError("a computed fact needs low and high")
        if self.range_rule is None or not self.range_reason:
            raise ValueError("a computed fact needs range_rule and range_reason")
        _ordered("the range", self.low, self.value, self.high)
        for name in _NEEDS.get(self.range_rule, ()):
            if getattr(self, name) is None:
                raise ValueError(f"range_rule {self.range_rule} needs {name}")
        due = self._range_by_rule()
        if due is not None and math.dist(due, (self.low, self.high)) > _ROUNDING:
            raise ValueError(
                f"range_rule {self.range_rule} gives low = {due[0]:.3f} and high = {due[1]:.3f}"
            )
        return self

    def _range_by_rule(self) -> tuple[float, float] | None:
        """Return the range that follows from the rule named; None for a range that is stated or an order."""
        value, scale, n = self.value, self.scale, self.n
        if value is None or scale is None:
            return None
        if self.range_rule == "sampling" and n is not None:
            return sampling_range(value, n, scale, share=self.group_share)
        if self.ci_low is None or self.ci_high is None:
            return None
        if self.range_rule == "widened":
            return widened_range(value, self.ci_low, self.ci_high, scale)
        if self.range_rule == "between_study" and self.k is not None and n is not None:
            return between_study_range(value, self.ci_low, self.ci_high, self.k, n, scale)
        return None

    @property
    def study_spread(self) -> float | None:
        """Standard deviation between studies on the scale they are pooled on; None where it does not follow."""
        value, low, high, k, n, scale = (
            self.value,
            self.ci_low,
            self.ci_high,
            self.k,
            self.n,
            self.scale,
        )
        if value is None or low is None or high is None or k is None or n is None or scale is None:
            return None
        return between_study_spread(value, low, high, k, n, scale)

    @property
    def computed(self) -> bool:
        """Whether there is a statistic for it."""
        return self.statistic_function is not None

    def inside(self, simulated: float) -> bool:
        """Whether a simulated value lies in the range.

        ``nan`` does not, and neither does just 0 where the range ends at 0: nothing at all is no direction.
        """
        if self.low is None or self.high is None:
            return False
        if simulated == 0.0 and 0.0 in {self.low, self.high}:
            return False
        return self.low <= simulated <= self.high


def _ordered(what: str, low: float | None, value: float | None, high: float | None) -> None:
    if low is None or high is None:
        return
    if low > high:
        raise ValueError(f"{what} runs from {low} to {high}; the lower end must come first")
    if value is not None and not low <= value <= high:
        raise ValueError(f"value {value} lies outside {what}, {low} to {high}")
