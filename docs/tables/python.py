"""What Python code may import: which names, in which order. On the site, Sphinx adds what their docstrings say."""

from __future__ import annotations

import inspect
import re
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

STUB = Path(__file__).resolve().parents[2] / "experiments" / "__init__.pyi"

BESIDE = (
    (
        "What runs return",
        ("simulation.results.result.Result", "experiments.tables.run_tables.RunTables"),
    ),
    (
        "For rules and models of your own",
        (
            "simulation.dyads.model.DyadModel",
            "simulation.dyads.measured.one_relationship",
            "simulation.dyads.outcome.outcome_of",
            "simulation.parameters.declaration.number",
            "simulation.numerics.where",
            "simulation.numerics.clip",
            "simulation.states.changed",
            "simulation.equation.equation",
        ),
    ),
    (
        "For outcomes and statistics of your own",
        (
            "experiments.quantities.measure.Measure",
            "experiments.quantities.unit.Unit",
            "experiments.quantities.estimate.Estimate",
        ),
    ),
)
"""What users' files import beside the two lists of names, under what they want it for."""

SHOWN = {
    "AllianceModel": ("step", "run", "result", "caseload"),
    "Client": ("hold_session", "ends"),
    "Therapist": ("appear", "end_week"),
    "Parameters": ("replace", "changed"),
    "Result": ("clients", "sessions", "therapists", "write"),
    "Study": ("from_toml", "load", "small", "to_toml", "fingerprint"),
    "StudyFolder": ("open", "results", "failures"),
    "RunTables": ("of", "client", "session", "therapist_column", "panel", "has"),
    "Measure": ("of",),
}
"""Methods that users call or override, by class; the others are the inside of the house."""

MOST_FIELDS = 20


def python_sections() -> str:
    """Return a section for each thing names are wanted for: directives in MyST Markdown, one a name."""
    parts = []
    for title, names in _sections():
        parts += [f"## {title}\n", *(_directive(name) for name in names)]
    return "\n".join(parts)


def _sections() -> Iterator[tuple[str, tuple[str, ...]]]:
    import simulation

    yield "The model", tuple(f"simulation.{name}" for name in simulation.__all__)
    for part in re.split(r"\n\n(?=# )", STUB.read_text("utf-8"))[1:]:
        title = part.partition("\n")[0].removeprefix("# ").rstrip(".").partition(":")[0]
        names = re.findall(r"\bas (\w+)", part)
        yield title, tuple(f"experiments.{name}" for name in names)
    yield from BESIDE


def _directive(name: str) -> str:
    module, _, own = name.rpartition(".")
    thing = getattr(import_module(module), own)
    return "\n".join(("```{eval-rst}", *_lines(name, thing), "```", ""))


def _lines(name: str, thing: Any) -> list[str]:
    if not inspect.isclass(thing):
        kind = "autofunction" if callable(thing) else "autodata"
        quiet = [] if callable(thing) else ["   :no-value:"]
        return [f".. {kind}:: {name}", *quiet]
    methods = [
        f"   .. auto{_kind(inspect.getattr_static(thing, own))}:: {own}"
        for own in SHOWN.get(thing.__name__, ())
    ]
    return [f".. autoclass:: {name}{_signature(thing)}", "", *methods]


def _kind(member: object) -> str:
    return "property" if isinstance(member, property | cached_property) else "method"


def _signature(thing: Any) -> str:
    """Return how a model of pydantic is called: its annotations hold what it checks, which nobody types."""
    fields = getattr(thing, "model_fields", {})
    if len(fields) > MOST_FIELDS:
        return "(**values)"
    given = [
        name
        if field.is_required()
        else f"{name}={field.get_default(call_default_factory=True, validated_data={})!r}"
        for name, field in fields.items()
        if name != "kind"
    ]
    return f"(*, {', '.join(given)})" if given else ""
