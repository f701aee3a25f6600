"""The process that runs a Python function on one table after the other: see `experiments.audition.scripts`.

``python -m experiments.audition.worker FILE NAME SECONDS`` reads tables from its input and writes answers to its
output, until its input ends. What the function prints goes nowhere. A function that goes on for longer than so many
seconds ends with its process, also when nobody is left who waits for it.
"""

from __future__ import annotations

import importlib.util
import io
import json
import math
import os
import random
import signal
import struct
import sys
from dataclasses import astuple
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import polars as pl

from experiments.audition.protocol import AnswerError, answer_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["serve"]


def serve(file: str, name: str, seconds: str) -> None:
    """Answer until the input ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        function = _loaded(file, name)
    except AnswerError as error:
        _say(replies, _no_answer(error))
        return
    except Exception as error:
        _say(replies, _failure(error, file))
        return
    _say(replies, {"ready": True})
    source = sys.stdin.buffer
    while True:
        head = source.read(16)
        if len(head) < 16:
            return
        seed, size = struct.unpack("<QQ", head)
        content = source.read(size)
        if hasattr(signal, "alarm"):
            signal.alarm(math.ceil(float(seconds)) + 5)
        try:
            reply: dict[str, Any] = {"answer": astuple(_answer(function, content, seed))}
        except AnswerError as error:
            reply = _no_answer(error)
        except Exception as error:
            reply = _failure(error, file)
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        _say(replies, reply)


def _say(replies: BinaryIO, reply: dict[str, Any]) -> None:
    body = json.dumps(reply).encode()
    replies.write(struct.pack("<Q", len(body)) + body)
    replies.flush()


def _loaded(file: str, name: str) -> Callable[[Any], Any]:
    specification = importlib.util.spec_from_file_location(Path(file).stem, file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    found = getattr(module, name)
    if not callable(found):
        raise AnswerError(f"{name} is no function: write def {name}(table)")
    function: Callable[[Any], Any] = found
    return function


def _answer(function: Callable[[Any], Any], content: bytes, seed: int) -> Any:
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  scripts draw from it
    return answer_of(function(pl.read_ipc(io.BytesIO(content))))


def _no_answer(error: AnswerError) -> dict[str, Any]:
    return {"kind": AnswerError.__name__, "message": str(error), "where": ""}


def _failure(error: Exception, file: str) -> dict[str, Any]:
    own = [frame for frame in extract_tb(error.__traceback__) if frame.filename == file]
    where = f"{Path(file).name}, line {own[-1].lineno}" if own else Path(file).name
    message = " ".join(str(error).split())[:300]
    return {"kind": type(error).__name__, "message": message, "where": where}


if __name__ == "__main__":
    serve(*sys.argv[1:4])
