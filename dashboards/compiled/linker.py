"""One relocatable object of LLVM's for wasm32 becomes a WebAssembly module that a browser loads.

An object leaves blank where things will be: which function, which global, which address. Each blank has a relocation,
which says what belongs there. Here every symbol is given its place and every blank is filled in. A linker of a tool
chain does the same for many objects and every kind of relocation; ours knows the kinds that an object without
foreign functions and without function pointers has, and refuses all others.

The module's memory has the stack first, then the data, then what the caller lays out: a stack that grew too large
would leave the memory, which is an error, and not write over the data.

The formats are WebAssembly's own and that of its tool conventions
(``WebAssembly/tool-conventions``, *Linking.md*, version 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dashboards.compiled import binary
from dashboards.compiled.binary import Reader, name, padded, section, signed, unsigned
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["LinkError", "link"]

TYPES, IMPORTS, FUNCTIONS, MEMORY, GLOBALS, EXPORTS, CODE, DATA, DATA_COUNT = (
    1,
    2,
    3,
    5,
    6,
    7,
    10,
    11,
    12,
)
"""Sections, in the order in which a module has them, but for the count of the data, which comes before the code."""

FUNCTION_SYMBOL, DATA_SYMBOL, GLOBAL_SYMBOL, SECTION_SYMBOL = 0, 1, 2, 3
UNDEFINED, EXPLICIT_NAME = 0x10, 0x40
"""Of a symbol: not in this object; has a name although it is not."""

SYMBOL_TABLE = 8
LINKING_VERSION = 2

FUNCTION_INDEX, ADDRESS, SIGNED_ADDRESS, ADDRESS_WORD, TYPE_INDEX, GLOBAL_INDEX = 0, 3, 4, 5, 6, 7
WITH_ADDEND = (ADDRESS, SIGNED_ADDRESS, ADDRESS_WORD)
"""Kinds of relocations: what is to be written, in an instruction or, of a word, among the data."""

PAGE = 1 << 16
STACK = 1 << 18
"""Bytes of the stack: some hundred times what the engine has been seen to take."""

MOST_PAGES = 1 << 14
"""Of the memory: 1 GiB."""

ALIGNED = 64
"""Where what the caller lays out may begin."""

I32 = 0x7F
CONSTANT, END = b"\x41", b"\x0b"
FIXED, CHANGING = b"\0", b"\1"
A_FUNCTION, A_MEMORY, A_GLOBAL = 0, 2, 3
"""What is imported or exported."""


class LinkError(AllianceError):
    """An object that this linker cannot make a module of."""


class Symbol(NamedTuple):
    """What a relocation may mean: a function or global by its number, or a stretch of data."""

    kind: int
    name: str
    number: int
    """Of the function, the global, or the segment that the data lie in; -1 for data that are not in the object."""
    offset: int = 0
    """Of the data in their segment."""


class Relocation(NamedTuple):
    """A blank to be filled in."""

    kind: int
    offset: int
    """In the body of its section."""
    number: int
    """Of the symbol or, for `TYPE_INDEX`, the type."""
    addend: int


class Segment(NamedTuple):
    """A stretch of the memory as it is at the start."""

    address: int
    begin: int
    """Where its bytes begin in the body of the section of data."""
    content: bytes


def link(data: bytes, exports: Mapping[str, str], *, stack: int = STACK) -> bytes:
    """Return the module of an object.

    Parameters
    ----------
    data
        The object.
    exports
        What the module calls a function that it offers, to its name in the object. Beside them it offers its
        ``memory`` and ``heap``, the address after the data.
    stack
        Bytes of the stack.

    Raises
    ------
    LinkError
        If the object needs what is not in it, or has relocations of other kinds.
    """
    parts = binary.sections(data)
    bodies = {part.kind: part.body for part in parts if not part.name}
    custom = {part.name: part.body for part in parts if part.name}
    _refuse_imports(Reader(bodies.get(IMPORTS, b"\0")))
    symbols = list(_symbols(Reader(custom["linking"])))
    segments = [*_segments(Reader(bodies.get(DATA, b"\0")))]
    placed = _Placed(symbols, segments, stack)
    code = _filled(bodies[CODE], custom.get("reloc.CODE"), placed)
    memory = _filled(bodies.get(DATA, b"\0"), custom.get("reloc.DATA"), placed)
    heap = -(-placed.end // ALIGNED) * ALIGNED
    offered = [
        name("memory") + bytes([A_MEMORY, 0]),
        name("heap") + bytes([A_GLOBAL, 1]),
        *(
            name(called) + bytes([A_FUNCTION]) + unsigned(placed.function(function))
            for called, function in exports.items()
        ),
    ]
    return b"".join(
        (
            binary.HEADER,
            _whole(TYPES, bodies[TYPES]),
            _whole(FUNCTIONS, bodies[FUNCTIONS]),
            section(MEMORY, b"\1" + unsigned(heap // PAGE + 1) + unsigned(MOST_PAGES)),
            section(GLOBALS, _word(stack, CHANGING), _word(heap, FIXED)),
            section(EXPORTS, *offered),
            _whole(DATA_COUNT, bodies[DATA_COUNT]) if DATA_COUNT in bodies else b"",
            _whole(CODE, code),
            section(DATA, *placed.written(memory)),
        )
    )


class _Placed:
    """Where everything is: the stack from 0, then the data."""

    def __init__(self, symbols: list[Symbol], segments: list[Segment], stack: int) -> None:
        self.symbols = symbols
        self.segments = segments
        self.stack = stack

    @property
    def end(self) -> int:
        """The address after the data."""
        ends = (self.stack + one.address + len(one.content) for one in self.segments)
        return max(ends, default=self.stack)

    def function(self, called: str) -> int:
        """Return the index of a function."""
        for symbol in self.symbols:
            if symbol.kind == FUNCTION_SYMBOL and symbol.name == called:
                return symbol.number
        raise LinkError(f"There is no function {called[:60]} in the object.")

    def value(self, relocation: Relocation) -> int:
        """Return what belongs in a blank."""
        if relocation.kind == TYPE_INDEX:
            return relocation.number
        symbol = self.symbols[relocation.number]
        if relocation.kind in (FUNCTION_INDEX, GLOBAL_INDEX):
            return symbol.number
        if symbol.kind != DATA_SYMBOL or symbol.number < 0:
            raise LinkError(f"The object needs {symbol.name[:60]}, which is not in it.")
        begin = self.stack + self.segments[symbol.number].address
        return begin + symbol.offset + relocation.addend

    def written(self, body: bytes) -> Iterator[bytes]:
        """Give the segments at their addresses, with their bytes from the body of the section of data."""
        for one in self.segments:
            content = body[one.begin : one.begin + len(one.content)]
            address = CONSTANT + signed(self.stack + one.address) + END
            yield b"\0" + address + unsigned(len(content)) + content


def _filled(body: bytes, relocations: bytes | None, placed: _Placed) -> bytes:
    filled = bytearray(body)
    for one in _relocations(Reader(relocations)) if relocations else ():
        value = placed.value(one)
        written = value.to_bytes(4, "little") if one.kind == ADDRESS_WORD else padded(value)
        filled[one.offset : one.offset + len(written)] = written
    return bytes(filled)


def _relocations(reader: Reader) -> Iterator[Relocation]:
    reader.unsigned()  # the place of the section, which its name says too
    for _ in range(reader.unsigned()):
        kind = reader.byte()
        if kind not in (FUNCTION_INDEX, *WITH_ADDEND, TYPE_INDEX, GLOBAL_INDEX):
            raise LinkError(f"The object has a relocation of kind {kind}, which is not known here.")
        offset, index = reader.unsigned(), reader.unsigned()
        yield Relocation(kind, offset, index, reader.signed() if kind in WITH_ADDEND else 0)


def _symbols(reader: Reader) -> Iterator[Symbol]:
    version = reader.unsigned()
    if version != LINKING_VERSION:
        raise LinkError(f"The object is of version {version}; version {LINKING_VERSION} is known.")
    while reader.more:
        kind, size = reader.byte(), reader.unsigned()
        body = Reader(reader.take(size))
        if kind == SYMBOL_TABLE:
            for _ in range(body.unsigned()):
                yield _symbol(body)


def _symbol(reader: Reader) -> Symbol:
    kind, flags = reader.byte(), reader.unsigned()
    undefined = bool(flags & UNDEFINED)
    match kind:
        case _ if kind in (FUNCTION_SYMBOL, GLOBAL_SYMBOL):
            index = reader.unsigned()
            named = not undefined or flags & EXPLICIT_NAME
            return Symbol(kind, reader.name() if named else "", index)
        case _ if kind == DATA_SYMBOL:
            called = reader.name()
            if undefined:
                return Symbol(kind, called, -1)
            index, offset, _size = reader.unsigned(), reader.unsigned(), reader.unsigned()
            return Symbol(kind, called, index, offset)
        case _ if kind == SECTION_SYMBOL:
            return Symbol(kind, "", reader.unsigned())
    raise LinkError(f"The object has a symbol of kind {kind}, which is not known here.")


def _segments(reader: Reader) -> Iterator[Segment]:
    for _ in range(reader.unsigned()):
        reader.unsigned()  # the only memory
        reader.take(len(CONSTANT))
        address = reader.signed()
        reader.take(len(END))
        size = reader.unsigned()
        begin = reader.place
        yield Segment(address, begin, reader.take(size))


def _refuse_imports(reader: Reader) -> None:
    """Refuse whatever an object wants from outside but its memory and its stack, which the module has itself."""
    for _ in range(reader.unsigned()):
        reader.name()
        wanted, kind = reader.name(), reader.byte()
        match kind, wanted:
            case 2, "__linear_memory":
                bounded = reader.unsigned() & 1
                reader.unsigned()
                if bounded:
                    reader.unsigned()
            case 3, "__stack_pointer":
                reader.take(2)
            case _:
                raise LinkError(f"The object needs {wanted[:60]}, which is not in it.")


def _word(value: int, change: bytes) -> bytes:
    return bytes([I32]) + change + CONSTANT + signed(value) + END


def _whole(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + unsigned(len(body)) + body
