"""The engine's LLVM module, made for no computer (`simulation.shipping`), becomes an object for WebAssembly.

WebAssembly has no fused multiplication and addition but in its *relaxed* SIMD, which rounds as the machine likes.
That is not asked for: with SIMD of 128 bits and without, every operation is IEEE 754's, so results have the engine's
bits.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["wasm_object"]

TRIPLE = "wasm32-unknown-unknown"
FEATURES = "+bulk-memory,+sign-ext,+nontrapping-fptoint,+mutable-globals"
"""What every browser with WebAssembly has had for years."""
SIMD = ",+simd128"

ONE_BY_ONE = "draw_uniforms"
"""Of the engine's loops the one that multiplies whole numbers. WebAssembly has no instruction that multiplies two
pairs of 64 bits on most processors: browsers write eight for it, where one is enough for a single number."""


def wasm_object(module: str, entry: str, *, simd: bool) -> bytes:
    """Return the object of an LLVM module.

    Parameters
    ----------
    module
        The module's text.
    entry
        Name of the function that is called from outside. Nothing is left of what it does not reach.
    simd
        Use vectors of 128 bits.
    """
    import llvmlite.binding

    llvm: Any = llvmlite.binding
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(TRIPLE).create_target_machine(
        cpu="generic", features=FEATURES + (SIMD if simd else ""), opt=3, reloc="static"
    )
    parsed = llvm.parse_assembly(_for_wasm(module, str(machine.target_data)))
    _hide_all_but(parsed, entry)
    parsed.verify()
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = tuning.slp_vectorization = True
    tuning.loop_unrolling = False  # a third less to load, and a twentieth slower
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(parsed, passes)
    found: bytes = machine.emit_object(parsed)
    return found


def _for_wasm(module: str, layout: str) -> str:
    """Return the text for another target: sizes of its pointers, its own square root."""
    target = f'target triple = "{TRIPLE}"\ntarget datalayout = "{layout}"\n'
    text = target + re.sub(r"@sqrt\(", "@llvm.sqrt.f64(", module)
    # To the vectoriser, a function that may not use vectors unless it says so.
    return re.sub(
        rf"^(define [^\n]*@{ONE_BY_ONE}\([^\n]*\)[^\n]*) \{{$",
        r"\1 noinline noimplicitfloat {",
        text,
        flags=re.MULTILINE,
    )


def _hide_all_but(module: Any, entry: str) -> None:
    for one in (*module.functions, *module.global_variables):
        if not one.is_declaration:
            one.linkage = "external" if one.name == entry else "internal"
