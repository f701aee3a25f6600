"""The end of a therapy among other draws of luck: the same two people and choices, a dot for each draw."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dashboards.therapies.constant_stance import DRAWS, repeated
from dashboards.therapies.wording import share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.therapies.therapy import Therapy

__all__ = ["among_draws"]

WIDTH, LEFT, RIGHT, FOOT, STEP = 460, 10, 10, 40, 7
BINS = 40


def among_draws(therapy: Therapy) -> str:
    """Return a therapy's distress at its end among `DRAWS` other draws, from 0 to 1, as HTML with its finding."""
    own = therapy.state.distress
    others = [one.state.distress for one in repeated(therapy.setup, "".join(therapy.stances))]
    lower = sum(one < own for one in others)
    said = (
        f"Distress at the end: yours {share(own)}; with the same choices under {DRAWS} other draws of luck "
        f"it was lower in {lower} and as high or higher in {DRAWS - lower}."
    )
    piles = Counter(_place(one) for one in others)
    height = FOOT + STEP * (max(piles.values()) + 3)
    base = height - FOOT
    axis = "".join(
        f'<text x="{_x(level):.1f}" y="{height - 20}" text-anchor="{anchor}">{words}</text>'
        for level, words, anchor in ((0.0, "0", "start"), (0.5, ".5", "middle"), (1.0, "1", "end"))
    )
    return (
        f'<figure class="dots"><svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{said}">'
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base + 4}" y2="{base + 4}"/>'
        f"{''.join(_dots(piles, base))}{_own(own, base)}{axis}"
        f'<text x="{WIDTH / 2}" y="{height - 3}" text-anchor="middle">Distress at the end, felt</text></svg>'
        f"<figcaption>{said}</figcaption></figure>"
    )


def _dots(piles: Counter[int], base: int) -> Iterator[str]:
    for place, count in sorted(piles.items()):
        for row in range(count):
            yield f'<circle cx="{_x((place + 0.5) / BINS):.1f}" cy="{base - STEP * row}" r="3"/>'


def _own(level: float, base: int) -> str:
    """Return the mark of one's own therapy: a line to the axis with a square, and the word."""
    x = _x(level)
    anchor = "end" if level > 0.7 else "start"
    beside = -9 if level > 0.7 else 9
    return (
        f'<g class="own"><line x1="{x:.1f}" x2="{x:.1f}" y1="10" y2="{base + 4}"/>'
        f'<rect x="{x - 5:.1f}" y="4" width="10" height="10"/>'
        f'<text x="{x + beside:.1f}" y="14" text-anchor="{anchor}">yours</text></g>'
    )


def _place(level: float) -> int:
    return min(int(level * BINS), BINS - 1)


def _x(level: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * level
