"""Machine code of an entry point, stored on disk so that it runs without the compiler that made it.

Numba's own cache needs Numba to be read, and with it SciPy's linear algebra: half a second for code that runs for a
thousandth. What an entry point reaches stands in one module of LLVM's; of that, nothing is stored but the entry and
what it calls, as one object. LLVM's own loader, which llvmlite has, links it into a later process of any version of
Python.

An entry point whose code needs anything beside itself and the C library is not stored.
`simulation.engine.linking` runs what is.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from typing import TYPE_CHECKING, Any

from simulation.engine.linking import (
    FROM_THE_C_LIBRARY,
    native_llvm,
    packed_name,
    sealed,
    target_machine,
)
from simulation.files import StorageError, write_whole

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CAN_STORE", "alone", "keep", "object_of", "store", "stored_at"]

MATHEMATICS = {"sqrt", "memset", "memcpy", "memmove"}
"""Functions outside that code may call: what processors or the C library bring."""

MAY_CALL = re.compile(
    r"llvm\.(a?(?:sin|cos|tan)h?|sincos|atan2|exp(?:2|10|m1)?|log(?:2|10|1p)?|powi?|ldexp|frexp|modf)\."
)
"""Steps of LLVM's, of single numbers or vectors, that may become calls of the C library."""

CAN_STORE = sys.platform != "win32"
"""There, what code needs of the system is not all said in its module."""


def stored_at(directory: Path, name: str) -> Path:
    """Return the file of an entry point for this processor and what Numba is told by ``NUMBA_…``."""
    import llvmlite

    llvm = native_llvm()
    told = sorted(f"{key}={value}" for key, value in os.environ.items() if key.startswith("NUMBA_"))
    made_for = (
        llvmlite.__version__,
        platform.system(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
        *told,
    )
    digest = hashlib.sha256("\n".join(made_for).encode()).hexdigest()[:16]
    return directory / f"{name}-{digest}.code"


def store(directory: Path, name: str, module: str, entry: str) -> bool:
    """Store an entry point that Numba has compiled, if its code stands on its own.

    Parameters
    ----------
    directory, name
        See `stored_at`.
    module
        Text of LLVM's module, optimised, as Numba shows it.
    entry
        Name of its function in there.

    Returns
    -------
    bool
        Whether it is stored: not if it needs what is not in it, or the disk is full.
    """
    code = object_of(module, entry, name, _compiler(native_llvm()))
    return code is not None and keep(directory, name, code)


def keep(directory: Path, name: str, code: bytes) -> bool:
    """Write an object where later processes find it; tell whether there is room."""
    try:
        write_whole(stored_at(directory, name), sealed(code))
    except StorageError:
        return False
    return True


def object_of(
    module: str, entry: str, name: str, compiler: Any, *, optimise: bool = False
) -> bytes | None:
    """Return the object of an entry point and what it calls, or None if it needs anything else.

    Parameters
    ----------
    module, entry
        See `store`.
    name
        What the entry is called in the object.
    compiler
        Makes the code; see `simulation.engine.linking.target_machine`.
    optimise
        The module has not been: with vectors, as Numba does.

    Raises
    ------
    RuntimeError
        If LLVM cannot read the module.
    """
    parsed = alone(module, entry, name, compiler, optimise=optimise)
    if parsed is None:
        return None
    parsed.link_in(_packed(parsed.get_function(name), compiler))
    code: bytes = compiler.emit_object(parsed)
    return code


def _packed(entry: Any, compiler: Any) -> Any:
    """Return a module with the form of an entry point that takes its arguments from one array, eight bytes each.

    From Python, one argument is handed over in a hundredth of the time of some hundred.
    """
    kinds = [str(argument.type) for argument in entry.arguments]
    here = ["ptr %result", "ptr %error"]
    lines = []
    for place, kind in enumerate(kinds[2:]):
        lines.append(f"%place{place} = getelementptr i64, ptr %words, i64 {place}")
        lines.append(f"%word{place} = load {kind}, ptr %place{place}")
        here.append(f"{kind} %word{place}")
    text = "\n  ".join(
        [
            f"@{packed_name(entry.name)}_words = constant i64 {len(kinds) - 2}",
            f"declare i32 @{entry.name}({', '.join(kinds)})",
            f"define i32 @{packed_name(entry.name)}(ptr %result, ptr %error, ptr %words) {{",
            *lines,
            f"%status = call i32 @{entry.name}({', '.join(here)})",
            "ret i32 %status }",
        ]
    )
    module = native_llvm().parse_assembly(text)
    module.triple, module.data_layout = compiler.triple, str(compiler.target_data)
    return module


def alone(module: str, entry: str, name: str, compiler: Any, *, optimise: bool = False) -> Any:
    """Return the module of which `object_of` makes its object."""
    llvm = native_llvm()
    parsed = llvm.parse_assembly(module)
    parsed.triple, parsed.data_layout = compiler.triple, str(compiler.target_data)
    for one in (*parsed.functions, *parsed.global_variables):
        if not one.is_declaration:
            one.linkage = "external" if one.name == entry else "internal"
    parsed.get_function(entry).name = name
    _without_unused(llvm, parsed, compiler)
    if optimise:
        parsed.verify()
        tuning = llvm.create_pipeline_tuning_options(speed_level=3)
        tuning.loop_vectorization, tuning.slp_vectorization = True, False
        passes = llvm.create_pass_builder(compiler, tuning)
        passes.getModulePassManager().run(parsed, passes)
    needed = {
        one.name for one in (*parsed.functions, *parsed.global_variables) if one.is_declaration
    }
    if any(one not in MATHEMATICS and not one.startswith("llvm.") for one in needed):
        return None
    # Code that calls what is not there would end the process.
    return parsed if all(_is_there(llvm, one) for one in needed) else None


def _is_there(llvm: Any, step: str) -> bool:
    """Tell whether what a step may call is known to be there."""
    found = MAY_CALL.match(step)
    if found is None:
        return True
    known = found[1] in FROM_THE_C_LIBRARY and step.endswith("f64")
    return known and bool(llvm.address_of_symbol(found[1]))


def _compiler(llvm: Any) -> Any:
    """Return what makes code for this processor, set as Numba sets its own."""
    import numba
    from numba.core import codegen

    told: Any = numba.config
    own: Any = codegen
    given = told.CPU_FEATURES
    return target_machine(
        llvm,
        cpu=told.CPU_NAME or llvm.get_host_cpu_name(),
        features=own.get_host_cpu_features() if given is None else given,
        opt=int(told.OPT),
    )


def _without_unused(llvm: Any, module: Any, compiler: Any) -> None:
    """Take out what the entry does not reach."""
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    options = llvm.create_pipeline_tuning_options()
    passes.run(module, llvm.create_pass_builder(compiler, options))
