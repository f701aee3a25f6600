"""Write the tables of the documentation from the code they describe.

A table stands between two comments, ``<!-- begin generated: NAME -->`` and ``<!-- end generated: NAME -->``, in
any Markdown file of this directory. Everything between them is replaced; everything else is left alone.

    python docs/generate.py            write what has changed
    python docs/generate.py --check    write nothing; exit code 1 if something is out of date

Nothing is compiled and no clinic is run, so this takes seconds. The README also shows what a command prints, between
``<!-- begin output: COMMAND -->`` and ``<!-- end output -->``. A test compares it with what the command prints now;

    python docs/generate.py --output   runs the command and writes what it prints
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import os
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"

EQUATION_MODULES = (
    "simulation.equations.meeting",
    "simulation.equations.boundaries",
    "simulation.equations.rupture",
    "simulation.equations.alliance",
    "simulation.equations.change",
    "simulation.equations.ending",
    "simulation.equations.therapist",
    "simulation.stages",
    "simulation.session",
    "simulation.clinic",
    "simulation.population",
    "simulation.instruments",
)
"""Where the equations of the model stand, in the order in which the documentation tells them."""

MARKED = re.compile(
    r"(?P<begin><!-- begin generated: (?P<name>[a-z-]+) -->\n)(?P<body>.*?)"
    r"(?P<end><!-- end generated: (?P=name) -->)",
    re.DOTALL,
)

SHOWN = re.compile(
    r"(?P<begin><!-- begin output: (?P<command>alliance[^\n]*) -->\n).*?(?P<end><!-- end output -->)",
    re.DOTALL,
)
"""What a command prints, in the README."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python docs/generate.py", description="Write the tables."
    )
    parser.add_argument(
        "--check", action="store_true", help="only tell whether they are up to date"
    )
    parser.add_argument("--output", action="store_true", help="run the README's commands again")
    given = parser.parse_args(arguments)
    if given.output:
        README.write_text(with_output(read(README)), encoding="utf-8", newline="\n")
    check = given.check
    stale = [path for path in sorted(HERE.glob("*.md")) if filled(path) != read(path)]
    for path in stale:
        if check:
            sys.stderr.write(f"{path.name} is out of date: run python docs/generate.py\n")
        else:
            path.write_text(filled(path), encoding="utf-8", newline="\n")
            sys.stdout.write(f"{path.name} written\n")
    return 1 if check and stale else 0


def with_output(text: str) -> str:
    """Return a page with what its commands print now."""

    def printed(match: re.Match[str]) -> str:
        return f"{match['begin']}```text\n{output_of(match['command'])}```\n{match['end']}"

    return SHOWN.sub(printed, text)


def output_of(command: str) -> str:
    """Return what a command of this project prints on a terminal of 100 columns, spaces at line ends removed.

    Raises
    ------
    RuntimeError
        If the command fails.
    """
    script = "import sys; from experiments.cli.program import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", script, *shlex.split(command)[1:]],
        env={**os.environ, "PYTHONPATH": str(README.parent), "COLUMNS": "100", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command} failed: {done.stderr}")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def read(path: Path) -> str:
    """Return the text of a page."""
    return path.read_text(encoding="utf-8")


def filled(path: Path) -> str:
    """Return the text of a page with every generated part as it should be.

    Raises
    ------
    ValueError
        If a page asks for a part that nothing here generates, or a part is begun and not ended.
    """
    text = read(path)
    if text.count("<!-- begin generated: ") != len(MARKED.findall(text)):
        raise ValueError(f"{path.name} begins a generated part that it does not end.")

    def part(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in PARTS:
            raise ValueError(f"{path.name} asks for {name}; there are: {', '.join(PARTS)}.")
        return f"{match['begin']}\n{PARTS[name]().strip()}\n\n{match['end']}"

    return MARKED.sub(part, text)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += [
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines)


def code(name: object) -> str:
    """Return a name set as code."""
    return f"`{name}`"


def glossary() -> dict[str, dict[str, str]]:
    """Return what names mean, by section of `glossary.toml`."""
    return tomllib.loads(read(HERE / "glossary.toml"))


def summary(thing: object) -> str:
    """Return the first sentence of a docstring, of one line or more."""
    text = inspect.cleandoc(getattr(thing, "__doc__", None) or "")
    return re.sub(r"`([^`]*)`", r"\1", " ".join(text.partition("\n\n")[0].split()))


# -- Parameters ---------------------------------------------------------------------------------


def parameter_tables() -> str:
    """Return one table of parameters a group, with a line that counts them by status."""
    from simulation.parameters import PARAMETERS

    statuses = [row.status for row in PARAMETERS.values()]
    counts = ", ".join(f"{statuses.count(s)} {s}" for s in ("published", "calibrated", "assumed"))
    parts = [f"{len(PARAMETERS)} parameters: {counts}."]
    groups = dict.fromkeys(row.group for row in PARAMETERS.values())
    for group in groups:
        rows = [
            (
                code(row.name),
                "off" if row.kind == "switch" else row.default,
                bounds(row),
                row.unit,
                row.status,
                row.source or "–",
                row.meaning,
            )
            for row in PARAMETERS.values()
            if row.group == group
        ]
        header = ("Parameter", "Default", "Bounds", "Unit", "Status", "Source", "Meaning")
        parts.append(f"#### {group}\n\n{table(header, rows)}")
    return "\n\n".join(parts)


def bounds(row: Any) -> str:
    """Return the values a parameter allows, in few signs."""
    if row.kind == "switch":
        return "on, off"
    if row.kind == "choice":
        return ", ".join(row.choices)
    return f"{row.low:g} – {row.high:g}"


# -- States, events, draws ----------------------------------------------------------------------


def state_tables() -> str:
    """Return one table a named tuple of `simulation.states`: its fields and what they mean."""
    from simulation import states

    words = glossary()
    parts = []
    for name in states.__all__:
        kind = getattr(states, name)
        if not hasattr(kind, "_fields"):
            continue
        section = words["events"] if name == "SessionEvents" else words["states"]
        missing = [field for field in kind._fields if field not in section]
        if missing:
            raise ValueError(f"glossary.toml does not explain {', '.join(missing)} of {name}.")
        rows = [(code(field), section[field]) for field in kind._fields]
        parts.append(f"#### `{name}`\n\n{summary(kind)}\n\n{table(('Field', 'Meaning'), rows)}")
    return "\n\n".join(parts)


def draw_table() -> str:
    """Return which draws are made together, in the order in which the streams fill them."""
    from simulation.instruments import ReportDraws
    from simulation.population import ClientDraws, TherapistDraws
    from simulation.randomness import Key
    from simulation.states import SessionDraws

    rows = [
        (code(kind.__name__), summary(kind), ", ".join(map(code, kind._fields)))
        for kind in (Key, ClientDraws, TherapistDraws, SessionDraws, ReportDraws)
    ]
    return table(("Named tuple", "What it is", "Fields"), rows)


def stream_table() -> str:
    """Return the random streams: number, name, and what their four draws are for."""
    from simulation.randomness import Stream

    source = inspect.getsource(Stream)
    meanings = dict(re.findall(r"^\s+([A-Z]+) = \d+\s+# (.*)$", source, re.MULTILINE))
    rows = [(stream.value, code(stream.name), meanings[stream.name]) for stream in Stream]
    return table(("Stream", "Name", "What its four draws are for"), rows)


# -- Results ------------------------------------------------------------------------------------


def columns() -> dict[str, dict[str, str]]:
    """Return the type of every column of the tables of results."""
    from simulation.engine.records import CLIENT_ROW, SESSION_ROW, THERAPIST_ROW
    from simulation.parameters import Parameters
    from simulation.results.result import Result

    empty = Result(
        parameters=Parameters(clients=1, therapists=1),
        seed=1,
        first_replicate=0,
        replicates=1,
        client_rows=np.zeros(1, dtype=CLIENT_ROW),
        therapist_rows=np.zeros(1, dtype=THERAPIST_ROW),
        session_rows=np.zeros(1, dtype=SESSION_ROW),
    )
    frames = {"clients": empty.clients, "sessions": empty.sessions, "therapists": empty.therapists}
    return {
        name: {column: str(kind).partition("(")[0] for column, kind in frame.schema.items()}
        for name, frame in frames.items()
    }


def column_tables() -> str:
    """Return one table of columns a table of results."""
    parts = []
    for name, types in columns().items():
        rows = [(code(column), kind, meaning(name, column)) for column, kind in types.items()]
        parts.append(f"#### `{name}`\n\n{table(('Column', 'Type', 'Meaning'), rows)}")
    return "\n\n".join(parts)


def meaning(table_name: str, column: str) -> str:
    """Return what a column means: the tables of sessions and therapists share keys with that of clients."""
    words = tomllib.loads(
        resources.files("experiments.evidence").joinpath("columns.toml").read_text("utf-8")
    )
    for section in (table_name, "clients"):
        if column in words[section]:
            return str(words[section][column])
    raise ValueError(
        f"experiments/evidence/columns.toml does not explain {column} of {table_name}."
    )


def status_table() -> str:
    """Return the statuses of a client."""
    from simulation.clinic import STATUSES

    words = glossary()["statuses"]
    rows = [(number, code(status), words[status]) for number, status in enumerate(STATUSES)]
    return table(("Code", "Status", "Meaning"), rows)


def instrument_table() -> str:
    """Return the instruments: range, rater and construct."""
    from simulation.instruments import INSTRUMENTS

    rows = [
        (code(column), row.name, f"{row.low:g} to {row.high:g}", row.rater, row.measures)
        for column, row in INSTRUMENTS.items()
    ]
    return table(("Column", "Instrument", "Range", "Rater", "Measures"), rows)


# -- Schedule and equations ---------------------------------------------------------------------


def session_schedule() -> str:
    """Return the equations that a session applies, stage by stage, in the order in which they are called."""
    from simulation import session

    rows: list[tuple[object, ...]] = []
    listed_before: set[str] = set()
    for stage in called_in_order(session.hold_session):
        for equation in called_in_order(stage):
            if equation.__name__ not in listed_before:
                listed_before.add(equation.__name__)
                rows.append((code(stage.__name__), code(equation.__name__), summary(equation)))
    numbered = [(number, *row) for number, row in enumerate(rows, 1)]
    return table(("Step", "Stage", "Equation", "What it says"), numbered)


def called_in_order(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Return the functions of other modules that a function calls by the module's name, in the order it does."""
    scope = function.__globals__
    found = []
    for node in evaluated(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        target = node.func
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            module = scope.get(target.value.id)
            if inspect.ismodule(module):
                found.append(getattr(module, target.attr))
    return found


def evaluated(tree: ast.AST) -> Iterable[ast.Call]:
    """Yield calls in the order in which Python makes them: arguments before the call they belong to."""
    for child in ast.iter_child_nodes(tree):
        yield from evaluated(child)
    if isinstance(tree, ast.Call):
        yield tree


def week_schedule() -> str:
    """Return what the engine does in a week, in the order in which `run_clinics` does it."""
    from simulation.engine import weeks as engine
    from simulation.engine.compilation import Compiled

    source = textwrap.dedent(inspect.getsource(engine.run_clinics.function))
    loops = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.While)]
    names = [call.func.id for call in evaluated(loops[0]) if isinstance(call.func, ast.Name)]
    steps = [
        (code(name), summary(getattr(engine, name)))
        for name in names
        if isinstance(getattr(engine, name, None), Compiled)
    ]
    numbered = [(number, *step) for number, step in enumerate(steps, 1)]
    return table(("Step", "Engine", "What happens"), numbered)


def equations() -> dict[str, Callable[..., Any]]:
    """Return every equation of the model by name, in the order of `EQUATION_MODULES` and of their sources."""
    from simulation.equation import EQUATIONS

    found: dict[str, Callable[..., Any]] = {}
    for name in EQUATION_MODULES:
        module = importlib.import_module(name)
        own = [
            f
            for f in EQUATIONS
            if f.__module__ == name and f.__code__.co_filename == module.__file__
        ]
        for function in sorted(own, key=lambda f: f.__code__.co_firstlineno):
            if function.__name__ in found:
                raise ValueError(f"Two equations are called {function.__name__}.")
            found[function.__name__] = function
    return found


def parameters_read(function: Callable[..., Any]) -> list[str]:
    """Return the parameters that an equation itself reads, in the order of the table of parameters."""
    from simulation.parameters import PARAMETERS

    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    read_here = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "p"
    }
    return [name for name in PARAMETERS if name in read_here]


def equation_table() -> str:
    """Return all equations with the module they stand in and the parameters they read."""
    rows = [
        (
            code(name),
            code(function.__module__.removeprefix("simulation.")),
            ", ".join(map(code, parameters_read(function))) or "–",
        )
        for name, function in equations().items()
    ]
    return table(("Equation", "Module", "Parameters it reads"), rows)


def elementary_table() -> str:
    """Return the elementary functions the equations are made of, and the draws."""
    from simulation import numerics, randomness

    functions = [getattr(numerics, name) for name in numerics.__all__]
    functions += [randomness.philox4x32, randomness.uniforms]
    rows = [
        (code(f.__name__), code(f.__module__.removeprefix("simulation.")), summary(f))
        for f in functions
    ]
    return table(("Function", "Module", "What it returns"), rows)


# -- Evidence -----------------------------------------------------------------------------------


def fact_table() -> str:
    """Return the published findings that the simulation is compared with."""
    from experiments.evidence.facts import load_facts

    rows = [
        (
            fact.id,
            fact.statistic,
            "–" if fact.value is None else f"{fact.value:g}",
            "–" if fact.low is None or fact.high is None else f"{fact.low:g} to {fact.high:g}",
            fact.role,
            fact.status,
            fact.citation + (f", doi:{fact.doi}" if fact.doi else ""),
        )
        for fact in listed(load_facts())
    ]
    header = ("Fact", "Statistic", "Published", "Counts as inside", "Role", "Status", "Source")
    return table(header, rows)


def mechanism_table() -> str:
    """Return the mechanisms behind the equations, and which equations cite each."""
    from experiments.evidence.mechanisms import load_mechanisms

    cited: dict[str, list[str]] = {}
    for name, function in equations().items():
        for number in re.findall(r"\bC\d+\b", function.__doc__ or ""):
            cited.setdefault(number, []).append(code(name))
    rows = [
        (
            row.id,
            f"**{row.title}.** {row.claim}",
            row.grade,
            ", ".join(row.facts) or "–",
            ", ".join(dict.fromkeys(cited.get(row.id, []))) or "–",
        )
        for row in load_mechanisms().values()
    ]
    return table(("", "Mechanism", "Grade", "Rests on", "Cited by"), rows)


def listed(facts: Any) -> list[Any]:
    """Return facts as a list, however they are stored."""
    return list(facts.values()) if hasattr(facts, "values") else list(facts)


PARTS: Mapping[str, Callable[[], str]] = {
    "parameters": parameter_tables,
    "states": state_tables,
    "draws": draw_table,
    "streams": stream_table,
    "columns": column_tables,
    "statuses": status_table,
    "instruments": instrument_table,
    "session-schedule": session_schedule,
    "week-schedule": week_schedule,
    "equations": equation_table,
    "elementary": elementary_table,
    "mechanisms": mechanism_table,
    "facts": fact_table,
}

if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    sys.exit(main())
