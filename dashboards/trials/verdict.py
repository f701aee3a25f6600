"""What one simulated trial would have concluded, and what is true, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.trials.inputs import WEEK
from dashboards.trials.refinement import MIXED, NAIVE
from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from dashboards.trials.opened import OpenedTrial

__all__ = ["p_words", "verdict"]

LEAST_P = 0.001


def p_words(p: float) -> str:
    """Write a p value."""
    return "p < .001" if p < LEAST_P else f"p = {fixed(p, 3).removeprefix('0')}"


def verdict(opened: OpenedTrial) -> str:
    """Say in two sentences what this trial would have concluded, and what is true."""
    mixed, naive = opened.conclusions[MIXED], opened.conclusions[NAIVE]
    if mixed.failed or naive.failed:
        return f"Trial {opened.number} could not be analysed: {mixed.failed or naive.failed}."
    if mixed.significant == naive.significant:
        both = "find an effect" if mixed.significant else "find no effect"
        said = (
            f"Both analyses {both} ({p_words(mixed.p)} and {p_words(naive.p)} ignoring therapists)."
        )
    elif naive.significant:
        said = (
            f"Ignoring therapists finds an effect ({p_words(naive.p)}), the mixed model does not "
            f"({p_words(mixed.p)})."
        )
    else:
        said = (
            f"The mixed model finds an effect ({p_words(mixed.p)}), ignoring therapists does not "
            f"({p_words(naive.p)})."
        )
    if opened.truth is None:
        return f"Trial {opened.number}, in which both arms are treated alike. {said}"
    where = f", on average over {opened.sets} parameter sets" if opened.sets > 1 else ""
    return (
        f"Trial {opened.number}. {said} In truth treated clients score {_points(opened.truth.effect)} after {WEEK} "
        f"weeks (d = {fixed(opened.truth.d, 2)}{where})."
    )


def _points(effect: float) -> str:
    """Write a difference on the CORE-10, on which less is better."""
    size = fixed(abs(effect), 1)
    return f"{size} points {'lower, which is better' if effect < 0 else 'higher, which is worse'},"
