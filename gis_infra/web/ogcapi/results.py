"""Outputs of a process as an answer: all in one JSON document, or each as it is.

Source: OGC 18-062r2, clause 7.11.4 and table 11.
"""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from flask import Response

from gis_infra.errors import MissingError
from gis_infra.web.ogcapi import links, media

Outputs = Mapping[str, Any]


def answer(outputs: Outputs, wanted: Mapping[str, Any], job_id: str = "") -> Response:
    """The outputs that were asked for, in the form they were asked for.

    job_id: of the job that keeps them, which those asked for by reference are linked to.
    """
    chosen = {name: outputs[name] for name in wanted.get("outputs", outputs) if name in outputs}
    by_link = {name: link(job_id, name, chosen[name]) for name in wanted.get("by_link", ()) if name in chosen}
    if wanted.get("form") != "raw":
        return answer_private(orjson.dumps({**chosen, **by_link}), media.JSON)
    if chosen and len(by_link) == len(chosen):
        return answer_links(by_link)
    if len(chosen) == 1:
        return answer_private(*render(next(iter(chosen.values()))))
    boundary = secrets.token_hex(16)
    return answer_private(render_parts(chosen, by_link, boundary), f"multipart/related; boundary={boundary}")


def link(job_id: str, name: str, value: Any) -> dict[str, Any]:
    """A link to one output of a job. Source: OGC 18-062r2, schema link.yaml."""
    return {"href": links.make_url(f"/jobs/{job_id}/results/{quote(name)}"), "type": render(value)[1]}


def answer_links(by_link: Mapping[str, Mapping[str, Any]]) -> Response:
    """No content, and a link to each output. Source: /req/core/process-execute-sync-raw-ref."""
    header = ", ".join(f'<{each["href"]}>; rel="{name}"; type="{each["type"]}"' for name, each in by_link.items())
    headers = {"Cache-Control": "private, no-store", "Link": header}
    return Response(status=HTTPStatus.NO_CONTENT, headers=headers)


def answer_one(outputs: Outputs, name: str) -> Response:
    """One output as it is. Raises MissingError if there is none of that name."""
    if name not in outputs:
        raise MissingError(f"the job has no output {name[:40]!r}", where="output")
    return answer_private(*render(outputs[name]))


def render(value: Any) -> tuple[bytes, str]:
    """One output and its media type: text as text, all else as JSON."""
    if isinstance(value, str):
        return value.encode(), "text/plain; charset=utf-8"
    return orjson.dumps(value), media.JSON


def render_parts(outputs: Outputs, by_link: Mapping[str, Mapping[str, Any]], boundary: str) -> bytes:
    """Several outputs one after the other, each under its name, some of them as an address.

    Source: RFC 2387, RFC 2046 clause 5.1; OGC 18-062r2, /req/core/process-execute-sync-raw-mixed-multi.
    """
    parts = []
    for name, value in outputs.items():
        body, mimetype = render(value)
        place = f"Content-Location: {by_link[name]['href']}\r\n" if name in by_link else ""
        head = f"--{boundary}\r\nContent-Type: {mimetype}\r\nContent-ID: <{name}>\r\n{place}\r\n"
        parts.append(head.encode() + (b"" if name in by_link else body) + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def answer_private(body: bytes, mimetype: str) -> Response:
    """Bytes that are for the one who asked only, and kept by nobody."""
    return Response(body, content_type=mimetype, headers={"Cache-Control": "private, no-store"})
