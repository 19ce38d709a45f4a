"""What is wrong with a row, or worth a remark. Bad rows are gathered and told, never thrown one by one."""

from dataclasses import dataclass

SHOWN = 60  # letters of a value in a message


@dataclass(frozen=True)
class RowProblem:
    """One thing about one row.

    row: counted from 1 in file order. field: the column or field, "geometry" for the shape. value: what was found, as
    text. reason: what is wrong and what is allowed. is_error: whether the row is rejected for it.
    """

    row: int
    field: str
    value: str
    reason: str
    is_error: bool = True

    def __str__(self) -> str:
        found = f" {self.value!r}" if self.value else ""
        return f"row {self.row}: {self.field}{found}: {self.reason}"


def show(value: object) -> str:
    """A value as messages show it, "" for none; long ones are shortened, in the message only."""
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
