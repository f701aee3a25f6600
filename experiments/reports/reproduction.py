"""How to reproduce a study: what a report says of its versions, and the commands that repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.execution.own_code import stored_own_code
from experiments.reports.document import Code, Section, facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.execution.own_code import OwnCode
    from experiments.store.study_folder import StudyFolder

__all__ = ["reproduction"]


def reproduction(folder: StudyFolder) -> Section:
    """Return versions and hashes of a study, the commands that repeat it, and its file."""
    study, manifest = folder.study, folder.manifest
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    rows = [
        ("begun", str(manifest["begun"])),
        ("study", f"sha256 {study.fingerprint}"),
        ("source of the model", f"sha256 {manifest['source_hash']}"),
        ("versions", versions),
        ("platform", str(manifest["platform"])),
    ]
    commands = (
        *_again(stored_own_code(manifest), str(manifest["command"])),
        ("alliance results DIR --csv runs.csv", "every run, in a fixed order"),
    )
    width = max(len(command) for command, _ in commands) + 4
    lines = [f"{command:{width}}# {what}" for command, what in commands]
    lines.append("duckdb -c \"SELECT * FROM 'DIR/results/*.parquet'\"")
    return Section(
        "How to reproduce this",
        (
            facts(rows),
            Code("\n".join(lines)),
            Code(study.to_toml(), caption="study.toml:"),
        ),
    )


def _again(own: Sequence[OwnCode], command: str) -> tuple[tuple[str, str], ...]:
    """Return what repeats a study, with a word on each; code that has no name of its own is given in Python."""
    same, compared = (
        "the same bytes, on any number of cores",
        "runs random rows again and compares every bit",
    )
    if any(one.kind == "script" for one in own):
        return ((command or "Audition(...).run('AGAIN')", f"with another folder: {same}"),)
    if not all(one.by_name for one in own):
        return (
            ("run(Study.load('study.toml'), 'AGAIN', evaluate=...)", f"in Python; {same}"),
            ("verify('DIR', evaluate=...)", f"in Python; {compared}"),
        )
    options = "".join(f" {one.option}" for one in own)
    return (
        (f"alliance sweep study.toml{options} --out AGAIN", same),
        (f"alliance verify DIR{options}", compared),
    )
