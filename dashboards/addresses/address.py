"""The address of a page holds all that is seen: room, preset, changed parameters, seed and the room's own view.

`write` and `read` are each other's inverse. Whatever else an address says is left out, with a notice that says what
and why, so a bad link still gives a working page::

    /clinic?v=1&preset=university_counselling&seed=7&empathy=0.7&week=20
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from dashboards.addresses.fields import Whole
from dashboards.addresses.parameter_controls import allowed_here
from simulation.correlations import contradiction, contradiction_sentence
from simulation.errors import AllianceError, unknown_name
from simulation.parameters import PARAMETERS
from simulation.presets import all_presets, layered
from simulation.randomness import SEED_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.addresses.fields import Fields
    from simulation.parameters import Parameters

__all__ = [
    "HIGHEST_SEED",
    "LONGEST",
    "MOST_NOTICES",
    "VERSION",
    "PageState",
    "read",
    "write",
    "written",
]

VERSION = "1"
SEED = 1
LONGEST = 4_000
"""Characters of an address that are read; more than any state needs."""

HIGHEST_SEED = SEED_LIMIT - 1

MOST_NOTICES = 6
"""Of a link that is all wrong, it is enough to tell so much."""


@dataclass(frozen=True)
class PageState:
    """What a page shows, and in which room.

    Attributes
    ----------
    room
        The room's name in the path.
    preset
        The preset that the changes stand on.
    changes
        Parameters that differ from it.
    seed
        Seed of the random numbers.
    view
        What else the room shows, by the names of its fields; a field at its start may be left out.
    """

    room: str = "session"
    preset: str = "university_counselling"
    changes: Mapping[str, Any] = field(default_factory=dict)
    seed: int = SEED
    view: Mapping[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> Parameters:
        """The preset's parameters."""
        return layered([self.preset])

    @property
    def parameters(self) -> Parameters:
        """All parameters, changes included."""
        return layered([self.preset], self.changes)

    def changed(self, **values: Any) -> PageState:
        """Return a copy with some values changed."""
        return replace(self, **values)


def write(page: PageState, fields: Fields) -> str:
    """Return the query of a page's address, without the question mark.

    Parameters
    ----------
    page
        What is seen.
    fields
        The fields of its room.
    """
    pairs = [("v", VERSION)]
    if page.preset != PageState.preset:
        pairs.append(("preset", page.preset))
    if page.seed != SEED:
        pairs.append(("seed", str(page.seed)))
    pairs += [(name, written(value)) for name, value in page.changes.items()]
    pairs += [
        (name, fields[name].write(value))
        for name, value in page.view.items()
        if name in fields and value != fields[name].start
    ]
    return urlencode(pairs, quote_via=quote, safe=":,~")


def read(room: str, query: str | None, fields: Fields) -> tuple[PageState, tuple[str, ...]]:
    """Return the page an address stands for, and a notice for each part of it that is left out.

    Parameters
    ----------
    room
        The room, as the path names it.
    query
        What is behind the question mark; None or empty for nothing.
    fields
        The fields of the room.
    """
    if query and len(query) > LONGEST:
        notice = "This address is too long to be one of ours, so the room starts as usual."
        return PageState(room=room), (notice,)
    pairs = parse_qsl(query or "", keep_blank_values=True, errors="replace")
    given = dict(pairs)
    notices = _repeated(pairs)
    if given.pop("v", VERSION) != VERSION:
        notices.append("This link was made by another version; what could be read of it is shown.")
    page = PageState(
        room=room,
        preset=_preset(given.pop("preset", PageState.preset), notices),
        seed=_seed(given.pop("seed", str(SEED)), notices),
    )
    view = _view({name: given.pop(name) for name in fields if name in given}, fields, notices)
    changes = _changes(given, page.base, fields, notices)
    page = replace(page, changes=MappingProxyType(changes), view=MappingProxyType(view))
    while among := contradiction(page.parameters):
        # Each of them is allowed, but not all together.
        notices.append(
            f"{contradiction_sentence(page.parameters, among)} Those of the preset are used."
        )
        left = {name: value for name, value in page.changes.items() if name not in among}
        page = replace(page, changes=MappingProxyType(left))
    return page, _few(notices)


def _repeated(pairs: list[tuple[str, str]]) -> list[str]:
    names = Counter(name for name, _ in pairs)
    last = dict(pairs)
    return [
        f"{_cut(name)} is given {count} times; the last, {_cut(last[name])}, counts."
        for name, count in names.items()
        if count > 1
    ]


def _few(notices: list[str]) -> tuple[str, ...]:
    if len(notices) <= MOST_NOTICES:
        return tuple(notices)
    left = len(notices) - MOST_NOTICES + 1
    return (
        *notices[: MOST_NOTICES - 1],
        f"{left} more parts of this link could not be read and are left out.",
    )


def _preset(name: str, notices: list[str]) -> str:
    if any(one.name == name for one in all_presets()):
        return name
    names = [one.name for one in all_presets()]
    notices.append(f"{unknown_name(_cut(name), 'a preset', names)} The usual clinic is shown.")
    return PageState.preset


def _seed(text: str, notices: list[str]) -> int:
    field = Whole(SEED, 0, HIGHEST_SEED)
    seed = field.read(text)
    if seed is None:
        notices.append(f"The seed must be a whole number, not {_cut(text)}; it is {SEED} here.")
        return SEED
    if seed != int(text):
        notices.append(f"seed = {text} is out of range: it takes {field.allowed}. {seed} is used.")
    return seed


def _view(given: Mapping[str, str], fields: Fields, notices: list[str]) -> dict[str, Any]:
    view: dict[str, Any] = {}
    for name, text in given.items():
        field = fields[name]
        value = field.read(text)
        if value is None:
            used = f" {field.start} is used." if field.start not in {None, ""} else ""
            notices.append(
                f"{name} = {_cut(text)} is not something this room can show. It takes {field.allowed}.{used}"
            )
            continue
        if isinstance(field, Whole) and value != int(text):
            notices.append(
                f"{name} = {text} is out of range: it takes {field.allowed}. {value} is used."
            )
        if value != field.start:
            view[name] = value
    return view


def _changes(
    given: Mapping[str, str], base: Parameters, fields: Fields, notices: list[str]
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, text in given.items():
        if name not in PARAMETERS:
            known = (*PARAMETERS, *fields)
            notices.append(
                str(unknown_name(_cut(name), "a parameter or a setting of this room", known))
            )
            continue
        usual = getattr(base, name)
        try:
            value = _parameter(name, text, base)
        except AllianceError as error:
            notices.append(f"{error} {written(usual)} is used.")
        else:
            if value != usual:
                changes[name] = value
    return changes


def _parameter(name: str, text: str, base: Parameters) -> Any:
    value = getattr(base.replace(**{name: _cut(text)}), name)
    allowed_here(name, value, _cut(text))
    return value


def written(value: Any) -> str:
    """Return a parameter's value as an address or the command line gives it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
