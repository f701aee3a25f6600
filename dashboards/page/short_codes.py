"""QR codes that a page draws by itself, of texts it makes up while it is open.

For one version, mask and length, a QR code is an affine function of the bits of its text over the field of two
elements: error correction (Reed and Solomon) is linear, and so is everything else. So the code of any text is the
code of no bits, with the change added that each of its bits makes. The library that makes all other QR codes makes
these, and a page only adds them.
"""

from __future__ import annotations

import base64

import numpy as np
import segno

__all__ = ["LENGTH", "basis"]

LENGTH = 12
"""Letters of a text; shorter ones are filled up with spaces."""

MASK = 2


def basis() -> dict[str, object]:
    """Return how wide a code is, how long its text, and what to add.

    First the code of no bits, then the change by each bit of the letters, the highest of a letter first. Each is a
    matrix, row by row, eight places a byte, in base64.
    """
    none = matrix(bytes(LENGTH))
    changes = [none]
    for bit in range(8 * LENGTH):
        text = bytearray(LENGTH)
        text[bit // 8] = 0x80 >> bit % 8
        changes.append(none ^ matrix(bytes(text)))
    return {"size": len(none), "length": LENGTH, "parts": [_packed(one) for one in changes]}


def matrix(text: bytes) -> np.ndarray:
    """Return the code of a text as a matrix of 0 and 1."""
    made = segno.make_qr(text, version=1, error="m", mode="byte", mask=MASK, boost_error=False)
    return np.array([list(row) for row in made.matrix], dtype=np.uint8)


def _packed(one: np.ndarray) -> str:
    return base64.b64encode(np.packbits(one.ravel()).tobytes()).decode()
