"""Whom a client is given, compiled: as `simulation.clinic.choose_therapist` says, but not everybody is asked.

The therapists of a clinic stand in places: in the order of their styles where clients are matched by preference, else
in that of their numbers. Above the places stands a tree of whole numbers. Node 1 is its root, nodes 2n and 2n + 1 are
below node n, and the last half of the nodes are the places. A place has its therapist's caseload and a node the least
of those below it; where assignment is random, a place has 1 for room and 0 for none, and a node their sum. So both a
choice and a change of caseload touch as many nodes as the tree is high.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from simulation.clinic import NOBODY, PREFERENCE_MATCH, RANDOM
from simulation.equation import equation
from simulation.equations.alliance import preference_match

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulation.coefficients import Coefficients

    Array = NDArray[Any]

__all__ = ["Team", "choose_in_team", "leaves_for", "load_team", "note_caseload", "team_of"]

FULL = 1 << 30
"""In a place without a therapist: more than any caseload."""


class Team(NamedTuple):
    """The therapists of one clinic, to be chosen from; with one more dimension in front, those of many."""

    order: Array
    """Place: number of its therapist."""
    places: Array
    """Therapist: place."""
    styles: Array
    """Place: style of its therapist."""
    tree: Array
    """Node: see above; two for every leaf."""


def leaves_for(therapists: int) -> int:
    """Return how many leaves the tree over so many places has: the next power of two."""
    return 1 << (therapists - 1).bit_length()


@equation
def team_of(teams: Team, c: int) -> Team:
    """Return the team of one clinic."""
    return Team(teams.order[c], teams.places[c], teams.styles[c], teams.tree[c])


@equation
def load_team(team: Team, p: Coefficients) -> None:
    """Give everybody a place and nobody a client. `styles` are in the order of numbers before, of places after."""
    order, styles, tree = team.order, team.styles, team.tree
    size = len(order)
    leaves = len(tree) >> 1
    for place in range(size):
        order[place] = place
    gap = size if p.assignment_code == PREFERENCE_MATCH else 0
    while gap > 1:
        # Shell's sort by style, then by number.
        gap = max(1, gap * 5 // 11)
        for place in range(gap, size):
            therapist, style, at = order[place], styles[place], place
            while at >= gap and (
                styles[at - gap] > style
                or (styles[at - gap] == style and order[at - gap] > therapist)
            ):
                order[at], styles[at] = order[at - gap], styles[at - gap]
                at -= gap
            order[at], styles[at] = therapist, style
    for place in range(leaves):
        if p.assignment_code == RANDOM:
            tree[leaves + place] = 1 if place < size else 0
        else:
            tree[leaves + place] = 0 if place < size else FULL
    for place in range(size):
        team.places[order[place]] = place
    for node in range(leaves - 1, 0, -1):
        tree[node] = above(tree, node, p)


@equation
def above(tree: Array, node: int, p: Coefficients) -> int:
    """Return what a node has of the two below it."""
    left: int = tree[2 * node]
    right: int = tree[2 * node + 1]
    return left + right if p.assignment_code == RANDOM else min(left, right)


@equation
def note_caseload(team: Team, therapist: int, caseload: int, p: Coefficients) -> None:
    """Note how many clients a therapist has now."""
    tree = team.tree
    node = (len(tree) >> 1) + team.places[therapist]
    tree[node] = caseload
    if p.assignment_code == RANDOM:
        tree[node] = 1 if caseload < p.caseload_cap else 0
    while node > 1:
        node >>= 1
        now = above(tree, node, p)
        if now == tree[node]:
            break
        tree[node] = now


@equation
def place_with(tree: Array, start: int, most: int, step: int) -> int:
    """Return the first place from `start` on with a caseload of at most `most`, or -1.

    `step` is 1 to look at higher places, -1 to look at lower ones.
    """
    leaves = len(tree) >> 1
    if start < 0 or start >= leaves:
        return NOBODY
    far = 1 if step > 0 else 0  # the side of two from which the way on leads over their parent
    node = leaves + start
    while tree[node] > most:
        while node > 1 and node & 1 == far:
            node >>= 1
        if node == 1:
            return NOBODY
        node += step
    while node < leaves:
        node = 2 * node + 1 - far
        if tree[node] > most:
            node += step
    return node - leaves


@equation
def choose_in_team(draw: float, preference: float, team: Team, p: Coefficients) -> int:
    """Return whom `simulation.clinic.choose_therapist` returns."""
    order, styles, tree = team.order, team.styles, team.tree
    size = len(order)
    if p.assignment_code == RANDOM:
        return placed_at_random(draw, tree)
    most = int(p.caseload_cap) - 1
    if tree[1] > most:
        return NOBODY
    first = int(draw * size)
    by_style = p.assignment_code == PREFERENCE_MATCH and styles[0] < styles[size - 1]
    low = places_below(preference, styles) if by_style else 0
    if p.assignment_code != PREFERENCE_MATCH:
        most = tree[1]
    best, best_score, fewest = NOBODY, -1.0, size
    for turn in range(2):
        step = 2 * turn - 1 if by_style else 1
        place = low - 1 + turn if by_style else first * (1 - turn)
        while best == NOBODY or by_style:
            place = place_with(tree, place, most, step)
            if place < 0:
                break
            score = preference_match(preference, styles[place]) if by_style else 0.0
            if score < best_score:
                break
            # Those that equal it are few.
            steps = order[place] - first
            if steps < 0:
                steps += size
            if score > best_score or steps < fewest:
                best, best_score, fewest = order[place], score, steps
            place += step
    return best


@equation
def places_below(preference: float, styles: Array) -> int:
    """Return how many places have a style below what is preferred; they come first."""
    low, high = 0, len(styles)
    while low < high:
        middle = (low + high) >> 1
        if styles[middle] < preference:
            low = middle + 1
        else:
            high = middle
    return low


@equation
def placed_at_random(draw: float, tree: Array) -> int:
    """Return the place with room before which a share `draw` of those with room are, or -1."""
    if tree[1] == 0:
        return NOBODY
    skip = int(draw * tree[1])
    leaves = len(tree) >> 1
    node = 1
    while node < leaves:
        node *= 2
        if skip >= tree[node]:
            skip -= tree[node]
            node += 1
    return node - leaves
