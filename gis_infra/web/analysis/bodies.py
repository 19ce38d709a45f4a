"""The bodies of requests to this room."""

from typing import Any

import orjson
from flask import request

from gis_infra.errors import InvalidParameter


def read_body() -> Any:
    """The JSON of the request's body. Raises InvalidParameter if there is none."""
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise InvalidParameter(f"the body is not JSON: {error.msg} (line {error.lineno})", where="body") from error
