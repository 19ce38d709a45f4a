"""What a generated migration does: from the differences of files and database to statements.

Data is never dropped: a layer or field that is gone from the files, a field of another type and a change of the
geometry are left to a person, and named.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import indent

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from gis_infra.catalogue import literals
from gis_infra.catalogue.comparison import Difference, Part
from gis_infra.catalogue.tables import SEARCH_OPERATORS, LayerTables
from gis_infra.storage.system import HISTORY_SCHEMA, LAYER_SCHEMA

# The columns in the definition of a search index; names that could be taken for something else are quoted there.
SEARCHED = re.compile(r"fold_text\(\"?(\w+)\"?\)")
WIDTH = literals.WIDTH - literals.STEP  # of a statement, which will stand in a function


@dataclass(frozen=True)
class Step:
    """A change of a table that is there already: the Python statements that make it and that undo it."""

    up: str
    down: str


@dataclass(frozen=True)
class Plan:
    """What a migration does: the layers whose tables it makes, its other steps, and what it leaves to a person."""

    layers: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    by_hand: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing a generated migration could do."""
        return not self.layers and not self.steps


def make_plan(differences: Iterable[Difference], tables: LayerTables) -> Plan:
    """What removes the differences that can be removed without losing data."""
    every = tuple(differences)
    missing = {(each.schema, each.table) for each in every if each.kind == "table" and each.found is None}
    new = tuple(table for schema, table in sorted(missing) if schema == LAYER_SCHEMA)
    # The history of a new layer is made with it; where only that is missing, one line says so, not one a column.
    told = [each for each in every if each.kind == "table" or (each.schema, each.table) not in missing]
    old = [(each, find_step(each, tables)) for each in told if each.table not in new]
    steps = tuple(step for _, step in old if step is not None)
    return Plan(new, steps, tuple(str(each) for each, step in old if step is None))


def find_step(difference: Difference, tables: LayerTables) -> Step | None:
    """The step that removes a difference in a table that stays; None if a person must do it."""
    wanted, found = difference.wanted, difference.found
    if wanted is None:
        return None
    if difference.schema == HISTORY_SCHEMA:
        return find_history_step(difference, tables)
    if difference.kind == "constraint":
        return find_rule_step(difference, tables)
    if difference.kind == "index" and difference.name == f"{difference.table}_search_idx":
        return make_search_step(difference, tables)
    if difference.kind == "column" and found is None:
        return make_column_step(tables.get(difference.table).c[difference.name])
    if difference.kind in ("table", "column") and found is not None and found.definition == wanted.definition:
        return Step(render_comment(difference, wanted), render_comment(difference, found))
    return None


def make_column_step(column: sa.Column[object]) -> Step:
    """Adding a column. One that must be given is added all the same, and fails if the table has rows."""
    table, name = render(column.table.name), render(column.name)
    facts = [f"sa.{type(column.type).__name__}()", f"nullable={column.nullable}", f"comment={render(column.comment)}"]
    new = indent(literals.render_call("sa.Column", [name, *facts], WIDTH - literals.STEP), " " * literals.STEP).lstrip()
    return Step(operate("add_column", table, new), operate("drop_column", table, name))


def find_history_step(difference: Difference, tables: LayerTables) -> Step | None:
    """Adding a column to a layer's history, without which its triggers refuse every change; None for anything else."""
    if difference.kind != "column" or difference.found is not None:
        return None
    column = tables.get(difference.table).c.get(difference.name)
    if column is None:
        return None
    table, name = render(column.table.name), render(column.name)
    new = f"sa.Column({name}, sa.{type(column.type).__name__}())"
    return Step(operate_history("add_column", table, new), operate_history("drop_column", table, name))


def find_rule_step(difference: Difference, tables: LayerTables) -> Step | None:
    """Replacing the rule of a field; None if it is not the rule of a field."""
    table = tables.get(difference.table)
    rules = {f"{table.name}_{column.name}_check": find_rule(column) for column in table.columns}
    rule = rules.get(difference.name)
    if rule is None:
        return None
    place = (f"op.f({render(difference.name)})", render(table.name))
    drop = operate("drop_constraint", *place)
    create = operate("create_check_constraint", *place, render(rule))
    if difference.found is None:
        return Step(create, drop)
    before = render(escape(difference.found.definition.removeprefix("CHECK ")))
    return Step(f"{drop}\n{create}", f"{drop}\n{operate('create_check_constraint', *place, before)}")


def make_search_step(difference: Difference, tables: LayerTables) -> Step:
    """Making the search index of a layer, in the place of the one that is there."""
    create, drop = render_search_index(tables.get(difference.table)), render_search_drop(difference.table)
    if difference.found is None:
        return Step(create, drop)
    before = render_search_create(difference.table, SEARCHED.findall(difference.found.definition))
    return Step(f"{drop}\n{create}", f"{drop}\n{before}")


def render_search_index(table: sa.Table) -> str:
    """The statement that makes the search index of a layer's table; "" if no field is searched."""
    index = next((each for each in table.indexes if each.name == f"{table.name}_search_idx"), None)
    return "" if index is None else render_search_create(table.name, [column.name for column in index.columns])


def render_search_create(table: str, columns: Iterable[str]) -> str:
    """The statement that makes a search index of these columns."""
    texts = render_list([f"sa.text({render(f'gis.fold_text({name}) {SEARCH_OPERATORS}')})" for name in columns])
    return operate("create_index", render(f"{table}_search_idx"), render(table), texts, 'postgresql_using="gin"')


def render_list(parts: Sequence[str]) -> str:
    """The source of a list, an argument of an operation, whose parts are source themselves."""
    line = f"[{', '.join(parts)}]"
    if literals.STEP + len(line) + 1 <= WIDTH:
        return line
    inner = " " * (2 * literals.STEP)
    return "\n".join(["[", *(f"{inner}{part}," for part in parts), f"{' ' * literals.STEP}]"])


def render_search_drop(table: str) -> str:
    """The statement that takes the search index of a layer away."""
    return operate("drop_index", render(f"{table}_search_idx"), render(table))


def render_comment(difference: Difference, part: Part) -> str:
    """The statement that sets the comment of a table or column."""
    table, comment = render(difference.table), render(part.comment)
    if difference.kind == "table":
        return operate("create_table_comment", table, comment)
    return operate("alter_column", table, render(difference.name), f"comment={comment}")


def operate(name: str, *arguments: str) -> str:
    """The source of an Alembic operation on a layer's table."""
    return literals.render_call(f"op.{name}", [*arguments, "schema=SCHEMA"], WIDTH)


def operate_history(name: str, *arguments: str) -> str:
    """The source of an Alembic operation on a layer's history."""
    return literals.render_call(f"op.{name}", [*arguments, f"schema={render(HISTORY_SCHEMA)}"], WIDTH)


def render(value: str | None) -> str:
    """A value as the source of an argument."""
    return literals.render(value, literals.STEP, width=WIDTH)


def find_rule(column: sa.Column[object]) -> str | None:
    """The rule the values of a field must keep, as SQL for an Alembic operation; None if there is none."""
    name = f"{column.table.name}_{column.name}_check"
    for constraint in column.table.constraints:
        if isinstance(constraint, sa.CheckConstraint) and constraint.name == name:
            return escape(render_sql(constraint.sqltext))
    return None


def render_sql(expression: sa.ColumnElement[object]) -> str:
    """An expression over columns of one table as SQL, with its values written out."""
    # SQLAlchemy gives its dialects no types.
    dialect: sa.Dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    options = {"literal_binds": True, "include_table": False}
    return str(expression.compile(dialect=dialect, compile_kwargs=options))


def escape(sql: str) -> str:
    """SQL in which a colon is a colon, where SQLAlchemy would see the name of a parameter."""
    return sql.replace(":", "\\:")
