"""Who is let in: whoever opens the address that the dashboard was started with, and the class by its own link."""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

__all__ = ["Keys", "stored_secret"]

SECRET_BYTES = 32
CLASS_TOKEN = 16
"""Letters and digits of a class's token: 80 bits, and still typed from a blackboard."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Tokens, which stand in an address and let a browser in, and cookies, by which it is recognised from then on.

    A cookie names its browser and is signed with the key of whoever let it in. Keys follow from a secret, so that
    nothing is stored for a browser or a class: pages come back when the dashboard is started again, and a class that
    it is started without is let in no more.

    Attributes
    ----------
    secret
        What all keys follow from.
    class_name
        Name of the class that is let in; empty for none.
    token
        What lets in whoever runs the dashboard: another at every start.
    """

    secret: bytes = field(repr=False)
    class_name: str = ""
    token: str = field(default_factory=secrets.token_urlsafe, repr=False)

    @property
    def class_token(self) -> str:
        """What lets the class in; empty where there is none."""
        if not self.class_name:
            return ""
        signed = hmac.digest(self._class_key(), b"link", sha256)
        return base64.b32encode(signed).decode()[:CLASS_TOKEN].lower()

    def cookie_for(self, token: str) -> str | None:
        """Return a cookie for a browser that comes with a token; None when the token lets nobody in."""
        if _same(token, self.token):
            return _signed(secrets.token_hex(16), self._own_key())
        if self.class_name and _same(token, self.class_token):
            return _signed(secrets.token_hex(16), self._class_key())
        return None

    def browser(self, cookie: str) -> str | None:
        """Return which browser a cookie names; None when nobody who may has let it in."""
        name = cookie.partition(".")[0]
        keys = [self._own_key()] + ([self._class_key()] if self.class_name else [])
        return name if any(_same(cookie, _signed(name, key)) for key in keys) else None

    def owns(self, cookie: str) -> bool:
        """Return whether a cookie is that of whoever runs the dashboard, and not of the class."""
        return _same(cookie, _signed(cookie.partition(".")[0], self._own_key()))

    def _own_key(self) -> bytes:
        return hmac.digest(self.secret, b"own", sha256)

    def _class_key(self) -> bytes:
        return hmac.digest(self.secret, f"class {self.class_name}".encode(), sha256)


def stored_secret() -> bytes:
    """Return the secret of this user, made when there is none; one for this run alone where it cannot be stored."""
    import platformdirs

    path = platformdirs.user_state_path("alliance-dynamics", appauthor=False) / "dashboard.key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(SECRET_BYTES))
        with path.open("rb") as file:
            secret = file.read(SECRET_BYTES + 1)
    except OSError:
        secret = b""
    return secret if len(secret) == SECRET_BYTES else secrets.token_bytes(SECRET_BYTES)


def _signed(name: str, key: bytes) -> str:
    return f"{name}.{hmac.new(key, name.encode(), sha256).hexdigest()}"


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode(errors="replace"))
