"""How the widgets' JavaScript reaches the browser: one file each under ``assets``, fetched once and kept."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

__all__ = ["ASSETS", "module"]

ASSETS = Path(__file__).resolve().parent.parent / "assets"


@cache
def module(name: str) -> str:
    """Return the module of a widget, which only passes on what ``assets/NAME`` exports.

    The file's own hash is in its address, so a browser keeps it until it changes. A browser also keeps that a file
    could not be had: so it is asked for again under another address, before the page says that a part is missing.
    """
    digest = hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
    return (
        "const root = window.solara?.rootPath ?? '';\n"
        "const from = (file, more = '') => import(`${location.origin}${root}/static/assets/${file}${more}`);\n"
        f"const it = await from('{name}', '?v={digest}')\n"
        f"  .catch(() => from('{name}', `?v={digest}&again=${{Date.now()}}`))\n"
        "  .catch(() => ({ default: {\n"
        "    render: ({ el }) => from('connection.js').then(({ missingPart }) => el.append(missingPart())),\n"
        "  } }));\n"
        "export default it.default;\n"
    )
