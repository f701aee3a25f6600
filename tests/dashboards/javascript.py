"""A module and a few lines after it, run in node, fed and read as JSON."""

from __future__ import annotations

import json
import struct
from typing import Any

from tests.dashboards.node import run_node

FROM_INPUT = """
import { readFileSync } from "node:fs";
const { module, given } = JSON.parse(readFileSync(0, "utf8"));
const { result } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(module)}`);
process.stdout.write(JSON.stringify(result(given)));
"""

AFTER = """
// A float as the 16 digits of its bits: JSON has no -0 and no NaN.
const view = new DataView(new ArrayBuffer(8));
const bits = (x) => {{
  view.setFloat64(0, Number(x));
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}};
const fromBits = (digits) => {{
  view.setBigUint64(0, BigInt("0x" + digits));
  return view.getFloat64(0);
}};
export const result = (given) => {{ {code} }};
"""


def run(module: str, code: str, given: Any = None) -> Any:
    """Return what the body of a function returns after a module; it sees `given`, `bits` and `fromBits`."""
    asked = json.dumps({"module": followed(module, code), "given": given})
    return json.loads(run_node(FROM_INPUT, given=asked))


def followed(module: str, code: str) -> str:
    """Return a module with a function ``result`` of this body after it."""
    return f"{module}\n{AFTER.format(code=code)}"


def bits(value: float) -> str:
    """Return the 16 hexadecimal digits of a float's bits."""
    return struct.pack(">d", value).hex()
