"""Who is answered: whoever asks for this dashboard, from one of its own pages."""

from __future__ import annotations

import http.client
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from dashboards.app.addresses import Addresses, here, public_origin
from dashboards.app.server import serve
from dashboards.tools.load import let_in
from simulation.errors import AllianceError
from tests.dashboards.asking import asked

if TYPE_CHECKING:
    from dashboards.tools.dashboard_process import Dashboard

HERE = Addresses(host="127.0.0.1", port=8765)
EVERYWHERE = Addresses(host="0.0.0.0", port=8765)
BEHIND = Addresses(port=8765, public="https://alliance.example.org")
CHANNELS = "/jupyter/api/kernels/a-kernel/channels?session_id=a-page"
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.mark.parametrize(
    ("addresses", "host", "reached", "origin"),
    [
        (HERE, "127.0.0.1:8765", "127.0.0.1", "http://127.0.0.1:8765"),
        (HERE, "LocalHost:8765", "127.0.0.1", "http://localhost:8765"),
        (HERE, "127.0.0.1:8766", "127.0.0.1", None),
        (HERE, "127.0.0.1", "127.0.0.1", None),
        (HERE, "", "127.0.0.1", None),
        (HERE, "elsewhere.example:8765", "127.0.0.1", None),
        (HERE, "127.0.0.1.elsewhere.example:8765", "127.0.0.1", None),
        (Addresses(port=80), "127.0.0.1", "127.0.0.1", "http://127.0.0.1"),
        (EVERYWHERE, "192.168.1.20:8765", "192.168.1.20", "http://192.168.1.20:8765"),
        (EVERYWHERE, "192.168.1.21:8765", "192.168.1.20", None),
        (EVERYWHERE, "0.0.0.0:8765", "192.168.1.20", None),
        (EVERYWHERE, "elsewhere.example:8765", "192.168.1.20", None),
        (Addresses(host="::", port=8765), "[::1]:8765", "::1", "http://[::1]:8765"),
        (BEHIND, "alliance.example.org", "127.0.0.1", "https://alliance.example.org"),
        (BEHIND, "127.0.0.1:8765", "127.0.0.1", "http://127.0.0.1:8765"),
        (BEHIND, "alliance.example.org:8765", "127.0.0.1", None),
    ],
)
def test_a_request_names_an_address_at_which_the_dashboard_is_served(
    addresses: Addresses, host: str, reached: str, origin: str | None
) -> None:
    assert addresses.origin(host, reached) == origin


def test_who_lets_a_network_in_is_given_an_address_of_the_network_that_is_served() -> None:
    assert "127.0.0.1" not in EVERYWHERE.own or here() == "127.0.0.1"
    assert EVERYWHERE.origin(f"{here()}:8765", here()) == EVERYWHERE.own.lower()
    assert HERE.own == EVERYWHERE.local == "http://127.0.0.1:8765"
    assert BEHIND.own == Addresses(host="0.0.0.0", public=BEHIND.public).own == BEHIND.public


def test_this_computer_is_reached_by_its_own_name() -> None:
    name = socket.gethostname()
    assert EVERYWHERE.origin(f"{name}:8765", "192.168.1.20") == f"http://{name.lower()}:8765"


@pytest.mark.parametrize(
    ("addresses", "origin", "own"),
    [
        (HERE, "http://127.0.0.1:8765", True),
        (HERE, "http://127.0.0.1:8766", False),
        (HERE, "https://127.0.0.1:8765", False),
        (HERE, "http://localhost:8765", False),
        (HERE, "http://elsewhere.example", False),
        (HERE, "null", False),
        (HERE, "", False),
        (BEHIND, "https://alliance.example.org", True),
        (BEHIND, "http://127.0.0.1:8765", True),
        (BEHIND, "http://alliance.example.org", False),
    ],
)
def test_a_page_is_of_the_dashboard_if_it_came_from_there(
    addresses: Addresses, origin: str, own: bool
) -> None:
    assert addresses.comes_from(origin, "http://127.0.0.1:8765") is own


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://alliance.example.org", "https://alliance.example.org"),
        ("https://Alliance.example.org:443/", "https://alliance.example.org"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_a_public_address_is_read(given: str, read: str) -> None:
    assert public_origin(given) == read


@pytest.mark.parametrize(
    "given",
    [
        "alliance.example.org",
        "ftp://alliance.example.org",
        "https://",
        "https://alliance.example.org/path",
        "https://alliance.example.org?query",
        "https://somebody@alliance.example.org",
        "https://alliance.example.org:port",
        "*",
    ],
)
def test_what_is_no_public_address_is_refused(given: str) -> None:
    with pytest.raises(AllianceError, match="no public address"):
        public_origin(given)


@pytest.mark.parametrize("host", ["", "  "])
def test_an_empty_host_does_not_mean_everybody(host: str) -> None:
    with pytest.raises(AllianceError, match=r"--host 127\.0\.0\.1"):
        serve(host, 0, opens=False, class_name=None, public_url="", pages=1)


@pytest.mark.parametrize("path", ["/", "/readyz", "/static/assets/custom.css", CHANNELS])
def test_whoever_asks_for_another_host_is_told_where_it_is(dashboard: Dashboard, path: str) -> None:
    for host in ("elsewhere.example", f"elsewhere.example:{urlsplit(dashboard.address).port}"):
        assert asked(dashboard, path, Host=host).status == 421


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "http://127.0.0.1:1"])
def test_pages_elsewhere_are_not_answered(dashboard: Dashboard, origin: str) -> None:
    for path in ("/", "/readyz", "/static/assets/chart.js"):
        assert asked(dashboard, path, Origin=origin).status == 403
    assert asked(dashboard, "/_solara/api/close/a-kernel", "POST", Origin=origin).status == 403
    assert asked(dashboard, CHANNELS, Origin=origin, **HANDSHAKE).status == 403


def test_a_change_needs_a_page_that_says_where_it_comes_from(dashboard: Dashboard) -> None:
    assert asked(dashboard, "/_solara/api/close/a-kernel", "POST").status == 403
    assert asked(dashboard, CHANNELS, **HANDSHAKE).status == 403
    own = dashboard.address
    assert asked(dashboard, "/_solara/api/close/a-kernel", "POST", Origin=own).status == 200


def test_a_websocket_is_for_a_browser_that_was_let_in(dashboard: Dashboard) -> None:
    own = {"Origin": dashboard.address, **HANDSHAKE}
    assert asked(dashboard, CHANNELS, **own).status == 101
    assert asked(dashboard, CHANNELS, Cookie="", **own).status == 403
    for path in ("/jupyter/api/kernels/a%20kernel/channels?session_id=a", CHANNELS[:-17]):
        assert asked(dashboard, path, **own).status == 403


@pytest.mark.parametrize("path", ["/", "/no-such-room", "/static/assets/chart.js", "/readyz"])
def test_every_answer_forbids_what_no_page_needs(dashboard: Dashboard, path: str) -> None:
    answer = asked(dashboard, path)
    policy = str(answer.getheader("Content-Security-Policy"))
    assert "http:" not in policy
    assert "https:" not in policy
    assert "*" not in policy
    told = dict(one.split(" ", 1) for one in policy.split("; "))
    assert {what: told[what] for what in told if what not in {"default-src", "connect-src"}} == {
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert told["connect-src"] == f"'self' data: blob: {dashboard.address.replace('http', 'ws')}"
    assert answer.getheader("Cross-Origin-Opener-Policy") == "same-origin"
    assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("X-Frame-Options") == "DENY"
    assert answer.getheader("Referrer-Policy") == "same-origin"
    assert answer.getheader("Server") is None


def test_headers_of_a_proxy_that_is_not_there_are_not_believed(dashboard: Dashboard) -> None:
    claims = {
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Proto": "https",
        "X-Script-Name": "/elsewhere",
        "Script-Name": "/elsewhere",
    }
    assert asked(dashboard, **claims).status == 200
    connection = http.client.HTTPConnection(urlsplit(dashboard.address).netloc, timeout=30)
    claims["Cookie"] = let_in(dashboard.entrance)
    connection.request("GET", "/", headers=claims)
    assert b"elsewhere" not in connection.getresponse().read()
    connection.close()
