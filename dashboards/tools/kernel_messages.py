"""Messages of Jupyter's protocol, as a browser sends them to the dashboard."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["kernel_message"]


def kernel_message(kind: str, content: Mapping[str, Any], session: str) -> str:
    """Return a message of a kind, from a session of the browser, as it is sent."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "username": "",
        "session": session,
        "version": "5.3",
        "date": "",
    }
    return json.dumps(
        {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
            "buffers": [],
        }
    )
