"""What is shipped of the engine is of these sources, is made into the same bits without Numba, and harms nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest

from simulation.engine import shipped as module
from simulation.engine.linking import native_llvm
from simulation.engine.machine_code import CAN_STORE, alone
from simulation.engine.shipped import (
    ENGINE,
    Shipped,
    Sources,
    _compiler,
    machine_code,
    packed,
    shipped,
)
from simulation.engine.statements import statements_hash
from simulation.lowering import Lowered
from simulation.shipping import portable_module, ships
from tests.processes import printed
from tests.simulation.vectors import MASKED_STORE, packed_share, skip_single, vector_machine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MADE_HERE = pytest.mark.skipif(
    not (CAN_STORE and module.platform.machine().lower() in module.PROCESSORS),
    reason="Numba compiles here.",
)

RUN = """
import hashlib, sys
from simulation import Parameters, simulate
from simulation.allotment import CLIENT, clinic_places, moved_values, trial_draws
from simulation.assessing import Assessment, simulate_assessed
rows = simulate(Parameters(clients=30, therapists=3), seed=3, histories=True, threads=1)
found = [rows.client_rows, rows.therapist_rows, rows.session_rows]
found.append(trial_draws(5, range(2, 6), 7, CLIENT, draws=4))
found.append(clinic_places(5, range(2, 6), 7, 3))
found += [moved_values(found[-2][0, :, 0], found[-1][0, :, 1], (0, 2), scale) for scale in ("plain", "logit", "log")]
assessment = Assessment(weeks=(6, 30), instrument="phq_9")
assessed = simulate_assessed(Parameters(clients=20, therapists=4), None, assessment, seed=2, clinics=3)
found += [assessed.scores, assessed.on_treatment]
print("numba" in sys.modules, *(hashlib.sha256(one.tobytes()).hexdigest()[:12] for one in found))
"""
"""Each entry point that is shipped."""


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    shipped.cache_clear()
    yield
    shipped.cache_clear()


def in_a_new_process(**variables: str) -> list[str]:
    return printed(RUN, without="NUMBA_", **variables).split()


def content() -> Shipped:
    found = shipped(ENGINE.file)
    assert found is not None
    return found


def test_what_is_shipped_is_of_these_sources() -> None:
    assert content().sources == module.sources_now(), (
        "The engine's sources have changed: run `python -m simulation.shipping`, and add its file."
    )


def test_every_entry_point_that_runs_without_numba_is_shipped() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in module.ROOT.rglob("*.py"))
    assert set(content().modules) == set(
        re.findall(r"^@compiled_alone\ndef (\w+)", sources, re.MULTILINE)
    )


@MADE_HERE
def test_a_new_computer_makes_its_machine_code_without_numba_and_stores_it(tmp_path: Path) -> None:
    first = in_a_new_process(ALLIANCE_CACHE_DIR=str(tmp_path))
    stored = {path.name.split("-")[0] for path in tmp_path.rglob("*.code")}
    assert first[0] == "False"
    assert stored == set(content().modules)
    assert in_a_new_process(ALLIANCE_CACHE_DIR=str(tmp_path)) == first
    nowhere = tmp_path / "file"
    nowhere.touch()
    assert in_a_new_process(ALLIANCE_CACHE_DIR=str(nowhere / "inside")) == first


@MADE_HERE
@pytest.mark.slow  # 25 s
def test_it_has_the_bits_that_numba_gives_and_those_of_any_processor(tmp_path: Path) -> None:
    by_numba, *bits = in_a_new_process(ALLIANCE_CACHE_DIR=str(tmp_path), NUMBA_OPT="3")
    assert by_numba == "True"
    for told in (
        {},
        {"NUMBA_CPU_NAME": "generic"},
        {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": ""},
    ):
        assert in_a_new_process(ALLIANCE_CACHE_DIR=str(tmp_path), **told) == ["False", *bits]


@pytest.mark.slow  # 20 s
def test_it_is_what_is_made_of_the_sources() -> None:
    here = content()
    if here.made_with != {name: version(name) for name in here.made_with}:
        pytest.skip("Another version of Numba words it otherwise.")
    assert ships() == here


@pytest.mark.parametrize("damage", ["shorter", "changed", "empty", "missing"])
def test_a_damaged_file_is_not_used(damage: str, tmp_path: Path) -> None:
    whole = ENGINE.file.read_bytes()
    file = tmp_path / "shipped.bin"
    middle = len(whole) // 2
    damaged = {
        "shorter": whole[:-1],
        "changed": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "empty": b"",
    }
    if damage in damaged:
        file.write_bytes(damaged[damage])
    assert machine_code("fill_uniforms", replace(ENGINE, file=file)) is None


def replaced(tmp_path: Path, **parts: Any) -> Sources:
    """Return the engine's sources with another file."""
    file = tmp_path / "shipped.bin"
    file.write_bytes(packed(content()._replace(**parts)))
    return replace(ENGINE, file=file)


@MADE_HERE
def test_a_whole_file_is_used(tmp_path: Path) -> None:
    sources = replaced(tmp_path)
    assert machine_code("fill_uniforms", sources) is not None
    assert machine_code("another", sources) is None


def test_what_was_made_of_other_sources_is_not_used(tmp_path: Path) -> None:
    sources = replaced(tmp_path, sources="0123456789abcdef")
    assert machine_code("fill_uniforms", sources) is None


def test_what_llvm_cannot_read_is_left_to_numba(tmp_path: Path) -> None:
    text = content().modules["fill_uniforms"]
    of_the_future = text.replace("fadd double", "fadd surely double", 1)
    assert of_the_future != text
    sources = replaced(tmp_path, modules={"fill_uniforms": of_the_future})
    assert machine_code("fill_uniforms", sources) is None


@MADE_HERE
def test_code_that_would_call_what_is_not_there_is_left_to_numba(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = """
declare double @llvm.log.f64(double)
define i32 @entry(ptr %result, ptr %error, ptr %number) {
  %before = load double, ptr %number
  %after = call double @llvm.log.f64(double %before)
  store double %after, ptr %number
  ret i32 0
}
"""
    sources = replaced(tmp_path, modules={"entry": module})
    code = machine_code("entry", sources)
    assert code is not None
    two = module.replace(".f64", ".v2f64").replace("double", "<2 x double>")
    for text, made in ((two, True), (module.replace("llvm.log", "llvm.sin"), False)):
        shipped.cache_clear()
        another = replaced(tmp_path, modules={"entry": text})
        assert (machine_code("entry", another) is not None) is made
    shipped.cache_clear()
    sources = replaced(tmp_path, modules={"entry": module})
    monkeypatch.setattr("simulation.engine.machine_code.FROM_THE_C_LIBRARY", ())
    assert machine_code("entry", sources) is None


@pytest.mark.parametrize("name", ["NUMBA_OPT", "NUMBA_LOOP_VECTORIZE", "NUMBA_DISABLE_JIT"])
def test_numba_compiles_where_it_is_told_how(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "1")
    assert machine_code("fill_uniforms") is None


KERNELS = ("hold_block", "report_block", "week_block", "presence_block")


@MADE_HERE
@vector_machine
@pytest.mark.parametrize("kernel", KERNELS)
def test_its_loops_over_lanes_are_vectorised(kernel: str) -> None:
    skip_single(kernel)
    compiler = _compiler(native_llvm())
    made = alone(content().modules["run_clinics"], kernel, kernel, compiler, optimise=True)
    code = compiler.emit_assembly(made)
    assert packed_share(code) > 0.9
    if kernel == "hold_block":
        assert MASKED_STORE.search(code) is None


@pytest.mark.parametrize(
    ("triple", "processor"),
    [
        ("aarch64-unknown-linux-gnu", ""),
        ("aarch64-unknown-linux-gnu", "neoverse-v1"),
        ("arm64-apple-darwin", "apple-m1"),
    ],
)
def test_elsewhere_they_are_too_and_no_product_is_added_unrounded(
    triple: str, processor: str
) -> None:
    llvm = native_llvm()
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    compiler = llvm.Target.from_triple(triple).create_target_machine(cpu=processor, opt=3)
    made = alone(
        content().modules["run_clinics"], "hold_block", "hold_block", compiler, optimise=True
    )
    code = compiler.emit_assembly(made)
    assert packed_share(code, triple.split("-", maxsplit=1)[0]) > 0.9
    assert re.search(r"\bfn?m(l[as]|add?|sub|sb)\b", code) is None


@pytest.mark.parametrize(
    "left", ["inttoptr (i64 140234 to ptr)", "getelementptr {ptr, i64}, ptr %where, i64 1"]
)
def test_a_module_that_depends_on_a_computer_is_not_shipped(left: str) -> None:
    pointer = left if left.startswith("int") else "%more"
    step = "" if left.startswith("int") else f"  %more = {left}\n"
    text = f"""
define i32 @entry(ptr %where) {{
{step}  %read = load volatile i32, ptr {pointer}
  ret i32 %read
}}
"""
    with pytest.raises(ValueError, match="depend on this computer"):
        portable_module("entry", Lowered("entry", text))


PLAIN = '''
"""A module."""
def double(x):
    return 2.0 * x
'''


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('"""A module."""', '"""Another."""  # and a remark', True),
        ("def double(x):", "def double(x: float) -> float:", True),
        ("2.0", "2", False),
        ("2.0 * x", "x * 2.0", False),
        ("    return", "    x = 0\n    return", False),
    ],
    ids=["docstring", "types", "number", "order", "statement"],
)
def test_what_sources_say_is_told_from_what_is_said_of_them(
    old: str, new: str, same: bool, tmp_path: Path
) -> None:
    file = tmp_path / "one.py"
    hashes = []
    for text in (PLAIN, PLAIN.replace(old, new)):
        file.write_text(text, encoding="utf-8")
        hashes.append(statements_hash(tmp_path, ["one.py"]))
    assert (hashes[0] == hashes[1]) is same
    other = PLAIN.replace("2.0", "0.0"), PLAIN.replace("2.0", "None"), PLAIN.replace("2.0", "False")
    for text in other:
        file.write_text(text, encoding="utf-8")
        hashes.append(statements_hash(tmp_path, ["one.py"]))
    assert len(set(hashes[2:])) == 3
