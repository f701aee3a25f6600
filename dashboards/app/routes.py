"""What the server answers: the pages, their parts, one WebSocket for each page, and nothing else that Solara has."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from solara.server import settings
from solara.server import starlette as solara_server
from solara.server.app import ensure_apps_initialized
from solara.server.server import solara_static
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from dashboards.addresses.invitation import Invitation
from dashboards.app.arrivals import Arrivals
from dashboards.app.connection import serve_kernel
from dashboards.app.documents import leave, not_found, ready, room, shared
from dashboards.app.guard import Guard
from dashboards.app.records import describe_file
from dashboards.app.sessions import Sessions, give_memory_back

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from dashboards.app.addresses import Addresses
    from dashboards.app.keys import Keys

__all__ = ["application"]

LIBRARIES = "/_solara/cdn"
"""Where pages ask for the libraries that are installed with the dashboard."""

SHARED = "/static/page.js"
"""Where widgets ask for what they show by scripts of the page in one file, see ``assets/shared.js``."""


def application(
    addresses: Addresses, keys: Keys, most: int, meanwhile: Callable[[], None] | None = None
) -> Starlette:
    """Return the application, reached under some addresses by whom some keys let in, with so many pages at most.

    Once the page is loaded `meanwhile` is called in a thread of its own. Not before: Solara lists the modules that
    are imported while it loads the page, and fails if another thread imports some.

    Solara's own application has routes that show its insides, and one that fetches from the internet what is not
    installed and removes folders in its way; its pages believe the headers of a proxy that may not be there. Only
    files are taken from it.
    """
    installed = solara_server.StaticFilesOptionalAuth(directory=settings.assets.proxy_cache_dir)
    routes: list[BaseRoute] = [
        Route("/readyz", ready),
        WebSocketRoute("/jupyter/api/kernels/{kernel_id}/channels", serve_kernel),
        Route("/records/describe", describe_file, methods=["POST"]),
        Route("/_solara/api/close/{kernel_id}", leave, methods=["POST"]),
        Mount(LIBRARIES, installed),
        Route(SHARED, shared),
        Mount("/static/assets", solara_server.StaticAssets()),
        Mount("/jupyter/nbextensions", solara_server.StaticNbFiles()),
        Mount("/static", solara_server.StaticFilesOptionalAuth(directory=solara_static)),
        Route("/", room),
        Route("/{fullpath}", room),
    ]
    app = Starlette(
        routes=routes,
        lifespan=_lifespan,
        middleware=[
            Middleware(Guard, addresses, keys),
            Middleware(solara_server.SolaraGZipMiddleware, minimum_size=1000),
        ],
        exception_handlers={404: not_found},
    )
    app.state.invitation = (
        Invitation(keys.class_name, addresses.own, keys.class_token) if keys.class_name else None
    )
    app.state.alone = addresses.alone and not keys.class_name
    app.state.meanwhile = meanwhile
    app.state.sessions = Sessions(most)
    app.state.arrivals = Arrivals()
    give_memory_back()
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Load the page before the first visitor comes; what visitors have open ends with the process."""
    ensure_apps_initialized()
    if app.state.meanwhile:
        threading.Thread(target=app.state.meanwhile, daemon=True).start()
    yield
