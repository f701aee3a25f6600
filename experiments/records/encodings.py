"""From bytes to text: which encoding a file is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Decoded", "decoded"]

BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with a byte order mark"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
NUL_SHARE = 0.2


class Decoded(NamedTuple):
    """The text of a file, Python's name of its encoding, and what to say about that; empty for plain UTF-8."""

    text: str
    codec: str
    said: str


def decoded(path: Path, content: bytes) -> Decoded:
    """Find the encoding of a file and read it.

    Raises
    ------
    AllianceError
        When the bytes are not in the encoding that the file begins with.
    """
    for mark, codec, name in BOMS:
        if content.startswith(mark):
            return Decoded(_decode(path, content, codec, name), codec, f"Read as {name}.")
    head = content[:4000]
    if head.count(0) > NUL_SHARE * len(head):
        even, odd = head[::2].count(0), head[1::2].count(0)
        codec = "utf-16-le" if odd >= even else "utf-16-be"
        text = _decode(path, content, codec, "UTF-16")
        return Decoded(text, codec, "Read as UTF-16 (it has no byte order mark).")
    try:
        return Decoded(content.decode("utf-8"), "utf-8", "")
    except UnicodeDecodeError:
        codec = "cp1252"
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            text, codec = content.decode("latin-1"), "latin-1"
        name = {"cp1252": "Windows-1252 (Latin-1)", "latin-1": "Latin-1"}[codec]
        return Decoded(text, codec, f"Not UTF-8, so read as {name}; check names with accents.")


def _decode(path: Path, content: bytes, codec: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise AllianceError(
            f"{path} looks like {name}, but byte {error.start} does not belong there."
            " Save it as CSV in UTF-8."
        ) from None
