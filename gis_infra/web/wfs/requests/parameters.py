"""The parameters of a request, whether they came in the URL, in a form or as XML: names without case, text values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from gis_infra.errors import InvalidParameter
from gis_infra.web.wfs.faults import MissingParameter

BINDING = re.compile(r"xmlns\((?:([^,=()]+)[,=])?([^()]*)\)")


@dataclass(frozen=True)
class Parameters:
    """Parameters by their name in capitals; an empty value is one not given."""

    values: Mapping[str, str]

    def find(self, *names: str) -> str | None:
        """The value of the first of these names that is given; None if none is."""
        return next((self.values[name] for name in names if self.values.get(name)), None)

    def require(self, name: str) -> str:
        """The value. Raises MissingParameter if it is not given."""
        value = self.find(name)
        if value is None:
            raise MissingParameter(f"parameter {name.lower()} is missing", where=name.lower())
        return value

    def find_whole(self, *names: str) -> int | None:
        """The value as a whole number of at least 0; None if not given. Raises InvalidParameter."""
        text = self.find(*names)
        if text is None:
            return None
        if not re.fullmatch(r"\d{1,18}", text.strip(), re.ASCII):
            raise InvalidParameter(
                f"{names[0].lower()} must be a whole number of at least 0, got {text[:40]!r}", where=names[0].lower()
            )
        return int(text)

    def render(self, changes: Mapping[str, str]) -> str:
        """The parameters as a query string, with some of them set anew."""
        return urlencode({**self.values, **changes})


def parse_parameters(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """The parameters of a URL or a form; of a name given twice the first counts."""
    values: dict[str, str] = {}
    for name, value in pairs:
        values.setdefault(name.upper(), value)
    return Parameters(values)


def split_list(text: str) -> list[str]:
    """The parts of "a,b,c", without spaces around them."""
    return [part.strip() for part in text.split(",") if part.strip()]


def split_groups(text: str) -> list[str]:
    """The parts of "(a)(b)", one a query; any other text is one part. Source: OGC 09-025r2 clause 6.2.5.3."""
    text = text.strip()
    if not (text.startswith("(") and text.endswith(")")):
        return [text]
    parts = text[1:-1].split(")(")
    return join_documents(parts) if any(part.lstrip().startswith("<") for part in parts) else parts


def join_documents(parts: Iterable[str]) -> list[str]:
    """Whole XML documents again, where a text inside one had brackets; a part may be empty."""
    whole: list[str] = []
    for part in parts:
        begins = not part.strip() or (part.lstrip().startswith("<") and not part.lstrip().startswith("</"))
        ended = not whole or not whole[-1].strip() or whole[-1].rstrip().endswith(">")
        if begins and ended:
            whole.append(part)
        else:
            whole[-1:] = [")(".join([*whole[-1:], part])]
    return whole


def parse_bindings(text: str) -> dict[str | None, str]:
    """The prefixes of "xmlns(p,uri),xmlns(q,uri)", by prefix; "" is the default namespace.

    Source: OGC 09-025r2 clause 7.6.6.
    """
    return {prefix or "": uri for prefix, uri in BINDING.findall(text)}
