"""Asking a dashboard as a browser does."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dashboards.tools.load import let_in

if TYPE_CHECKING:
    from dashboards.tools.dashboard_process import Dashboard

__all__ = ["asked"]


def asked(
    dashboard: Dashboard, path: str = "/", method: str = "GET", **headers: str
) -> http.client.HTTPResponse:
    """Ask as a browser does that has been let in, unless another cookie is given."""
    headers = {"Cookie": let_in(dashboard.entrance), **headers}
    connection = http.client.HTTPConnection(urlsplit(dashboard.address).netloc, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()
