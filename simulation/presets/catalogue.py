"""Reading, finding and layering presets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from simulation.dyads.catalogue import dyad_names, published_dyad
from simulation.errors import AllianceError, unknown_name
from simulation.input_files import MEBIBYTE, parse_toml, read_text
from simulation.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "KINDS",
    "Kind",
    "Preset",
    "all_presets",
    "find_preset",
    "layered",
    "preset",
    "read_preset",
]

Kind: TypeAlias = Literal["setting", "scenario", "mechanism", "policy"]

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        "setting": "settings",
        "scenario": "scenarios",
        "mechanism": "mechanisms",
        "policy": "policies",
    }
)
"""Each kind of preset and its plural, which is also the folder its files are in."""

TEXTS = ("title", "description", "question")


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of parameters that differ from the default clinic.

    Attributes
    ----------
    name
        As given to `preset` and on the command line.
    kind
        ``setting``, ``scenario``, ``mechanism`` or ``policy``.
    title
        A few words.
    description
        What it represents, in a few sentences.
    question
        What to ask oneself, or a class, before running it; empty where there is none.
    parameters
        What it sets, by name.
    facts
        The facts F.. and mechanisms C.. of the evidence that it rests on.
    dyad
        The published model of the dyad that it runs with; empty for the model's own sessions.
    """

    name: str
    kind: Kind
    title: str
    description: str
    question: str
    parameters: Mapping[str, Any]
    facts: tuple[str, ...]
    dyad: str = ""


def preset(name: str, **overrides: Any) -> Parameters:
    """Return the parameters of a preset, some of them changed.

    Parameters
    ----------
    name
        Name of a preset or of a published model of the dyad, or the path of a TOML file (``my_clinic.toml``).
    **overrides
        Parameters to change on top of it.

    Raises
    ------
    AllianceError
        For a name that does not exist or a value out of bounds: one sentence, with the nearest name.
    """
    return layered([name], overrides)


def layered(
    names: Sequence[str],
    overrides: Mapping[str, Any] | None = None,
    kind: type[Parameters] | None = None,
) -> Parameters:
    """Return the parameters of several presets layered on each other; later ones win, `overrides` last.

    A published model of the dyad is named as a preset is, and takes parameters of its own:
    ``layered(["youth", "liebovitch_peluso"], {"influence_on_client": 2.0})``. A `kind` of settings of one's own takes
    the place of such a name.

    ``layered(["stepped_care", "relief"], {"clients": 500})`` is stepped care, were the alliance a mere
    consequence of relief, with 500 clients.

    Raises
    ------
    AllianceError
        As for `preset`.
    """
    values: dict[str, Any] = {}
    dyads: set[str] = set()
    for name in names:
        if name in dyad_names():
            dyads.add(name)
            continue
        found = find_preset(name)
        values.update(found.parameters)
        dyads.update([found.dyad] if found.dyad else [])
    values.update(overrides or {})
    return _setting_class(dyads, kind)(**values)


def _setting_class(named: set[str], kind: type[Parameters] | None) -> type[Parameters]:
    """Return the class of settings that was given, or that the model of the dyad that is named asks for."""
    dyads = sorted(named)
    if kind is not None and not dyads:
        return kind
    if kind is not None:
        dyads.append(kind.__name__)
    if len(dyads) > 1:
        raise AllianceError(
            f"{' and '.join(dyads)} are models of the dyad, of which a setting has one: give one."
        )
    return published_dyad(dyads[0]) if dyads else Parameters


@cache
def all_presets() -> tuple[Preset, ...]:
    """Return every preset of the package: settings, scenarios, mechanisms, policies, each by name."""
    root = resources.files(__package__)
    found: list[Preset] = []
    for kind, folder in KINDS.items():
        files = (file for file in root.joinpath(folder).iterdir() if file.name.endswith(".toml"))
        for file in sorted(files, key=lambda file: file.name):
            text = file.read_text("utf-8")
            found.append(_parsed(text, file.name.removesuffix(".toml"), kind, file.name))
    return tuple(found)


def find_preset(name: str) -> Preset:
    """Return the preset of this name, or the one in the TOML file of this path.

    Raises
    ------
    AllianceError
        When there is none; names the nearest.
    """
    if name.endswith(".toml"):
        return read_preset(Path(name))
    for one in all_presets():
        if one.name == name:
            return one
    names = [*(one.name for one in all_presets()), *dyad_names()]
    raise unknown_name(name, "a preset", names, see="See them all with: alliance presets")


def read_preset(path: Path) -> Preset:
    """Read a custom preset; the file may also say its ``kind``, else it is a setting.

    Raises
    ------
    AllianceError
        When the file cannot be read or something in it is not allowed; says what.
    """
    text = read_text(path, called="The preset file", most=MEBIBYTE)
    return _parsed(text, path.stem, "setting", str(path))


def _parsed(text: str, name: str, kind: Kind, file: str) -> Preset:
    content = parse_toml(text, file)
    known = {*TEXTS, "kind", "facts", "dyad", "parameters"}
    for key in content:
        if key not in known:
            raise AllianceError(f"{file}: {unknown_name(key, 'an entry of a preset', known)}")
    for key in TEXTS:
        if not isinstance(content.setdefault(key, ""), str):
            raise AllianceError(f"{file}: {key} must be text in quotes.")
    facts = content.get("facts", [])
    if not isinstance(facts, list) or not all(isinstance(fact, str) for fact in facts):
        raise AllianceError(f'{file}: facts must be a list such as ["F23", "C18"].')
    values = content.get("parameters", {})
    if not isinstance(values, dict):
        raise AllianceError(f"{file}: parameters must be a table, below a line [parameters].")
    if content.get("kind", kind) not in KINDS:
        raise AllianceError(f"{file}: kind must be one of {', '.join(KINDS)}.")
    dyad = content.get("dyad", "")
    if dyad != "" and dyad not in dyad_names():
        raise AllianceError(
            f"{file}: {unknown_name(str(dyad), 'a model of the dyad', dyad_names())}"
        )
    try:
        (published_dyad(dyad) if dyad else Parameters)(**values)
    except AllianceError as error:
        raise AllianceError(f"{file}: {error}") from None
    return Preset(
        name=name,
        kind=content.get("kind", kind),
        title=content["title"] or name.replace("_", " "),
        description=" ".join(content["description"].split()),
        question=" ".join(content["question"].split()),
        parameters=MappingProxyType(values),
        facts=tuple(facts),
        dyad=dyad,
    )
