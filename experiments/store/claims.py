"""Whose a folder is: that of one study, trial or search, which nothing else may be written into."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulation.files import StorageError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

__all__ = ["begin_folder", "check_folder", "refuse_another", "refuse_another_version"]


def check_folder(path: Path) -> None:
    """Make sure that a folder is there or can be made, before the work and not after it.

    Raises
    ------
    StorageError
        If something else is in its place.
    """
    there = next((one for one in (path, *path.parents) if one.exists()), path)
    if not there.is_dir():
        raise StorageError(
            f"{path} cannot be made a folder: {there} is a file; choose another name."
        )


def begin_folder(
    path: Path,
    *,
    mark: str,
    holds: str,
    own: Collection[str] = (),
    inside: Sequence[str] = (),
) -> None:
    """Make a folder, with the folders in it, unless it holds something else.

    Parameters
    ----------
    path
        The folder.
    mark
        Name of the file that says that it is one of these.
    holds
        What such a folder holds, for the message: ``"trial"``.
    own
        Names that may be there before `mark` is, of one that was interrupted.
    inside
        Names of the folders in it.

    Raises
    ------
    StorageError
        If other files are in it, or it cannot be made.
    """
    check_folder(path)
    try:
        if path.exists() and not (path / mark).exists():
            strangers = [
                one.name
                for one in path.iterdir()
                if not one.name.startswith(".") and one.name not in own
            ]
            if strangers:
                raise StorageError(
                    f"{path} is not empty and holds no {holds} (but {min(strangers)}); choose another folder."
                )
        for folder in (path, *(path / name for name in inside)):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be made a folder: {error.strerror}; choose another name."
        ) from None


def refuse_another(
    path: Path, holds: str, then: Mapping[str, Any], now: Mapping[str, Any], *, again: str
) -> None:
    """Refuse a folder that belongs to another study, trial or search.

    Parameters
    ----------
    path, holds
        As for `begin_folder`.
    then, now
        What it was begun with, and what is asked for.
    again
        What else can be done: ``"give the same study"``.

    Raises
    ------
    StorageError
        If they differ; says in what.
    """
    if said := _difference(then, now):
        raise StorageError(
            f"{path} belongs to another {holds}: {said}. Choose another folder, or {again}."
        )


def refuse_another_version(
    path: Path, then: object, now: object, *, what: str, of: str = "the model", sources: Any = ()
) -> None:
    """Refuse a folder that was begun with other sources.

    Parameters
    ----------
    path
        The folder.
    then, now
        Hashes of the sources.
    what
        What does not mix: ``"results"``.
    of
        Of what the sources are.
    sources
        Hashes of the single sources then and now, where they are known, to say which differ.

    Raises
    ------
    StorageError
        If they differ.
    """
    if then != now:
        said = f" ({_changes(*sources)})" if sources else ""
        raise StorageError(
            f"{path} was begun with another version of {of}{said}, and {what} of two versions do not mix; choose"
            " another folder, or go back to that version."
        )


def _difference(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Say the first thing in which two studies differ; empty if they are the same."""

    def differ(one: Any, other: Any, place: str) -> str:
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            if one.get("kind") != other.get("kind"):
                before, after = one.get("kind"), other.get("kind")
                return f"its {place or 'study'} was a {before} and is now a {after}"
            for key in [*one, *(key for key in other if key not in one)]:
                if said := differ(one.get(key), other.get(key), f"{place}.{key}" if place else key):
                    return said
            return ""
        return "" if one == other else f"{place} was {_shown(one)} and is now {_shown(other)}"

    return differ(then, now, "")


def _changes(then: Any, now: Any) -> str:
    """Say which parts of a model changed, came or went."""
    if not isinstance(then, Mapping) or not isinstance(now, Mapping):
        return "its source differs"
    names = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"changed since: {', '.join(names[:5])}{more}" if names else "its source differs"


def _shown(value: Any) -> str:
    text = "not given" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."
