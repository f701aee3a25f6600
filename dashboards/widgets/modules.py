"""How the widgets' JavaScript reaches the browser: one file each under ``assets``, fetched once."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

__all__ = ["ASSETS", "module"]

ASSETS = Path(__file__).resolve().parent.parent / "assets"


@cache
def _known() -> tuple[str, str]:
    """Return the names of all modules as a list in JavaScript, and a hash of all that is in them."""
    files = sorted(ASSETS.glob("*.js"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    return json.dumps([file.name for file in files]), digest


@cache
def module(name: str) -> str:
    """Return the module of a widget, which only passes on what ``assets/NAME`` exports.

    Modules import each other by plain names, which a browser may keep for days: after an upgrade it would mix old and
    new ones. So all of them are fetched again when their common hash is not the one this browser has seen last. A
    browser also keeps that a file could not be had: so it is asked for again under another address, before the page
    says that a part is missing.
    """
    names, digest = _known()
    return (
        "const at = (name) => `${location.origin}${window.solara?.rootPath ?? ''}/static/assets/${name}`;\n"
        "window.allianceModules ??= (async () => {\n"
        "  let storage = {};\n"
        "  try { storage = localStorage; } catch { /* a browser may forbid it */ }\n"
        f"  if (storage.allianceModules === '{digest}') return;\n"
        f"  await Promise.all({names}.map((one) => fetch(at(one), {{ cache: 'reload' }})));\n"
        f"  storage.allianceModules = '{digest}';\n"
        "})().catch(() => { /* what cannot be fetched is handled below */ });\n"
        "await window.allianceModules;\n"
        f"const it = await import(`${{at('{name}')}}?v={digest}`)\n"
        f"  .catch(() => import(`${{at('{name}')}}?v={digest}&again=${{Date.now()}}`))\n"
        "  .catch(() => ({ default: {\n"
        "    render: ({ el }) => import(at('connection.js')).then(({ missingPart }) => el.append(missingPart())),\n"
        "  } }));\n"
        "export default it.default;\n"
    )
