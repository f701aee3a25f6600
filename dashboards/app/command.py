"""The command ``alliance dashboard``."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["command"]


def command(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")
    ] = 8765,
    host: Annotated[
        str | None,
        typer.Option(
            help="Address to listen on; 0.0.0.0 lets the whole network ask.",
            show_default="127.0.0.1, with a class 0.0.0.0",
        ),
    ] = None,
    class_name: Annotated[
        str | None,
        typer.Option(
            "--class",
            metavar="NAME",
            help="Let a class in by a link of its own, which ends when the dashboard is started without this name.",
        ),
    ] = None,
    public_url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Address of a server in front of this one, such as https://alliance.example.org.",
        ),
    ] = "",
    pages: Annotated[
        int,
        typer.Option(min=1, help="Pages open at a time, at some 2 MB each; more are told to wait."),
    ] = 200,
    opens: Annotated[
        bool, typer.Option("--open/--no-open", help="Whether to open a browser.")
    ] = True,
) -> None:
    """Open the dashboard: play a therapy, run a clinic, sweep a parameter."""
    from dashboards.app.server import serve

    serve(host, port, opens=opens, class_name=class_name, public_url=public_url, pages=pages)
