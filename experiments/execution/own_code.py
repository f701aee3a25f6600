"""The rules or the model of a researcher that a study was run with: their names, and which version it was."""

from __future__ import annotations

import shlex
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from experiments.execution.evaluation import ClinicEvaluation
from experiments.execution.model_source import SIMULATION, source_hash
from simulation.mistakes import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.execution.tasks import Evaluate

__all__ = ["OwnCode", "own_code", "own_code_of", "stored_own_code"]

Kind = Literal["rule", "model", "script", "code"]


@dataclass(frozen=True, slots=True)
class OwnCode:
    """A rule or a model of one's own.

    Attributes
    ----------
    kind
        ``rule``: used instead of one of the model's; ``model``: evaluated instead of the simulation; ``script``: of
        an audition; ``code`` where an earlier version did not write down which.
    name
        ``FILE.py:NAME``.
    sha256
        Of its source, as ``sources`` in the manifest has it for a rule, and of all that it reaches for a model; empty
        where none is stored.
    by_name
        Whether a command can be given its name: not that of a function within a function, of which there may be many.
    """

    kind: Kind
    name: str
    sha256: str = ""
    by_name: bool = True

    @property
    def words(self) -> str:
        """What a report calls it, with the beginning of its hash."""
        return f"{self.name} (sha256 {self.sha256[:16]})" if self.sha256 else self.name

    @property
    def option(self) -> str:
        """The option of a command that names it."""
        return f"--{self.kind} {shlex.quote(self.name)}"


def own_code(evaluate: Evaluate) -> tuple[OwnCode, ...]:
    """Return the rules of one's own, or the model in place of the simulation; empty for the simulation as it is."""
    if isinstance(script := getattr(evaluate, "audition_of", None), str):
        return (OwnCode("script", script, source_hash(evaluate), by_name=False),)
    if not isinstance(evaluate, ClinicEvaluation):
        return (_named("model", evaluate, source_hash(evaluate)),)
    stored = evaluate.sources
    return tuple(_named("rule", rule, _hash_of(rule, stored)) for rule in evaluate.rules)


def own_code_of(evaluate: Evaluate) -> list[dict[str, Any]]:
    """Return `own_code` as the manifest has it."""
    return [asdict(one) for one in own_code(evaluate)]


def stored_own_code(manifest: Mapping[str, Any]) -> tuple[OwnCode, ...]:
    """Return the rules or the model of a stored study.

    Those of earlier versions have them only in the command, and those begun in Python only among the sources.
    """
    if "own_code" in manifest:
        return tuple(OwnCode(**one) for one in manifest["own_code"])
    named = manifest.get("sources")
    sources = dict(named) if isinstance(named, dict) else {}
    own = sorted(set(sources) - {SIMULATION})
    words: list[str] = []
    with suppress(ValueError):  # in Python, it may be any text
        words = shlex.split(str(manifest.get("command", "")))
    found = []
    for word, after in pairwise([*words, ""]):
        for kind in ("rule", "model"):
            if word == f"--{kind}" or word.startswith(f"--{kind}="):
                name = word.partition("=")[2] or after
                key = name.removesuffix(".py").replace(".py:", ".")
                found.append(OwnCode(kind, name, sources.get(name, sources.get(key, ""))))
    if found or not own:
        return tuple(found)
    shown = ", ".join(own[:3]) + (", ..." if len(own) > 3 else "")
    return (OwnCode("code", shown, str(manifest.get("source_hash", "")), by_name=False),)


def _named(kind: Kind, given: Any, sha256: str) -> OwnCode:
    """Name what was given: by its own name, or by that which its module has for it."""
    if hasattr(given, "__qualname__") and "<" not in given.__qualname__:
        return OwnCode(kind, name_of(given), sha256)
    named = given if hasattr(given, "__qualname__") else type(given)
    module = sys.modules.get(given.__module__)
    for name, value in vars(module).items() if module else ():
        if value is given:
            return OwnCode(kind, f"{name_of(named).rpartition(':')[0]}:{name}", sha256)
    return OwnCode(kind, name_of(named), sha256, by_name=False)


def _hash_of(rule: Any, stored: Mapping[str, str]) -> str:
    """Return the hash under which a rule stands among the sources."""
    named = (name_of(rule), f"{rule.__module__}.{rule.__qualname__}")
    return next((stored[name] for name in named if name in stored), "")
