"""The attributes of a row as one value: a record, as PostgreSQL sends it, of which `rows.py` makes GML.

Of a page of 200 features of 40 attributes the database took 1.1 ms to write them as GML itself, and takes 0.2 ms to
send them; and to take them one by one would cost this process more than all that follows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Date, Float, LargeBinary, Text, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from gis_infra.catalogue.definitions import FieldType

RECORD = "_record"
# How a value is sent, and so what is done to it: text that is to be escaped, or not; a number as text, a whole number,
# a truth value, a moment.
TEXT, WRITTEN, NUMBER, INTEGER, TRUTH, MOMENT = range(6)
KINDS: Mapping[FieldType, int] = {
    "text": TEXT,
    "code": TEXT,
    "integer": INTEGER,
    "number": NUMBER,
    "boolean": TRUTH,
    "date": WRITTEN,
    "timestamp": MOMENT,
}


class Record(FunctionElement[bytes]):
    """Columns of a row as one value, in their order. Source: PostgreSQL, `record_send` in rowtypes.c.

    A construct of its own for the reason that `GeoJsonText` is one.
    """

    name = "gis_infra_record"
    type = LargeBinary()
    inherit_cache = True


def select_record(columns: Sequence[ColumnElement[Any]]) -> ColumnElement[bytes]:
    """The columns of the fields of a layer as one value, labelled `RECORD`."""
    return Record(*columns).label(RECORD)


@compiles(Record)
def compile_record(element: Record, compiler: SQLCompiler, **options: Any) -> str:
    """The SQL of the construct."""
    columns = ", ".join(compiler.process(send(column), **options) for column in element.clauses)
    return f"record_send(ROW({columns}))"


def send(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column in the form of its kind. PostgreSQL writes numbers with as few digits as say them, and all days."""
    return cast(column, Text) if isinstance(column.type, Float | Date) else column
