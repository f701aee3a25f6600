"""Which published findings a setting is compared with.

Every setting answers for the findings about itself. Most findings in the literature are about
outpatient psychotherapy of adults in general. Such a finding also holds for a special setting when
it relates one thing to another (a correlation, a difference, an order), but not when it is a level
(a rate of dropout, a number of sessions, a share recovered): levels are what settings differ in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.catalogue import statistic
from experiments.evidence.reading import load_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.evidence.facts import Fact

__all__ = ["DEFAULT", "facts_for", "settings_with_facts"]

DEFAULT = "default"
"""The setting of findings about outpatient psychotherapy of adults in general."""

NOT_PSYCHOTHERAPY = frozenset({"medical_follow_up"})


def settings_with_facts(facts: Sequence[Fact] | None = None) -> tuple[str, ...]:
    """Return the settings that have findings of their own, the general one first."""
    found = {one.setting for one in (facts or load_facts()) if one.computed}
    return (DEFAULT, *sorted(found - {DEFAULT}))


def facts_for(setting: str, facts: Sequence[Fact] | None = None) -> tuple[Fact, ...]:
    """Return the findings a setting is compared with: its own, then the general ones.

    A setting without its own findings is compared with the general ones. Findings of a setting
    take the place of the general finding on the same statistic. A setting that is not
    psychotherapy answers for its own findings alone.
    """
    usable = [one for one in (load_facts() if facts is None else facts) if one.computed]
    own = [one for one in usable if one.setting == setting]
    general = [one for one in usable if one.setting == DEFAULT]
    if setting == DEFAULT or not own:
        return tuple(general)
    if setting in NOT_PSYCHOTHERAPY:
        return tuple(own)
    replaced = {_what(one) for one in own}
    return (
        *own,
        *(one for one in general if not _is_level(one) and _what(one) not in replaced),
    )


def _is_level(one: Fact) -> bool:
    return one.statistic_function is not None and statistic(one.statistic_function).level


def _what(one: Fact) -> tuple[object, ...]:
    return (one.statistic_function, one.arguments, one.policy)
