"""The fixed statements of this room, each in a .sql file beside it."""

from pathlib import Path

from sqlalchemy import TextClause, text


def read_statement(name: str) -> TextClause:
    """The statement of `<name>.sql`; what it does, takes and returns stands in the file's head."""
    return text((Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8"))
