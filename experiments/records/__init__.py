"""Real session records: read with care, and turned into the tables that statistics are computed on."""

from __future__ import annotations

from experiments.records.mapping import DataMapping, mapping_text, read_mapping
from experiments.records.reading import Records, read_records

__all__ = ["DataMapping", "Records", "mapping_text", "read_mapping", "read_records"]
