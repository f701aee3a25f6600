"""What the server answers, and what of Solara it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboards.asking import asked
from tests.processes import printed

if TYPE_CHECKING:
    from dashboards.tools.dashboard_process import Dashboard


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/session",
        "/readyz",
        "/static/assets/custom.css",
        "/static/main-vuetify.js",
        "/_solara/cdn/echarts@5.4.0/dist/echarts.esm.min.js",
        "/jupyter/nbextensions/anywidget/index.js",
    ],
)
def test_what_a_page_needs_is_served(dashboard: Dashboard, path: str) -> None:
    assert asked(dashboard, path).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/resourcez"),
        ("GET", "/resourcez?verbose"),
        ("GET", "/jupyter/api/kernels/1"),
        ("POST", "/_solara/api/evict/1"),
        ("GET", "/static/public/anything.js"),
        ("GET", "/_solara/cdn/not-installed@1.0.0/index.js"),
        ("GET", "/_solara/cdn/echarts@5.4.0"),
        ("GET", "/_solara/cdn/echarts@5.4.0/dist"),
        ("GET", "/_solara/auth/login"),
        ("GET", "/session/deeper"),
    ],
)
def test_what_no_page_needs_is_not(dashboard: Dashboard, method: str, path: str) -> None:
    assert asked(dashboard, path, method, Origin=dashboard.address).status == 404


def test_asking_for_a_library_that_is_not_installed_leaves_those_that_are(
    dashboard: Dashboard,
) -> None:
    for _ in range(2):
        asked(dashboard, "/_solara/cdn/echarts@5.4.0/dist")
        library = "/_solara/cdn/echarts@5.4.0/dist/echarts.esm.min.js"
        assert asked(dashboard, library).status == 200


# In a process of its own: Solara's server changes how threads are begun, for good.
IN_ORDER = """
import asyncio
import threading

from dashboards.app import routes
from dashboards.app.addresses import Addresses
from dashboards.app.keys import Keys

order = []
begun = threading.Event()

def load():
    assert not begun.wait(0.2)
    order.append("loaded")

def meanwhile():
    order.append("meanwhile")
    begun.set()

async def start():
    async with app.router.lifespan_context(app):
        await asyncio.to_thread(begun.wait, 30)

routes.ensure_apps_initialized = load
app = routes.application(Addresses(host="127.0.0.1", port=1), Keys(b"a" * 32), 1, meanwhile)
asyncio.run(start())
print(*order)
"""


def test_nothing_is_imported_beside_the_page_while_it_is_loaded() -> None:
    assert printed(IN_ORDER).split() == ["loaded", "meanwhile"]
