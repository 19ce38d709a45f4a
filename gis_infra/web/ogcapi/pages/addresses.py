"""Addresses of a page with other parameters: all that stands in the query string, but for what changes. Pure."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

# Where in the list the reader is; another order or another filter begins at the start again.
PLACES = ("offset", "cursor")
READABLE = ",:/()"


def change(arguments: Mapping[str, str], changes: Mapping[str, str | None]) -> str:
    """The query string, with its question mark, after `changes`; None takes a parameter away."""
    kept = {name: value for name, value in arguments.items() if name not in changes}
    given = {name: value for name, value in changes.items() if value is not None}
    return "?" + urlencode({**kept, **given}, quote_via=quote, safe=READABLE)


def restart(arguments: Mapping[str, str], changes: Mapping[str, str | None]) -> str:
    """As `change`, from the first page on."""
    return change(arguments, {**dict.fromkeys(PLACES), **changes})


def narrow(arguments: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    """The parameters that are among `names`."""
    return {name: value for name, value in arguments.items() if name in names}
