"""The functions the server lists at /ogc/functions, as their descriptions there tell them."""

from typing import Any

SIGNATURES: dict[str, Any] = {}


def find_kind(name: str, kinds: list[str]) -> str:
    """What the function gives for arguments of these kinds."""
    raise NotImplementedError
