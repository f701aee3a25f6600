"""Reading and writing what WebAssembly's binary format is made of: numbers of variable length, names, sections."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "HEADER",
    "Reader",
    "Section",
    "name",
    "padded",
    "section",
    "sections",
    "signed",
    "unsigned",
]

HEADER = b"\0asm\1\0\0\0"
"""The mark of WebAssembly and version 1 of its format."""

CUSTOM = 0
"""Number of every section that has a name of its own."""

WORD = 5
"""Bytes in which an object leaves room for any number of 32 bits."""


class Reader:
    """Reads bytes one after the other."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self.data = data
        self.place = place

    @property
    def more(self) -> bool:
        """Whether anything is left."""
        return self.place < len(self.data)

    def byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        self.place += count
        return self.data[self.place - count : self.place]

    def unsigned(self) -> int:
        """Return a number of seven bits a byte, the lowest first; the eighth says that more follow."""
        value, bits = 0, 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << bits
            bits += 7
            if byte < 0x80:
                return value

    def signed(self) -> int:
        """Return a number in two's complement."""
        begin = self.place
        value = self.unsigned()
        bits = 7 * (self.place - begin)
        return value - (1 << bits) if value >> (bits - 1) else value

    def name(self) -> str:
        return self.take(self.unsigned()).decode()


class Section(NamedTuple):
    """A part of a file."""

    kind: int
    name: str
    """Empty but for custom sections."""
    body: bytes


def sections(data: bytes) -> list[Section]:
    """Return the sections of a file in their order.

    Raises
    ------
    ValueError
        If it is not WebAssembly.
    """
    if not data.startswith(HEADER):
        raise ValueError("This is not WebAssembly: it does not begin with its mark and version.")
    found = []
    reader = Reader(data, len(HEADER))
    while reader.more:
        kind = reader.byte()
        body = reader.take(reader.unsigned())
        called = ""
        if kind == CUSTOM:
            inside = Reader(body)
            called = inside.name()
            body = body[inside.place :]
        found.append(Section(kind, called, body))
    return found


def unsigned(value: int) -> bytes:
    """Write a number without a sign in as few bytes as it takes."""
    written = bytearray()
    while True:
        value, byte = value >> 7, value & 0x7F
        written.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(written)


def signed(value: int) -> bytes:
    """Write a number in two's complement in as few bytes as it takes."""
    written = bytearray()
    while True:
        value, byte = value >> 7, value & 0x7F
        ends = value == (-1 if byte & 0x40 else 0)
        written.append(byte | (0 if ends else 0x80))
        if ends:
            return bytes(written)


def padded(value: int) -> bytes:
    """Write a number of 32 bits in as many bytes as an object leaves room for."""
    groups = [(value >> (7 * place)) & 0x7F for place in range(WORD)]
    return bytes(group | 0x80 for group in groups[:-1]) + bytes(groups[-1:])


def name(text: str) -> bytes:
    """Write a name: its length and its letters."""
    letters = text.encode()
    return unsigned(len(letters)) + letters


def section(kind: int, *entries: bytes) -> bytes:
    """Write a section that is a list of entries."""
    body = unsigned(len(entries)) + b"".join(entries)
    return bytes([kind]) + unsigned(len(body)) + body
