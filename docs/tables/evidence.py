"""Tables of published findings and of the mechanisms behind the equations."""

from __future__ import annotations

import re

from tables.equations import equations
from tables.markdown import code, table


def fact_table() -> str:
    """Return the published findings that the simulation is compared with."""
    from experiments.evidence.reading import load_facts

    rows = [
        (
            fact.id,
            fact.statistic,
            "–" if fact.value is None else f"{fact.value:g}",
            "–" if fact.low is None or fact.high is None else f"{fact.low:g} to {fact.high:g}",
            fact.role,
            fact.status,
            fact.citation + (f", doi:{fact.doi}" if fact.doi else ""),
            fact.not_counting,
        )
        for fact in load_facts()
    ]
    header = (
        "Fact",
        "Statistic",
        "Published",
        "Counts as inside",
        "Role",
        "Status",
        "Source",
        "Not counted",
    )
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
    return table(("Id", "Mechanism", "Grade", "Rests on", "Cited by"), rows)
