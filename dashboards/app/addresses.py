"""Under which addresses the dashboard is reached. A request must name one of them, and come from a page of one."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from simulation.errors import AllianceError

__all__ = ["Addresses", "here", "public_origin"]

DEFAULT_PORTS = {"http": 80, "https": 443}

ONLY_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
"""Addresses to listen on that no other computer reaches."""

ANYWHERE = frozenset({"0.0.0.0", "::"})
"""What a server listens on that listens on every address of its computer."""

ELSEWHERE = ("192.0.2.1", 9)
"""An address kept for documentation. Nothing is sent to it: asking which way it would go tells our own address."""


def names_of_this_computer() -> frozenset[str]:
    """Return the names by which a browser may ask for this computer, without asking any other."""
    name = socket.gethostname().lower()
    own = {name, name if name.endswith(".local") else f"{name}.local"} if name else set()
    return frozenset({"localhost", "127.0.0.1", "::1", *own})


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a dashboard is reached.

    Attributes
    ----------
    host, port
        What it listens on.
    public
        Scheme, host and port under which a server in front of it is reached; empty where there is none.
    names
        Names of this computer. A page elsewhere can give its own name our address, but not itself our names.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    public: str = ""
    names: frozenset[str] = field(default_factory=names_of_this_computer)

    @property
    def own(self) -> str:
        """The address to print, to open and to share: one under which others reach the dashboard, where they may."""
        if self.public or self.host not in ANYWHERE:
            return self.public or self.local
        return f"http://{_bracketed(here())}:{self.port}"

    @property
    def local(self) -> str:
        """The address on this computer."""
        return f"http://{_bracketed(_loopback(self.host))}:{self.port}"

    @property
    def alone(self) -> bool:
        """Whether nobody at another computer can reach it."""
        return not self.public and self.host.strip().lower() in ONLY_HERE

    def origin(self, host: str, reached: str) -> str | None:
        """Return the origin that a request's ``Host`` names; None for one that is not served.

        Parameters
        ----------
        host
            The header.
        reached
            The address of this computer to which the request came.
        """
        host = host.lower()
        if self.public and host == urlsplit(self.public).netloc:
            return self.public
        mine = {self.host.lower(), reached.removeprefix("::ffff:"), *self.names} - ANYWHERE
        served = {f"{_bracketed(name)}:{self.port}" for name in mine}
        if self.port == DEFAULT_PORTS["http"]:
            served |= {_bracketed(name) for name in mine}
        return f"http://{host}" if host in served else None

    def comes_from(self, origin: str, served: str) -> bool:
        """Tell whether a request's ``Origin`` is a page of this dashboard, asked for under the origin `served`."""
        return origin.lower() in {served, self.public} - {""}


def here() -> str:
    """Return the address of this computer in its network; its name where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(ELSEWHERE)
        except OSError:
            return socket.gethostname()
        return str(way.getsockname()[0])


def public_origin(url: str) -> str:
    """Return the origin of a public address.

    Raises
    ------
    AllianceError
        When it is not one.
    """
    parts = urlsplit(url.strip())
    try:
        port = parts.port
    except ValueError:
        port = -1
    whole = parts.scheme in DEFAULT_PORTS and parts.hostname and parts.path in {"", "/"}
    if not whole or port == -1 or parts.query or parts.fragment or parts.username:
        raise AllianceError(
            f"{url!r} is no public address: give scheme and host, such as https://alliance.example.org, "
            "without a path."
        )
    host = _bracketed(str(parts.hostname))
    plain = port is None or port == DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" if plain else f"{parts.scheme}://{host}:{port}"


def _loopback(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name
