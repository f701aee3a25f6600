"""Finished runs, shared by everybody: what two people ask for is computed once and never changes.

The model is a pure function of parameters and seed, so a finished value can be shown to whoever asks the same
question. Nothing else is ever shared between browser sessions.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from numpy.typing import NDArray

__all__ = ["FINISHED", "Shared", "arrays_in"]

Value = TypeVar("Value")

BESIDES_ARRAYS = 2_000
"""Bytes reckoned for a value beside its arrays."""


@dataclass(frozen=True, slots=True)
class _Kept:
    value: object
    size: int


class Shared:
    """A cache of finished values that any number of threads may ask.

    Each value is computed once, by the first who asks; whoever asks meanwhile waits for the same computation.
    Values are made read-only. Errors go to everybody who waits, and are not kept. When there are too many
    values, or they take too much memory, those go that nobody has asked for longest; the latest stays.

    Parameters
    ----------
    most
        Values kept.
    most_bytes
        Bytes of their arrays, in all.
    """

    def __init__(self, *, most: int = 256, most_bytes: int = 128_000_000) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._coming: dict[Hashable, Future[object]] = {}
        self._bytes = 0

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
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return cast("Value", kept.value)
            coming = self._coming.get(key)
            if coming is None:
                mine: Future[object] = Future()
                self._coming[key] = mine
        if coming is not None:
            return cast("Value", coming.result())
        try:
            value = compute()
            size = BESIDES_ARRAYS
            for array in arrays_in(value):
                array.flags.writeable = False
                size += array.nbytes
        except BaseException as error:
            with self._lock:
                del self._coming[key]
            mine.set_exception(error)
            raise
        with self._lock:
            del self._coming[key]
            self._kept[key] = _Kept(value, size)
            self._bytes += size
            self._let_go()
        mine.set_result(value)
        return value

    def peek(self, key: Hashable) -> object | None:
        """Return the value of `key` if it is finished, else None; never waits."""
        with self._lock:
            kept = self._kept.get(key)
            return None if kept is None else kept.value

    @property
    def bytes(self) -> int:
        """Bytes reckoned for what is kept."""
        return self._bytes

    def __len__(self) -> int:
        """Return the number of values kept."""
        return len(self._kept)

    def _let_go(self) -> None:
        while len(self._kept) > 1 and (
            len(self._kept) > self._most or self._bytes > self._most_bytes
        ):
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.size


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
