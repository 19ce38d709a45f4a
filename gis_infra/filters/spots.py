"""Where in a filter something stands, and the error that points there.

Every node of the tree may carry its spot, so that a fault found later (a name the layer has not, a value that does not
fit its field) points at the character as well as a fault of grammar does.
"""

from dataclasses import dataclass

from gis_infra.errors import CallerError, InvalidParameter

SHOWN = 24  # characters of the filter shown on either side
MARK = "▸"


class FilterError(InvalidParameter):
    """A filter is not as its language has it, or asks what cannot be asked; the message says at which character."""


@dataclass(frozen=True)
class Spot:
    """A place in a filter: a character of its text (`start` counts from 0), or the JSON pointer to a part of it."""

    text: str = ""
    start: int = 0
    pointer: str | None = None

    def describe(self) -> str:
        """The place in words, the text around it shown. Source of pointers: RFC 6901."""
        if self.pointer is not None:
            return f"at {self.pointer or 'the root'}"
        before = self.text[max(0, self.start - SHOWN) : self.start]
        after = self.text[self.start : self.start + SHOWN]
        start = "…" if self.start > SHOWN else ""
        end = "…" if len(self.text) > self.start + SHOWN else ""
        return f"at character {self.start + 1}: {start}{before}{MARK}{after}{end}"


def refuse(reason: str, spot: Spot | None) -> FilterError:
    """The error to raise for `reason`, which points at `spot` where that is known."""
    return FilterError(reason if spot is None else f"{reason}, {spot.describe()}", where="filter")


def locate(error: CallerError, spot: Spot | None) -> CallerError:
    """The same error, which points at `spot` where that is known."""
    if spot is None:
        return error
    return type(error)(f"{error.message}, {spot.describe()}", where=error.where)
