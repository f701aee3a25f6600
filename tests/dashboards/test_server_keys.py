"""Who is let in: whoever has the token, a class by its own as long as it is let in, and nobody else."""

from __future__ import annotations

import asyncio
import stat
from typing import TYPE_CHECKING

import pytest

from dashboards.addresses.invitation import Invitation
from dashboards.app.addresses import Addresses
from dashboards.app.guard import Guard
from dashboards.app.keys import Keys, stored_secret
from dashboards.app.server import serve
from dashboards.tools.dashboard_process import Dashboard
from dashboards.tools.load import let_in
from simulation.errors import AllianceError
from tests.dashboards.asking import asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import Message

SECRET, OTHER = b"a" * 32, b"b" * 32
NO_COOKIE = ""


@pytest.fixture(scope="module")
def with_class() -> Iterator[Dashboard]:
    with Dashboard("--class", "monday", "--host", "127.0.0.1") as started:
        yield started


def class_token(dashboard: Dashboard) -> str:
    assert dashboard.process.stdout is not None
    return dashboard.process.stdout.readline().rpartition("token=")[2].strip()


def test_a_token_lets_in_and_the_cookie_names_the_browser() -> None:
    keys = Keys(SECRET)
    first, second = keys.cookie_for(keys.token), keys.cookie_for(keys.token)
    assert first is not None
    assert second is not None
    assert keys.browser(first) != keys.browser(second)
    assert keys.token not in first


@pytest.mark.parametrize("token", ["", "wrong", "ä", "monday"])
def test_another_token_lets_nobody_in(token: str) -> None:
    assert Keys(SECRET, "monday").cookie_for(token) is None


@pytest.mark.parametrize("cookie", ["", ".", "a", "a.", "a.b", "ä.ä"])
def test_a_cookie_that_was_not_given_is_not_taken(cookie: str) -> None:
    assert Keys(SECRET, "monday").browser(cookie) is None


def test_a_cookie_names_no_other_browser() -> None:
    keys = Keys(SECRET)
    cookie = str(keys.cookie_for(keys.token))
    assert keys.browser("0" + cookie[1:] if cookie[0] != "0" else "1" + cookie[1:]) is None


def test_pages_come_back_when_the_dashboard_is_started_again() -> None:
    before, after = Keys(SECRET, "monday"), Keys(SECRET, "monday")
    assert before.token != after.token
    assert before.class_token == after.class_token
    for token in (before.token, before.class_token):
        assert after.browser(str(before.cookie_for(token))) is not None
    assert Keys(OTHER, "monday").browser(str(before.cookie_for(before.token))) is None


@pytest.mark.parametrize("now", ["", "tuesday"])
def test_a_class_is_let_in_no_more_when_it_is_not_named(now: str) -> None:
    before, after = Keys(SECRET, "monday"), Keys(SECRET, now)
    assert after.cookie_for(before.class_token) is None
    assert after.browser(str(before.cookie_for(before.class_token))) is None
    assert after.browser(str(before.cookie_for(before.token))) is not None


def test_without_a_class_no_token_lets_one_in() -> None:
    assert Keys(SECRET).class_token == ""
    assert Keys(SECRET).cookie_for("") is None


def test_what_is_shared_carries_the_class_s_token_and_never_the_owner_s() -> None:
    keys = Keys(SECRET, "monday")
    invitation = Invitation("monday", "http://192.168.1.20:8765", keys.class_token)
    assert invitation.link("/clinic?v=1").endswith(f"/clinic?v=1&token={keys.class_token}")
    assert invitation.link("/").endswith(f"/?token={keys.class_token}")
    assert Invitation.in_headers(invitation.headers()) == invitation
    assert Invitation.in_headers({}) is None
    assert keys.token not in invitation.link("/")
    assert keys.token not in repr(keys)


def test_the_secret_is_made_once_and_for_its_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state" / "dashboard.key"
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: path.parent)
    assert stored_secret() == stored_secret() == path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(b"short")
    assert stored_secret() != stored_secret()
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: path)
    assert len(stored_secret()) == 32


@pytest.mark.parametrize(
    "path", ["/", "/session?v=1", "/static/assets/custom.css", "/no-such-room", "/?token=wrong"]
)
def test_whoever_was_not_let_in_is_answered_one_page(dashboard: Dashboard, path: str) -> None:
    answer = asked(dashboard, path, Cookie=NO_COOKIE)
    assert answer.status == 401
    assert answer.getheader("Set-Cookie") is None


def test_anybody_may_ask_whether_the_server_is_there(dashboard: Dashboard) -> None:
    assert asked(dashboard, "/readyz", Cookie=NO_COOKIE).status == 200


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/?token={}", "/"),
        ("/clinic?v=1&token={}&empathy=0.4", "/clinic?v=1&empathy=0.4"),
        ("//elsewhere.example/?token={}", "/elsewhere.example/"),
        ("/%5Celsewhere.example?token={}", "/elsewhere.example"),
    ],
)
def test_the_token_leaves_the_address_and_leads_nowhere_else(
    dashboard: Dashboard, path: str, leads: str
) -> None:
    token = dashboard.entrance.rpartition("=")[2]
    answer = asked(dashboard, path.format(token), Cookie=NO_COOKIE)
    assert answer.status == 303
    assert answer.getheader("Location") == leads
    cookie = str(answer.getheader("Set-Cookie"))
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert token not in cookie
    assert asked(dashboard, Cookie=cookie.split(";", maxsplit=1)[0]).status == 200


async def nobody(*_: object) -> None:
    raise AssertionError("whoever comes with a token is led on, and not let through at once")


@pytest.mark.parametrize(
    ("addresses", "secure"),
    [
        (Addresses(public="https://alliance.example.org"), True),
        (Addresses(public="http://alliance.example.org"), False),
        (Addresses(port=8765), False),
    ],
)
def test_behind_an_encrypted_address_the_cookie_is_sent_encrypted_alone(
    addresses: Addresses, secure: bool
) -> None:
    keys, told = Keys(SECRET), []

    async def send(message: Message) -> None:
        told.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "scheme": "http",
        "query_string": f"token={keys.token}".encode(),
        "headers": [(b"host", addresses.own.partition("//")[2].encode())],
        "server": ("127.0.0.1", 8765),
    }
    asyncio.run(Guard(nobody, addresses, keys)(scope, nobody, send))  # type: ignore[arg-type]
    cookie = dict(told[0]["headers"])[b"set-cookie"].decode().lower()
    assert told[0]["status"] == 303
    assert ("; secure" in cookie) is secure


def test_whoever_was_let_in_stays_who_they_are(dashboard: Dashboard) -> None:
    for token in ("wrong", dashboard.entrance.rpartition("=")[2]):
        answer = asked(dashboard, f"/clinic?token={token}")
        assert (answer.status, answer.getheader("Location")) == (303, "/clinic")
        assert answer.getheader("Set-Cookie") is None


def test_a_class_comes_in_by_its_own_link(with_class: Dashboard) -> None:
    token = class_token(with_class)
    cookie = let_in(f"{with_class.address}/?token={token}")
    assert asked(with_class, Cookie=cookie).status == 200
    assert token not in with_class.entrance


@pytest.mark.parametrize("name", ["", " ", "a" * 41, "a\x00b"])
def test_a_class_has_a_name(name: str) -> None:
    with pytest.raises(AllianceError, match="--class monday"):
        serve("127.0.0.1", 0, opens=False, class_name=name, public_url="", pages=1)
