"""Functions with JavaScript of their own: the model's, and how numbers are written for people."""

from __future__ import annotations

from experiments.quantities.writing import fixed
from simulation.portable import PRIMITIVES as OF_THE_MODEL
from simulation.portable import Primitive

__all__ = ["PRIMITIVES"]

PRIMITIVES = (
    *OF_THE_MODEL,
    Primitive(
        fixed,
        """
function fixed(value, digits) { // toFixed is exact, and rounds halves away from zero as Python does here
  if (Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size === Infinity) return value > 0 ? "∞" : "−∞";
  const large = size >= 1e21 && BigInt(size) + (digits ? `.${"0".repeat(digits)}` : "");
  const text = large || size.toFixed(digits);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}""",
    ),
)
