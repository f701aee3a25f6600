"""The published findings the simulation is compared with."""

from __future__ import annotations

from experiments.evidence.facts import Fact
from experiments.evidence.reading import fact, load_facts, read_facts

__all__ = ["Fact", "fact", "load_facts", "read_facts"]
