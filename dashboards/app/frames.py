"""What a browser may send over its WebSocket: short text messages of the few kinds that a page uses."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

__all__ = ["LONGEST", "Message", "Refused", "read"]

LONGEST = 65_536
"""Bytes of a message; those of a page have some 500, and up to the longest address more when it begins."""

MOST_BRACKETS = 500
"""Lists and objects in a message, so that none nests deeper than the parser follows."""

Name = Annotated[str, Field(max_length=128)]


class Part(BaseModel):
    """A part of a message; it has what is declared and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Header(Part):
    """Which kind of message it is."""

    msg_id: Name
    msg_type: Literal[
        "kernel_info_request",
        "comm_info_request",
        "comm_open",
        "comm_msg",
        "comm_close",
        "shutdown_request",
    ]
    session: Name
    username: Name
    version: Name
    date: Name


class Data(Part):
    """What is asked of a widget, or of the page as a whole."""

    method: Literal["run", "app-status", "update", "custom", "request_state", "request_states"] = (
        "update"
    )
    args: dict[Name, JsonValue] = {}
    state: dict[Name, JsonValue] = {}
    content: JsonValue = None
    buffer_paths: Annotated[list[JsonValue], Field(max_length=0)] = []


class Content(Part):
    """Which widget it is for. A browser opens the two channels that a page needs, and no widgets of its own."""

    comm_id: Name = ""
    target_name: Literal["solara.control", "jupyter.widget.control", "jupyter.widget"] = (
        "solara.control"
    )
    data: Data = Data()
    restart: bool = False


class Message(Part):
    """A message of the protocol that Jupyter's pages speak, without binary buffers."""

    header: Header
    parent_header: dict[Name, JsonValue]
    metadata: dict[Name, JsonValue]
    content: Content
    channel: Literal["shell", "control"]
    buffers: Annotated[list[JsonValue], Field(max_length=0)] = []

    @property
    def begins(self) -> bool:
        """Whether it asks for the page to be drawn for the first time."""
        return self.content.data.method == "run"

    @model_validator(mode="after")
    def _opens_no_widget(self) -> Message:
        opens = self.header.msg_type == "comm_open"
        if opens and self.content.target_name == "jupyter.widget":
            raise ValueError("only the dashboard opens a widget")
        return self


class Refused(Exception):  # noqa: N818  it is the browser that erred
    """A frame that no page sends; its text says why."""


def read(frame: str | bytes) -> Message:
    """Return the message in a frame.

    Solara reads what comes here as if it came from its own page: it believes the lengths that a binary frame states,
    and makes any widget that a message names.

    Raises
    ------
    Refused
        If no page sends such a frame.
    """
    if isinstance(frame, bytes):
        raise Refused("it is binary, which no page sends")
    if len(frame) > LONGEST:
        raise Refused(f"it is longer than {LONGEST} characters")
    if frame.count("{") + frame.count("[") > MOST_BRACKETS:
        raise Refused(f"it has more than {MOST_BRACKETS} lists and objects")
    try:
        return Message.model_validate(json.loads(frame))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the message"
        raise Refused(f"{place}: {first['msg']}") from None
    except (ValueError, RecursionError):
        raise Refused("it is not JSON") from None
