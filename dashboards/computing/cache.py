"""Finished runs, shared by everybody: what two people ask for is computed once and never changes.

The model is a pure function of parameters and seed, so a finished value can be shown to whoever asks the same
question. Nothing else is ever shared between browser sessions.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np
from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from numpy.typing import NDArray

__all__ = ["FINISHED", "Shared", "arrays_in"]

Value = TypeVar("Value")

BESIDES_ARRAYS = 50_000
"""Bytes reckoned for a value beside its arrays."""


@dataclass(frozen=True, slots=True)
class _Finished:
    value: object
    size: int


class Shared:
    """A cache of finished values that any number of threads may ask.

    Each value is computed once, by the first who asks; whoever asks meanwhile waits for the same computation. The
    arrays in it are made read-only. An error goes to everybody who waits, and the next one computes again. When the
    values take too much memory, those go that nobody has asked for longest; the latest stays.

    Parameters
    ----------
    most_bytes
        Bytes reckoned for all values together.
    """

    def __init__(self, *, most_bytes: int = 128_000_000) -> None:
        self._lock = threading.Lock()
        self._computing: dict[Hashable, Future[object]] = {}
        self._finished: LRUCache[Hashable, _Finished] = LRUCache(most_bytes, lambda one: one.size)

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Return the value of `key`, from `compute` if nobody has asked before.

        Parameters
        ----------
        key
            Everything the value depends on, and what kind of value it is.
        compute
            Makes the value: a pure function. It must not ask for the same key.
        """
        with self._lock:
            finished = self._finished.get(key)
            if finished is not None:
                return cast("Value", finished.value)
            others = self._computing.get(key)
            if others is None:
                mine = self._computing[key] = Future()
        if others is not None:
            return cast("Value", others.result())
        try:
            value = compute()
            size = BESIDES_ARRAYS
            for array in arrays_in(value):
                array.flags.writeable = False
                size += array.nbytes
        except BaseException as error:
            with self._lock:
                del self._computing[key]
            mine.set_exception(error)
            raise
        with self._lock:
            del self._computing[key]
            # A value larger than the whole cache takes all of it.
            self._finished[key] = _Finished(value, min(size, int(self._finished.maxsize)))
        mine.set_result(value)
        return value

    @property
    def bytes(self) -> int:
        """Bytes reckoned for the values that are there."""
        return int(self._finished.currsize)

    def __contains__(self, key: Hashable) -> bool:
        """Whether the value of `key` is finished and still there."""
        return key in self._finished


def arrays_in(value: object) -> Iterator[NDArray[Any]]:
    """Return every array in a value made of dataclasses, mappings, tuples and arrays."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from arrays_in(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from arrays_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from arrays_in(getattr(value, field.name))


FINISHED: Final = Shared()
"""The finished runs of this process: the one thing all browser sessions share."""
