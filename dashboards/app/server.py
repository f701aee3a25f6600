"""Serving the dashboard from this machine, with nothing loaded from elsewhere."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, NoReturn

import typer
import uvicorn

from dashboards.app.addresses import Addresses, public_origin
from dashboards.app.keys import Keys, stored_secret
from dashboards.clinics.engine_ready import warm_up
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["serve"]

THIS_COMPUTER, NETWORK = "127.0.0.1", "0.0.0.0"

LONGEST_NAME = 40

WAIT = 60.0
"""Seconds in which the server should answer, so that a browser can be opened."""

TURN = 0.0005
"""Seconds after which a thread that draws lets another run: every frame waits for the event loop to have its turn."""

LEAVING = 1
"""Seconds that answers under way have for being finished when the server is stopped."""


def serve(
    host: str | None,
    port: int,
    *,
    opens: bool,
    class_name: str | None,
    public_url: str,
    pages: int,
) -> None:
    """Serve the dashboard until interrupted.

    Parameters
    ----------
    host
        Address to listen on; 0.0.0.0 for everyone in the network. None for this computer's own, or with a class
        the network's.
    port
        Port; 0 for any that is free.
    opens
        Whether to open a browser once the page is ready.
    class_name
        Name of a class that is let in by a link of its own, which is the same at every start; None for no class.
    public_url
        Under which address a server in front of this one is reached, such as ``https://alliance.example.org``; empty
        where there is none.
    pages
        How many pages may be open at a time, at some 2 MB each.

    Raises
    ------
    AllianceError
        When the address or the port can't be had.
    """
    public = public_origin(public_url) if public_url else ""
    if host is None:
        host = THIS_COMPUTER if class_name is None else NETWORK
    keys = Keys(stored_secret(), _name(class_name))
    listener = _listen(host, port)
    addresses = Addresses(host=host, port=listener.getsockname()[1], public=public)
    os.environ["SOLARA_APP"] = "dashboards.app.page"
    # Settings that Solara reads while it is imported.
    os.environ.setdefault("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "False")
    os.environ.setdefault("SOLARA_MODE", "production")

    from dashboards.app.frames import LONGEST
    from dashboards.app.routes import application

    app = application(addresses, keys, pages, warm_up)
    own = f"{addresses.own}/?token={keys.token}"
    typer.echo(f"Alliance is at {own} - stop it with Ctrl+C.")
    if keys.class_name:
        link = f"{addresses.own}/?token={keys.class_token}"
        typer.echo(f"The class {keys.class_name} is let in by {link}")
    if opens:
        threading.Thread(target=_open, args=(own, addresses.local), daemon=True).start()
    sys.setswitchinterval(TURN)
    server = Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            loop="asyncio",
            ws="websockets-sansio",
            ws_max_size=LONGEST,
            http="h11",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=LEAVING,
        )
    )
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        _end(128 + server.stopped_by)


class Server(uvicorn.Server):
    """A server that knows which signal stopped it."""

    stopped_by: int = signal.SIGINT

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self.stopped_by = sig
        super().handle_exit(sig, frame)


def _end(code: int) -> NoReturn:
    """End the process. Threads of open pages wait for browsers or compute; nothing of theirs is stored."""
    sys.stdout.flush()
    sys.stderr.write("\nStopped.\n")
    sys.stderr.flush()
    os._exit(code)


def _name(given: str | None) -> str:
    """Return the name of the class, empty where there is none."""
    if given is None:
        return ""
    name = " ".join(given.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise AllianceError(
            f"A class has a name of 1 to {LONGEST_NAME} letters: give --class monday, for example."
        )
    return name


def _listen(host: str, port: int) -> socket.socket:
    if not host.strip():
        raise AllianceError(
            "The dashboard listens on an address of this computer: give --host 127.0.0.1 for this computer alone, "
            "--host 0.0.0.0 for everyone in its network."
        )
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


def _open(address: str, local: str) -> None:
    import time
    import urllib.request

    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{local}/readyz", timeout=1):
                webbrowser.open(address)
                return
        except OSError:
            time.sleep(0.1)
