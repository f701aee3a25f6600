"""Making what is shipped of the engine, and of what else is compiled (`simulation.engine.shipped`).

After an equation was edited:

    python -m simulation.shipping

Numba compiles once, without optimisation. Then LLVM tidies its module without regard to any processor: values stay in
registers, and steps that do nothing go. That makes it a tenth as long. What is left has no address of this process,
no size of a pointer, and no word that an earlier LLVM cannot read; so it serves 64 and 32 bits alike, processors and
browsers.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from simulation.engine.linking import native_llvm, target_machine
from simulation.engine.shipped import ENGINE, Shipped, packed
from simulation.files import write_whole
from simulation.lowering import ENGINE_CALLED, lowered

if TYPE_CHECKING:
    from simulation.engine.shipped import Sources
    from simulation.lowering import Lowered

__all__ = ["main", "portable_module", "ship", "ships"]

STRUCTURE = re.compile(r"(alloca|getelementptr)( \w+)* (\[\d+ x )*(\{|ptr\])")
"""What may lie in memory at places that depend on the size of a pointer."""

ADDRESS = re.compile(r"inttoptr|ptrtoint")
"""What takes a number for a place in memory."""


def ships(sources: Sources = ENGINE, called: str = ENGINE_CALLED) -> Shipped:
    """Return what is to be shipped of the sources at hand; takes half a minute.

    Parameters
    ----------
    sources
        See `Sources`.
    called
        See `lowered`.

    Raises
    ------
    AllianceError
        If they cannot be compiled.
    ValueError
        If a module would depend on this computer.
    """
    modules = {name: portable_module(name, module) for name, module in lowered(called).items()}
    made_with = {name: version(name) for name in ("numba", "llvmlite")}
    return Shipped(sources.now(), made_with, modules)


def ship(sources: Sources = ENGINE, called: str = ENGINE_CALLED) -> None:
    """Write the file of sources, and say how large it is; see `ships`."""
    content = packed(ships(sources, called))
    write_whole(sources.file, content)
    sys.stdout.write(f"{sources.file.name}: {len(content) / 1000:.0f} kB\n")


def portable_module(name: str, module: Lowered) -> str:
    """Return a module, tidied and without what belongs to this computer.

    Parameters
    ----------
    name
        Of the entry point, which its function is called by.
    module
        As Numba wrote it.

    Raises
    ------
    ValueError
        If something of this computer is left.
    """
    llvm = native_llvm()
    parsed = llvm.parse_assembly(module.text)
    compiler = target_machine(llvm, cpu="generic", features="")
    for one in (*parsed.functions, *parsed.global_variables):
        if not one.is_declaration:
            one.linkage = "external" if one.name == module.entry else "internal"
    options = llvm.create_pipeline_tuning_options(speed_level=1)
    builder = llvm.create_pass_builder(compiler, options)

    def run(*names: str) -> None:
        passes = llvm.create_new_module_pass_manager()
        for one in names:
            getattr(passes, f"add_{one}_pass")()
        passes.run(parsed, builder)

    run("global_dead_code_eliminate", "sroa")
    _check(name, str(parsed), STRUCTURE)  # before offsets in bytes are made of it
    run("instruction_combine", "sccp", "simplify_cfg", "instruction_combine", "aggressive_dce")
    run("global_opt", "global_dead_code_eliminate")
    names = _names(parsed, module.entry, name)
    run("strip_symbols")
    for function, called in zip(parsed.functions, names, strict=True):
        function.name = called
    parsed.verify()
    text = _for_any(str(parsed))
    _check(name, text, ADDRESS)
    return text


def _check(name: str, text: str, of_a_computer: re.Pattern[str]) -> None:
    left = of_a_computer.search(text)
    if left is not None:
        raise ValueError(f"The module of {name} would depend on this computer: {left[0]}.")


def _names(module: Any, entry: str, name: str) -> list[str]:
    """Return the functions' own names, which Numba puts into long ones with the types of all arguments."""
    names, seen = [], Counter([name])
    for function in module.functions:
        short = name if function.name == entry else function.name
        if not function.is_declaration and function.name != entry:
            found = re.match(r"_ZN((?:\d+\w+?)+?)B\d", function.name)
            short = _last_of(found[1]) if found else "helper"
            seen[short] += 1
            short = short if seen[short] == 1 else f"{short}.{seen[short]}"
        names.append(short)
    return names


def _last_of(mangled: str) -> str:
    """Return the last of several names, each with its length before it."""
    name = ""
    while mangled:
        digits = re.match(r"\d+", mangled)
        if digits is None:
            break
        begin, size = digits.end(), int(digits[0])
        name, mangled = mangled[begin : begin + size], mangled[begin + size :]
    return re.sub(r"\W", "_", name)


def _for_any(text: str) -> str:
    """Take out the target, remarks, and what LLVM knows of its own functions, which others word otherwise."""
    text = re.sub(r"^(target|source_filename|;) .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r" +; preds = .*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(declare .*@llvm\..*\)) #\d+$", r"\1", text, flags=re.MULTILINE)
    named = set(re.findall(r"^(?:declare|define|.* call ).*#(\d+)", text, flags=re.MULTILINE))
    groups = re.findall(r"^attributes #(\d+) = .*\n?", text, flags=re.MULTILINE)
    for group in set(groups) - named:
        text = re.sub(rf"^attributes #{group} = .*\n?", "", text, flags=re.MULTILINE)
    return re.sub(r" samesign ", " ", text)


def main() -> None:
    """Make what is shipped of the engine."""
    ship()


if __name__ == "__main__":
    main()
