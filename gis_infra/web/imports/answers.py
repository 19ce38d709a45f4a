"""Answers that are for one person, as JSON."""

from typing import Any

import orjson
from flask import Response

NOBODY_KEEPS = {"Cache-Control": "private, no-store"}


def answer(value: Any, status: int = 200) -> Response:
    """A value as JSON that no cache keeps."""
    return Response(orjson.dumps(value), status, mimetype="application/json", headers=NOBODY_KEEPS)
