"""The few functions of the model that are not translated but written anew wherever it runs.

All else is carried over as it stands: `simulation.engine.compilation` hands the equations to Numba,
`dashboards.portable` turns them into JavaScript. These cannot be: they read the bits of a float, need whole numbers
of 64 bits, or have to become one certain instruction. Their forms stand beside each other here, and tests hold each
to the Python function it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulation.errors import whole_number
from simulation.numerics import exponent, mantissa, where, where_due
from simulation.randomness import and_a_half, key_of, philox4x32

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PRIMITIVES", "Primitive"]


@dataclass(frozen=True, slots=True)
class Primitive:
    """A function with forms of its own.

    Attributes
    ----------
    python
        The function.
    javascript
        A JavaScript function of the same name.
    numba
        Makes what stands for it in compiled code; None where Numba compiles the Python function as it is.
    """

    python: Callable[..., Any]
    javascript: str
    numba: Callable[[], Any] | None = None


def _select() -> Any:
    """Return `where` as a select instruction: a branch would stand in the way of the loop vectoriser."""
    from numba.core import types
    from numba.extending import intrinsic

    @intrinsic
    def select(_typing: Any, condition: Any, _a: Any, _b: Any) -> Any:
        if condition != types.boolean:
            return None

        def instructions(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.select(*arguments)

        return types.float64(types.boolean, types.float64, types.float64), instructions

    return select


def _as_number(builder: Any, whole: Any, less: float) -> Any:
    """Return a whole number in [0, 2^52) as a float, less another: exact, where a conversion would be one at a time.

    The bits of 2^52 + n are those of 2^52 with n in their lowest places.
    """
    from llvmlite import ir

    llvm: Any = ir
    bits, number = llvm.IntType(64), llvm.DoubleType()
    placed = builder.or_(whole, llvm.Constant(bits, 0x4330000000000000))
    return builder.fsub(builder.bitcast(placed, number), llvm.Constant(number, 2.0**52 + less))


def _half_from_bits() -> Any:
    from numba.core import types
    from numba.extending import intrinsic

    @intrinsic
    def half_from_bits(_typing: Any, _a: Any) -> Any:
        def instructions(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return _as_number(builder, arguments[0], -0.5)

        return types.float64(types.int64), instructions

    return half_from_bits


def _select_by_bits() -> Any:
    """Return `where_due` on bits: LLVM would make a masked store of a choice, which takes three times as long."""
    from llvmlite import ir
    from numba.core import types
    from numba.extending import intrinsic

    llvm: Any = ir
    bits, number = llvm.IntType(64), llvm.DoubleType()

    @intrinsic
    def select_by_bits(_typing: Any, _due: Any, _new: Any, _old: Any) -> Any:
        def instructions(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            due, new, old = arguments
            mask = builder.sub(llvm.Constant(bits, 0), due)
            one = builder.and_(builder.bitcast(new, bits), mask)
            other = builder.and_(builder.bitcast(old, bits), builder.not_(mask))
            return builder.bitcast(builder.or_(one, other), number)

        return types.float64(types.int64, types.float64, types.float64), instructions

    return select_by_bits


def _exponent_from_bits() -> Any:
    from llvmlite import ir
    from numba.core import types
    from numba.extending import intrinsic

    llvm: Any = ir
    bits = llvm.IntType(64)

    @intrinsic
    def exponent_from_bits(_typing: Any, _x: Any) -> Any:
        def instructions(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            word = builder.bitcast(arguments[0], bits)
            biased = builder.lshr(word, llvm.Constant(bits, 52))
            return _as_number(builder, biased, 1023.0)

        return types.float64(types.float64), instructions

    return exponent_from_bits


def _mantissa_from_bits() -> Any:
    from llvmlite import ir
    from numba.core import types
    from numba.extending import intrinsic

    llvm: Any = ir
    bits, number = llvm.IntType(64), llvm.DoubleType()

    @intrinsic
    def mantissa_from_bits(_typing: Any, _x: Any) -> Any:
        def instructions(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            word = builder.bitcast(arguments[0], bits)
            fraction = builder.and_(word, llvm.Constant(bits, (1 << 52) - 1))
            return builder.bitcast(builder.or_(fraction, llvm.Constant(bits, 1023 << 52)), number)

        return types.float64(types.float64), instructions

    return mantissa_from_bits


PRIMITIVES: tuple[Primitive, ...] = (
    Primitive(where, "const where = (condition, a, b) => condition ? a : b;", _select),
    Primitive(where_due, "const where_due = (due, a, b) => due ? a : b;", _select_by_bits),
    Primitive(and_a_half, "const and_a_half = (a) => a + 0.5;", _half_from_bits),
    Primitive(
        exponent,
        """
const BITS = new DataView(new ArrayBuffer(8));
function exponent(x) {
  BITS.setFloat64(0, x);
  return (BITS.getUint32(0) >>> 20) - 1023;
}""",
        _exponent_from_bits,
    ),
    Primitive(
        mantissa,
        """
function mantissa(x) {
  BITS.setFloat64(0, x);
  BITS.setUint32(0, (BITS.getUint32(0) & 0x000fffff) | 0x3ff00000);
  return BITS.getFloat64(0);
}""",
        _mantissa_from_bits,
    ),
    Primitive(
        philox4x32,
        """
function highWord(a, b) { // of the 64 bits of a * b, by halves of 16 bits
  const low = (a & 0xffff) * (b & 0xffff);
  const across = (a >>> 16) * (b & 0xffff) + (low >>> 16);
  const back = (a & 0xffff) * (b >>> 16) + (across & 0xffff);
  return (a >>> 16) * (b >>> 16) + (across - (across & 0xffff)) / 65536 + (back >>> 16);
}
function philox4x32(c0, c1, c2, c3, k0, k1) {
  for (let round = 0; round < 10; round++) {
    const high0 = highWord(c0, 0xd2511f53), low0 = Math.imul(c0, 0xd2511f53);
    const high1 = highWord(c2, 0xcd9e8d57), low1 = Math.imul(c2, 0xcd9e8d57);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1 >>> 0, (high0 ^ c3 ^ k1) >>> 0, low0 >>> 0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}""",
    ),
    Primitive(
        key_of,
        """
function key_of(seed, replicate = 0) { // a seed has 64 bits: text or a BigInt, for a number has only 53
  const bits = BigInt(seed);
  return new Key(Number(bits & 0xffffffffn), Number(bits >> 32n), replicate);
}""",
    ),
    Primitive(
        whole_number,
        """
function whole_number(name, value, least, most) {
  if (Number.isInteger(value) && least <= value && value <= most) return value;
  const [low, high] = [least, most].map((bound) => bound.toLocaleString("en-US"));
  throw new AllianceError(`${name} = ${value} is not allowed: give a whole number from ${low} to ${high}.`);
}""",
    ),
)
"""Every such function. What it is built on comes before it: `mantissa` reads the bits with what `exponent` uses."""
