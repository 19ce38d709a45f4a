"""Outputs of a process as an answer: all in one JSON document, or each as it is.

Source: OGC 18-062r2, clause 7.11.4 and table 11.
"""

import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

from gis_infra.web.ogcapi import media

Outputs = Mapping[str, Any]


def answer(outputs: Outputs, wanted: Mapping[str, Any]) -> Response:
    """The outputs that were asked for, in the form they were asked for."""
    chosen = {name: outputs[name] for name in wanted.get("outputs", outputs) if name in outputs}
    if wanted.get("form") != "raw":
        return answer_private(orjson.dumps(chosen), media.JSON)
    if len(chosen) == 1:
        return answer_private(*render(next(iter(chosen.values()))))
    boundary = secrets.token_hex(16)
    return answer_private(render_parts(chosen, boundary), f"multipart/related; boundary={boundary}")


def render(value: Any) -> tuple[bytes, str]:
    """One output and its media type: text as text, all else as JSON."""
    if isinstance(value, str):
        return value.encode(), "text/plain; charset=utf-8"
    return orjson.dumps(value), media.JSON


def render_parts(outputs: Outputs, boundary: str) -> bytes:
    """Several outputs one after the other, each under its name. Source: RFC 2387, RFC 2046 clause 5.1."""
    parts = []
    for name, value in outputs.items():
        body, mimetype = render(value)
        head = f"--{boundary}\r\nContent-Type: {mimetype}\r\nContent-ID: <{name}>\r\n\r\n"
        parts.append(head.encode() + body + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def answer_private(body: bytes, mimetype: str) -> Response:
    """Bytes that are for the one who asked only, and kept by nobody."""
    return Response(body, content_type=mimetype, headers={"Cache-Control": "private, no-store"})
