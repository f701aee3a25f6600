"""Serving the dashboard from this machine, with nothing loaded from elsewhere."""

from __future__ import annotations

import os
import socket
import threading
import warnings
import webbrowser
from typing import TYPE_CHECKING

from dashboards.clinics.engine_ready import warm_up
from simulation.errors import AllianceError, nearest

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["serve"]

WAIT = 60.0


def serve(host: str = "127.0.0.1", port: int = 8765, *, opens: bool = True) -> None:
    """Serve the dashboard until interrupted.

    Parameters
    ----------
    host
        Address to listen on; 0.0.0.0 for everyone in the network.
    port
        Port; 0 for any that is free.
    opens
        Whether to open a browser once the page is ready.

    Raises
    ------
    AllianceError
        When the port can't be had.
    """
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    os.environ["SOLARA_APP"] = "dashboards.app.page"
    # Settings that Solara reads while it is imported.
    os.environ.setdefault("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "False")
    os.environ.setdefault("SOLARA_MODE", "production")

    # Without https, browsers get a cookie that stays on this address, which is what is wanted here.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none require https")

    import typer
    import uvicorn

    from dashboards.app.frames import LONGEST
    from dashboards.app.routes import application

    app = application({404: _not_found})
    typer.echo(f"Alliance is at {address} - stop it with Ctrl+C.")
    threading.Thread(target=warm_up, daemon=True).start()
    if opens:
        threading.Thread(target=_open, args=(address,), daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            loop="asyncio",
            ws="websockets-sansio",
            ws_max_size=LONGEST,
        )
    )
    server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Whoever comes while the server is still starting waits, instead of being turned away.
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise AllianceError(
            f"The dashboard cannot listen on {host}, port {port}: {error.strerror}. Choose another with --port, "
            "or --port 0 for any that is free."
        ) from None
    return listener


async def _not_found(request: Request, _: Exception) -> Response:
    """Answer for an address that stands for nothing: name it, and lead to the rooms."""
    from starlette.responses import HTMLResponse

    from dashboards.addresses.pages import rooms
    from experiments.reports.rendering import render

    name = request.url.path.strip("/")[:40]
    page = render(
        __package__,
        "not_found.html",
        name=name,
        close=nearest(name, [one.name for one in rooms()]),
        rooms=rooms(),
    )
    return HTMLResponse(page, status_code=404)


def _open(address: str) -> None:
    import time
    import urllib.request

    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=1):
                webbrowser.open(address)
                return
        except OSError:
            time.sleep(0.1)
