"""The linker: what LLVM leaves blank is filled in, and what it cannot fill in is refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import llvmlite.binding
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.compiled import binary
from dashboards.compiled.linker import PAGE, STACK, LinkError, link
from dashboards.compiled.wasm_object import FEATURES, TRIPLE, wasm_object
from tests.dashboards.node import run_node

MODULE = """
target triple = "any"
target datalayout = ""
@table = internal constant [4 x double] [double 1.0, double 2.0, double 4.0, double 8.0]
@counted = internal global i64 40
@place = internal global ptr getelementptr (i8, ptr @table, i32 16)

declare double @sqrt(double)
define double @looked_up(i32 %place) noinline {
  %at = getelementptr double, ptr @table, i32 %place
  %value = load double, ptr %at
  ret double %value
}
define double @entry(i32 %place) {
  %before = load i64, ptr @counted
  %after = add i64 %before, 1
  store i64 %after, ptr @counted
  %looked = call double @looked_up(i32 %place)
  %root = call double @sqrt(double %looked)
  %told = load ptr, ptr @place
  %third = load double, ptr %told
  %sum = fadd double %root, %third
  %whole = sitofp i64 %after to double
  %all = fadd double %sum, %whole
  ret double %all
}
define double @unreached(double %x) {
  %value = call double @from_elsewhere(double %x)
  ret double %value
}
declare double @from_elsewhere(double)
"""
"""Reads constants at an offset, counts in a variable, follows an address among the data, and calls a function."""

CALLS = """
const module = new WebAssembly.Module(Buffer.from(process.argv[1], "base64"));
const { exports } = new WebAssembly.Instance(module, {});
console.log(JSON.stringify({
  found: [0, 1, 2, 3].map((place) => exports.entry(place)),
  heap: exports.heap.value,
  bytes: exports.memory.buffer.byteLength,
  offered: Object.keys(exports),
}));
"""


def object_of(module: str) -> bytes:
    """An object as LLVM leaves it."""
    llvm: Any = llvmlite.binding
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple(TRIPLE)
    machine = target.create_target_machine(cpu="generic", features=FEATURES, reloc="static")
    found: bytes = machine.emit_object(llvm.parse_assembly(module.replace('"any"', f'"{TRIPLE}"')))
    return found


@pytest.mark.parametrize("simd", [True, False])
def test_a_linked_module_finds_its_functions_its_data_and_its_memory(simd: bool) -> None:
    module = link(wasm_object(MODULE, "entry", simd=simd), {"entry": "entry"})
    found = json.loads(run_node(CALLS, base64.b64encode(module).decode()))
    roots = [1.0, 2.0**0.5, 2.0, 8.0**0.5]
    assert found["found"] == [root + 4.0 + 41 + n for n, root in enumerate(roots)]
    assert found["offered"] == ["memory", "heap", "entry"]
    assert STACK < found["heap"] < found["bytes"]
    assert found["bytes"] % PAGE == 0


def test_data_lie_behind_a_stack_of_any_size() -> None:
    whole = wasm_object(MODULE, "entry", simd=False)
    for stack in (64, 1 << 20):
        module = link(whole, {"entry": "entry"}, stack=stack)
        assert json.loads(run_node(CALLS, base64.b64encode(module).decode()))["heap"] >= stack


def test_a_function_that_is_not_in_the_object_is_named() -> None:
    with pytest.raises(LinkError, match="needs sqrt, which is not in it"):
        link(object_of(MODULE), {"entry": "entry"})
    with pytest.raises(LinkError, match="no function other"):
        link(wasm_object(MODULE, "entry", simd=False), {"entry": "other"})


def test_what_calls_through_an_address_of_a_function_is_refused() -> None:
    module = """
    target triple = "any"
    define double @one(double %x) { ret double %x }
    @which = global ptr @one
    define double @entry(double %x) {
      %function = load ptr, ptr @which
      %value = call double %function(double %x)
      ret double %value
    }
    """
    with pytest.raises(LinkError):
        link(object_of(module), {"entry": "entry"})


def test_what_is_no_webassembly_is_refused() -> None:
    with pytest.raises(ValueError, match="not WebAssembly"):
        link(b"\x7fELF", {})


@given(st.integers(0, 2**32 - 1))
def test_numbers_are_read_as_they_were_written(value: int) -> None:
    assert binary.Reader(binary.unsigned(value)).unsigned() == value
    assert binary.Reader(binary.padded(value)).unsigned() == value
    assert len(binary.padded(value)) == binary.WORD


@given(st.integers(-(2**31), 2**31 - 1))
def test_signed_numbers_are_read_as_they_were_written(value: int) -> None:
    assert binary.Reader(binary.signed(value)).signed() == value
    assert binary.Reader(binary.padded(value)).signed() % 2**32 == value % 2**32
