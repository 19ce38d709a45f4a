"""The text of a migration that brings the database to what the layer files say.

What a migration does must stay the same when the files change later, so everything is written out in it and it imports
nothing of the program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from textwrap import indent
from typing import Any

import sqlalchemy as sa

from gis_infra.catalogue import literals
from gis_infra.catalogue.plans import Plan, find_rule, render_search_index
from gis_infra.catalogue.tables import LayerTables

PARTS = Path(__file__).with_name("migration_parts")
SHARED = frozenset({"built_in", "universal"})  # marks of columns that every table has
KINDS: Mapping[str, str] = {
    "Text": "text",
    "BigInteger": "bigint",
    "Integer": "integer",
    "Double": "number",
    "Boolean": "boolean",
    "Date": "date",
    "DateTime": "timestamp",
    "JSONB": "json",
}
ATTACH = 'op.execute(sa.select(sa.func.gis.attach_layer(sa.cast(f"{SCHEMA}.{layer[0]}", REGCLASS))))'
DETACH = 'op.execute(sa.select(sa.func.gis.detach_layer(sa.cast(f"{SCHEMA}.{layer}", REGCLASS))))'


@dataclass(frozen=True)
class Heading:
    """What a migration is called, and where it stands in the chain.

    down_revision: the one before, None at the start.
    """

    title: str
    revision: str
    down_revision: str | None


def render(plan: Plan, heading: Heading, tables: LayerTables, *, watch: bool = True) -> str:
    """The whole file.

    watch: whether new tables are put under the triggers that count rows and are searched by an index; the very first
        tables are older than those.
    """
    head = read_part("head_of_layers" if plan.layers else "head_of_changes")
    if not watch:
        head = head.replace("JSONB, REGCLASS", "JSONB")
    places = {"title": heading.title, "revision": literals.render(heading.revision)}
    bodies = render_bodies(plan, tables, watch=watch)
    if not plan.layers and "sa." not in "".join(bodies.values()):
        head = head.replace("import sqlalchemy as sa\n", "")
    text = Template(head).substitute(places, down_revision=literals.render(heading.down_revision))
    text += render_data([tables.get(layer) for layer in plan.layers])
    text += Template(read_part("functions")).substitute(bodies)
    return text + (read_part("make_table") if plan.layers else "")


def render_bodies(plan: Plan, tables: LayerTables, *, watch: bool) -> dict[str, str]:
    """The statements of upgrade ("up") and of downgrade ("down")."""
    up, down = [], []
    if plan.layers:
        up = ["for layer in LAYERS:", "    make_table(*layer)", *([f"    {ATTACH}"] if watch else [])]
        up += [each for each in map(render_search_index, map(tables.get, plan.layers)) if each and watch]
        down = ["for layer, *_ in reversed(LAYERS):", *([f"    {DETACH}"] if watch else [])]
        down.append("    op.drop_table(layer, schema=SCHEMA)")
    up += [step.up for step in plan.steps]
    down = [step.down for step in reversed(plan.steps)] + down
    return {"up": indent("\n".join(up), " " * 4), "down": indent("\n".join(down), " " * 4)}


def render_data(tables: Sequence[sa.Table]) -> str:
    """What the new tables have in common and what each has of its own; "" if there are none."""
    if not tables:
        return ""
    every = tuple(to_literal(column) for column in tables[0].columns if column.info.get("universal"))
    own = tuple(to_row(table) for table in tables)
    return render_constant("EVERY_LAYER: tuple[Column, ...]", every) + (
        "# A layer: its id, geometry, title, and the columns only it has.\n"
        + render_constant("LAYERS: tuple[tuple[str, str, str, tuple[Column, ...]], ...]", own)
        + "\n"
    )


def render_constant(name: str, value: literals.Literal) -> str:
    """The line or lines that name a value."""
    return f"{name} = {literals.render(value, prefix=len(name) + 3, suffix=0)}\n"


def to_row(table: sa.Table) -> literals.Literal:
    """A layer's table as the arguments of `make_table`."""
    own = tuple(to_literal(column) for column in table.columns if column.info.keys().isdisjoint(SHARED))
    return (table.name, table.info["geometry"], table.comment, own)


def to_literal(column: sa.Column[Any]) -> literals.Literal:
    """A column as its name, type, comment and rule."""
    kind = KINDS[type(column.type).__name__]
    manner = "" if column.nullable else " kept" if column.server_default is not None else " required"
    return (column.name, kind + manner, column.comment, find_rule(column) or "")


def read_part(name: str) -> str:
    """A piece of a migration that is the same in all of them."""
    return (PARTS / f"{name}.txt").read_text(encoding="utf-8")
