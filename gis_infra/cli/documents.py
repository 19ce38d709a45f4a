"""JSON documents that commands are given in files."""

from pathlib import Path
from typing import Any

import orjson

from gis_infra.errors import InvalidParameter

LARGEST_FILE = 16 * 1024 * 1024


def read_document(path: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises InvalidParameter if there is none."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InvalidParameter(f"{path} is larger than {LARGEST_FILE >> 20} MiB", where=str(path))
        document = orjson.loads(path.read_bytes())
    except OSError as error:
        raise InvalidParameter(f"{path} cannot be read: {error.strerror}", where=str(path)) from error
    except orjson.JSONDecodeError as error:
        raise InvalidParameter(f"{path} is not JSON: {error.msg} (line {error.lineno})", where=str(path)) from error
    if not isinstance(document, dict):
        raise InvalidParameter(f"{path} holds no GeoJSON object", where=str(path))
    return document
