"""Tables of states, draws and streams."""

from __future__ import annotations

import inspect
import re

from tables.markdown import code, glossary, summary, table


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
    meanings = dict(re.findall(r"^\s+([A-Z_]+) = \d+\s+# (.*)$", source, re.MULTILINE))
    rows = [(stream.value, code(stream.name), meanings[stream.name]) for stream in Stream]
    return table(("Stream", "Name", "What its four draws are for"), rows)
