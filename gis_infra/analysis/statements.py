"""The fixed statements of this room, each in a .sql file beside the module that runs it."""

from pathlib import Path

from sqlalchemy import TextClause, text


def read_statement(name: str) -> TextClause:
    """The statement of `<name>.sql`, such as "conflicts/drop_joined"; its head says what it does, takes and returns."""
    return text((Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8"))
