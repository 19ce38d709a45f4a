"""What a caller would rather have: the `Prefer` header. Source: RFC 7240."""

from collections.abc import Iterable, Mapping

from flask import request

REPRESENTATION = "representation"
MINIMAL = "minimal"
STRICT = "strict"
KNOWN: Mapping[str, tuple[str, ...]] = {"return": (REPRESENTATION, MINIMAL), "handling": (STRICT, "lenient")}


def parse(headers: Iterable[str]) -> dict[str, str]:
    """The preferences in `Prefer` headers that are known here, by name; of one said twice the first counts."""
    found: dict[str, str] = {}
    for part in ",".join(headers).split(","):
        name, _, value = part.partition(";")[0].partition("=")
        name, value = name.strip().lower(), value.strip().strip('"').lower()
        if value in KNOWN.get(name, ()):
            found.setdefault(name, value)
    return found


def read() -> dict[str, str]:
    """The preferences of this request."""
    return parse(request.headers.getlist("Prefer"))


def is_strict() -> bool:
    """Whether the caller would rather be refused than have something left aside or mended."""
    return read().get("handling") == STRICT
