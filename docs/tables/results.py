"""Tables of what a run returns: columns, statuses, instruments."""

from __future__ import annotations

import numpy as np

from tables.markdown import code, glossary, table


def column_types() -> dict[str, dict[str, str]]:
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
    for name, types in column_types().items():
        rows = [(code(column), kind, meaning(name, column)) for column, kind in types.items()]
        parts.append(f"#### `{name}`\n\n{table(('Column', 'Type', 'Meaning'), rows)}")
    return "\n\n".join(parts)


def meaning(table_name: str, column: str) -> str:
    """Return what a column means: the tables of sessions and therapists share keys with that of clients."""
    from experiments.evidence.explain import column_meanings

    words = column_meanings()
    for section in (table_name, "clients"):
        if column in words[section]:
            return words[section][column]
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
