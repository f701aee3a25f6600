"""The command ``alliance explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.output import print_page

__all__ = ["command"]


def command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A parameter, equation, preset, fact (F01), mechanism (C7) or column (wai_sr_client).",
            show_default=False,
        ),
    ],
) -> None:
    """Say what a name means, how it is known, from where, and which equations use it."""
    from experiments.evidence.explain import explain
    from experiments.reports.explanation import explanation_page

    print_page(*(explanation_page(one) for one in explain(name)))
