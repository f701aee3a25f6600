"""What a name means: parameters, equations, presets, facts, mechanisms and columns, from their own sources."""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from experiments.catalogue import CONTRASTS, OUTCOMES, STATISTICS
from experiments.evidence.equation_index import (
    EquationUse,
    equations_named,
    equations_using,
    uses_by_parameter,
)
from experiments.evidence.mechanisms import load_mechanisms
from experiments.evidence.reading import load_facts
from experiments.quantities.writing import significant, span
from simulation.dyads.catalogue import added_parameters, dyad_names, published_dyad
from simulation.equation import LAWS
from simulation.errors import unknown_name
from simulation.parameters import PARAMETERS
from simulation.presets import all_presets, find_preset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from experiments.evidence.facts import Fact
    from experiments.evidence.mechanisms import Mechanism
    from experiments.quantities.measure import Measure
    from simulation.presets import Preset

__all__ = [
    "Explanation",
    "as_option",
    "citations",
    "column_meanings",
    "explain",
    "preset_explained",
]

CERTAINTY: Mapping[str, str] = MappingProxyType(
    {
        "V": "",
        "V2": " [figure from a secondary source]",
        "M": " [figure from memory of the literature: check before quoting]",
        "D": " [derived from published figures]",
    }
)

KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "published": "published: a finding gives it",
        "calibrated": "calibrated: fitted to findings",
        "assumed": "assumed: no finding gives it, so vary it",
    }
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What there is to say about one name.

    Attributes
    ----------
    name
        The name.
    kind
        What it names: parameter, equation, setting, scenario, mechanism, policy, model of the dyad, fact, outcome,
        statistic, column.
    meaning
        One or a few sentences.
    entries
        Label and text of what else is known.
    evidence
        Facts and mechanisms behind it, each a line with its citation.
    equations
        Functions of the model that use it.
    """

    name: str
    kind: str
    meaning: str
    entries: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()
    equations: tuple[EquationUse, ...] = ()


def explain(name: str) -> tuple[Explanation, ...]:
    """Return everything that goes by a name; some names are both a parameter and a column.

    Raises
    ------
    AllianceError
        When nothing does; names the nearest.
    """
    wanted = name.strip()
    if re.fullmatch(r"[a-zA-Z]\d+[a-zA-Z]*\d*", wanted):
        wanted = wanted[0].upper() + wanted[1:].lower()
    found: list[Explanation] = []
    if wanted in PARAMETERS:
        found.append(_parameter(wanted))
    found += [
        _dyad_parameter(dyad, wanted) for dyad in dyad_names() if wanted in published_dyad(dyad).own
    ]
    found += [_dyad(dyad) for dyad in dyad_names() if dyad == wanted]
    found += [_preset(one) for one in all_presets() if one.name == wanted]
    found += [_fact(one) for one in _facts_named(wanted)]
    if wanted in equations_named():
        found.append(_equation(equations_named()[wanted]))
    if wanted in load_mechanisms():
        found.append(_mechanism(load_mechanisms()[wanted]))
    found += _measures(wanted)
    column = _column(wanted)
    if column is not None:
        found.append(column)
    if not found:
        raise unknown_name(
            name,
            "a parameter, equation, preset, fact, mechanism, outcome, statistic or column",
            _names(),
            see="See: alliance presets, or the list of parameters in the documentation.",
        )
    return tuple(found)


def preset_explained(name: str) -> Explanation:
    """Return what a preset, or a TOML file with one, sets and stands for.

    Raises
    ------
    AllianceError
        When there is none; names the nearest.
    """
    return _dyad(name) if name in dyad_names() else _preset(find_preset(name))


def citations(source: str | Iterable[str]) -> tuple[str, ...]:
    """Return a line for each fact and mechanism that `source` names: ``"F53, F54, C7"``."""
    text = source if isinstance(source, str) else " ".join(source)
    lines: list[str] = []
    for name in re.findall(r"[A-Z]\d+[a-z]*", text):
        mechanism = load_mechanisms().get(name)
        facts = _facts_named(name)
        if mechanism is not None:
            lines.append(f"{name}  {mechanism.title} ({mechanism.support})")
        elif facts:
            lines += [f"{one.id}  {_finding(one)}" for one in facts]
        elif name.startswith("C"):
            lines.append(f"{name}  no such mechanism: docs/model.md has the list")
        else:
            lines.append(f"{name}  known too loosely to be stored as a figure")
    return tuple(lines)


@cache
def column_meanings() -> Mapping[str, Mapping[str, str]]:
    """Return the meaning of every column of the tables ``clients``, ``sessions`` and ``therapists``."""
    text = resources.files("experiments.evidence").joinpath("columns.toml").read_text("utf-8")
    return MappingProxyType(
        {name: MappingProxyType(rows) for name, rows in tomllib.loads(text).items()}
    )


def as_option(value: Any) -> str:
    """Write a value as it is given on the command line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return significant(value) if isinstance(value, float) else str(value)


def _names() -> list[str]:
    return [
        *PARAMETERS,
        *equations_named(),
        *(one.name for one in all_presets()),
        *dyad_names(),
        *added_parameters(),
        *(one.id for one in load_facts()),
        *load_mechanisms(),
        *OUTCOMES,
        *STATISTICS,
        *CONTRASTS,
        *(name for table in column_meanings().values() for name in table),
    ]


def _facts_named(name: str) -> tuple[Fact, ...]:
    """Return the fact of this id, and those that are parts of it: F46 is F46r and F46d."""
    part = re.compile(re.escape(name) + "[a-z]+")
    return tuple(one for one in load_facts() if one.id == name or part.fullmatch(one.id))


def _finding(one: Fact) -> str:
    value = "" if one.value is None else f": {significant(one.value)}"
    interval = (
        "" if one.ci_low is None else f" [{significant(one.ci_low)}, {significant(one.ci_high)}]"
    )
    return f"{one.statistic}{value}{interval}. {one.citation}{CERTAINTY[one.status]}"


def _parameter(name: str) -> Explanation:
    row = PARAMETERS[name]
    bounds = row.allowed + (f" ({row.named_unit})" if row.named_unit else "")
    used = [one.name for one in all_presets() if name in one.parameters]
    entries = [
        ("default", as_option(row.default)),
        ("takes", bounds),
        ("known", KNOWN[row.status]),
        ("belongs to", row.group),
    ]
    if used:
        entries.append(("set by presets", ", ".join(used)))
    return Explanation(
        name=name,
        kind="parameter",
        meaning=row.meaning,
        entries=tuple(entries),
        evidence=citations(row.source),
        equations=equations_using(name),
    )


def _equation(one: EquationUse) -> Explanation:
    law = LAWS.get(getattr(import_module(f"simulation.{one.module}"), one.name))
    entries = [("stands in", f"simulation/{one.module.replace('.', '/')}.py")]
    if law is not None:
        entries += [
            (said, ", ".join(names))
            for said, names in (
                ("rises with", law.rises),
                ("falls with", law.falls),
                ("may do both with", law.either),
            )
            if names
        ]
    read = [name for name, uses in uses_by_parameter().items() if _is_among(one, uses)]
    if read:
        entries.append(("reads", ", ".join(sorted(read))))
    return Explanation(one.name, "equation", one.meaning, tuple(entries), citations(one.meaning))


def _is_among(one: EquationUse, uses: Iterable[EquationUse]) -> bool:
    return any((use.module, use.name) == (one.module, one.name) for use in uses)


def _dyad_parameter(dyad: str, name: str) -> Explanation:
    row = published_dyad(dyad).rows[name]
    unit = f" ({row.named_unit})" if row.named_unit else ""
    return Explanation(
        name=name,
        kind="parameter of another model of the dyad",
        meaning=row.meaning,
        entries=(
            ("default", as_option(row.default)),
            ("takes", row.allowed + unit),
            ("known", KNOWN[row.status]),
            ("belongs to", f"{dyad}: {row.group}"),
            ("source", row.source),
        ),
    )


def _dyad(name: str) -> Explanation:
    setting = published_dyad(name)
    text = str(sys.modules[setting.__module__].__doc__).partition("\n\n")[0]
    return Explanation(
        name=name,
        kind="model of the dyad",
        meaning=f"{str(setting.__doc__).partition(chr(10))[0]} {' '.join(text.split())}",
        entries=tuple(
            (f"{own} = {as_option(setting.rows[own].default)}", setting.rows[own].meaning)
            for own in setting.own
        ),
    )


def _preset(one: Preset) -> Explanation:
    entries = [("question", one.question)] if one.question else []
    for name, value in one.parameters.items():
        entries.append(
            (
                f"{name} = {as_option(value)}",
                f"{PARAMETERS[name].meaning} Default {as_option(PARAMETERS[name].default)}.",
            )
        )
    return Explanation(
        name=one.name,
        kind=one.kind,
        meaning=f"{one.title}. {one.description}",
        entries=tuple(entries),
        evidence=citations(one.facts),
    )


def _fact(one: Fact) -> Explanation:
    entries = [("citation", one.citation)]
    if one.doi:
        entries.append(("doi", one.doi))
    if one.low is not None:
        entries.append(("counts as met", f"{span(one.low, one.high)}: {one.range_reason}"))
    entries.append(
        (
            "role",
            "fit: calibration may use it"
            if one.role == "fit"
            else "predict: only validation may use it",
        )
    )
    if one.statistic_function:
        entries.append(("computed by", one.statistic_function))
    if one.not_computed:
        entries.append(("not computed", one.not_computed))
    if one.setting != "default":
        entries.append(("setting", one.setting))
    if one.note:
        entries.append(("note", one.note))
    users = [row.name for row in PARAMETERS.values() if _cites(row.source, one.id)]
    if users:
        entries.append(("cited by", ", ".join(users)))
    finding = _finding(one).removesuffix(CERTAINTY[one.status])
    statistic = finding.removesuffix(f". {one.citation}")
    return Explanation(one.id, "fact", f"{statistic}.{CERTAINTY[one.status]}", tuple(entries))


def _mechanism(one: Mechanism) -> Explanation:
    users = [row.name for row in PARAMETERS.values() if one.id in re.findall(r"C\d+", row.source)]
    entries = [("support", f"{one.grade}: {one.support}")]
    if users:
        entries.append(("parameters", ", ".join(users)))
    uses = {
        use
        for name in users
        for use in equations_using(name)
        if one.id in re.findall(r"C\d+", use.meaning)
    }
    return Explanation(
        name=one.id,
        kind="mechanism of the evidence",
        meaning=f"{one.title}. {one.claim}",
        entries=tuple(entries),
        evidence=citations(one.facts),
        equations=tuple(sorted(uses, key=lambda use: (use.module, use.name))),
    )


def _measures(name: str) -> Iterator[Explanation]:
    findings = tuple(one for one in load_facts() if one.statistic_function == name)
    for kind, catalogue in (
        ("outcome", OUTCOMES),
        ("statistic", STATISTICS),
        ("statistic", CONTRASTS),
    ):
        if name not in catalogue:
            continue
        one: Measure[Any] = catalogue[name]
        entries = [("in words", one.label), ("unit", one.unit.name)]
        if one.needs:
            entries.append(("needs", ", ".join(one.needs).replace("_", " ")))
        evidence = citations(one.meaning)
        if kind == "statistic":
            evidence = tuple(f"{fact.id}  {_finding(fact)}" for fact in findings)
        yield Explanation(name, kind, one.meaning, tuple(entries), evidence)


def _column(name: str) -> Explanation | None:
    tables = [table for table, rows in column_meanings().items() if name in rows]
    if not tables:
        return None
    from simulation.instruments import INSTRUMENTS

    entries = [("in table", ", ".join(tables))]
    instrument = INSTRUMENTS.get(name)
    if instrument is not None:
        entries += [
            ("instrument", instrument.name),
            ("range", span(instrument.low, instrument.high)),
            ("filled in by", instrument.rater),
            ("measures", instrument.measures),
        ]
    return Explanation(name, "column", column_meanings()[tables[0]][name], tuple(entries))


def _cites(source: str, fact: str) -> bool:
    return any(
        name == fact or re.fullmatch(re.escape(name) + "[a-z]+", fact)
        for name in re.findall(r"F\d+[a-z]*", source)
    )
