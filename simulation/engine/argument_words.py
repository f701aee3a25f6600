"""Arguments of stored machine code, taken apart as Numba does.

Named tuples are taken apart field by field, down to whole numbers and arrays.
"""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["words"]


def words(arguments: Iterable[Any]) -> list[int]:
    """Return arguments as Numba takes them apart: whole numbers, and arrays by address, shape and strides."""
    found: list[int] = []
    for one in arguments:
        if isinstance(one, tuple):
            found += words(one)
        elif isinstance(one, np.ndarray):
            known = _arrays.get(id(one))
            found += known[1] if known is not None and known[0]() is one else _words_of(one)
        else:
            found.append(index(one))
    return found


_arrays: dict[int, tuple[ref[Any], tuple[int, ...]]] = {}
"""Arrays that are there, by identity: most are working memory that the next run uses again."""


def _words_of(array: Any) -> tuple[int, ...]:
    if not array.flags.c_contiguous:
        raise ValueError("Compiled code takes arrays without gaps, rows one after the other.")
    # Nobody counts references, so there is no word on who owns the memory.
    address = array.ctypes.data
    found = (0, 0, array.size, array.itemsize, address, *array.shape, *array.strides)
    key = id(array)
    _arrays[key] = (ref(array, lambda _: _arrays.pop(key, None)), found)
    return found
