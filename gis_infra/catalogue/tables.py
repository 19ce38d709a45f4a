"""The tables of the layers, as SQLAlchemy knows them. Says what the database should hold; makes nothing.

Rules the data must keep whatever program writes it (codes, bounds, lengths, geometry type and CRS) are CHECK
constraints, so that plain SQL cannot break them either.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

from gis_infra.catalogue.definitions import Catalogue, Field, Layer
from gis_infra.collector import collector_paused
from gis_infra.errors import UnknownLayer
from gis_infra.storage.system import LAYER_SCHEMA

COLUMN_TYPES: Mapping[str, type[sa.types.TypeEngine[Any]]] = {
    "text": sa.Text,
    "code": sa.Text,
    "number": sa.Double,
    "boolean": sa.Boolean,
    "date": sa.Date,
}
INT4_LIMIT = 2**31 - 1
SOURCE_NOTE = "Columns of the imported file that map to none of these"
HEIGHT_NOTE = "easting first; heights kept where given"
SEARCH_OPERATORS = "gin_trgm_ops"  # of the extension pg_trgm
NEEDS_NO_ESCAPE = "needs_no_escape"  # on columns whose every value JSON and XML hold as it is
BUILT_IN = {"built_in": True}  # columns that are no field, in every table


@dataclass(frozen=True)
class LayerTables:
    """One table per layer, in schema `infra`.

    srid: EPSG code of the column `geom`; `lonlat` is longitude/latitude (EPSG:4326, longitude first).
    kept: what was made of these tables once and is asked for again, such as the text of a statement.
    others: the tables of layers that the program itself keeps, by layer, wherever they are.
    """

    metadata: sa.MetaData
    srid: int
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    others: Mapping[str, sa.Table] = field(default_factory=dict)

    def get(self, layer_id: str) -> sa.Table:
        """The table of a layer. Raises UnknownLayer."""
        if layer_id in self.others:
            return self.others[layer_id]
        try:
            return self.metadata.tables[f"{LAYER_SCHEMA}.{layer_id}"]
        except KeyError:
            raise UnknownLayer(f"there is no layer {layer_id!r}", where=layer_id) from None


def build_tables(catalogue: Catalogue, srid: int) -> LayerTables:
    """The tables of every layer of the catalogue, with geometries in the city's CRS, EPSG:`srid`."""
    metadata = sa.MetaData(schema=LAYER_SCHEMA)
    # Of half a second every command spent here, the collector took more than half.
    with collector_paused():
        for layer in catalogue.layers.values():
            build_table(layer, srid, metadata)
    return LayerTables(metadata, srid)


def build_table(layer: Layer, srid: int, metadata: sa.MetaData) -> sa.Table:
    """The table of one layer: id, universal columns, what the source had besides, own columns, geometries."""
    universal = [make_column(field) for field in layer.fields if field.universal]
    own = [make_column(field) for field in layer.own_fields]
    table = sa.Table(
        layer.id,
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True, info=BUILT_IN),
        *universal,
        sa.Column("source_attributes", JSONB, comment=SOURCE_NOTE, info={"universal": True}),
        *own,
        sa.Column("geom", make_geometry(), comment=f"EPSG:{srid}, {HEIGHT_NOTE}", info=BUILT_IN),
        make_lonlat(),
        sa.PrimaryKeyConstraint("id", name=f"{layer.id}_pkey"),
        comment=layer.title.en,
        info={"geometry": layer.geometry.upper()},
    )
    add_field_rules(table, layer)
    add_geometry_rules(table, layer, srid)
    add_search_index(table, layer)
    sa.Index(
        f"{layer.id}_owner_asset_code_idx",
        table.c.owner,
        table.c.asset_code,
        unique=True,
        postgresql_where=sa.and_(table.c.owner.is_not(None), table.c.asset_code.is_not(None)),
    )
    return table


def make_geometry() -> Geometry:
    """A geometry column without type modifier, so that heights are kept where given and may be missing elsewhere.

    What it holds is said by CHECK constraints, which the view geometry_columns reads as well.
    """
    return Geometry(geometry_type=None, srid=-1, spatial_index=False)


def make_lonlat() -> sa.Column[Any]:
    """The same geometry in longitude/latitude, kept by the database itself for tiles and output."""
    shift = sa.Computed("ST_Transform(geom, 4326)", persisted=True)
    return sa.Column("lonlat", make_geometry(), shift, comment="EPSG:4326, longitude first", info=BUILT_IN)


def add_field_rules(table: sa.Table, layer: Layer) -> None:
    """The codes, bounds, lengths and patterns of the fields, one constraint a column."""
    for each in layer.fields:
        rules = make_rules(table.c[each.name], each)
        if rules:
            table.append_constraint(sa.CheckConstraint(sa.and_(*rules), name=f"{layer.id}_{each.name}_check"))


def add_geometry_rules(table: sa.Table, layer: Layer, srid: int) -> None:
    """The CRS and type a geometry must have, and the index that finds by place.

    It is one of both geometries: they lie over one another, so it finds by either as fast as one of its own would, and
    is kept up in half the time of two.
    """
    geom = table.c.geom
    rules = {"srid": sa.func.st_srid(geom) == srid, "type": sa.func.geometrytype(geom) == layer.geometry.upper()}
    for name, rule in rules.items():
        table.append_constraint(sa.CheckConstraint(rule, name=f"{layer.id}_geom_{name}_check"))
    sa.Index(f"{layer.id}_place_idx", table.c.lonlat, geom, postgresql_using="gist")


def add_search_index(table: sa.Table, layer: Layer) -> None:
    """The index that finds parts of texts without regard to capitals and accents; none if no field is searched.

    What is indexed is what `filters` asks for ACCENTI(CASEI(...)), to the letter.
    """
    names = [each.name for each in table.columns if each.name in {field.name for field in layer.fields if field.search}]
    if not names:
        return
    folded = [sa.func.gis.fold_text(table.c[name]).label(name) for name in names]
    operators = dict.fromkeys(names, SEARCH_OPERATORS)
    sa.Index(f"{layer.id}_search_idx", *folded, postgresql_using="gin", postgresql_ops=operators)


def make_column(field: Field) -> sa.Column[Any]:
    """The column of a field, with its English title and unit as comment."""
    kept_by_us = field.system and field.type == "timestamp"
    return sa.Column(
        field.name,
        get_column_type(field),
        nullable=not (field.required or kept_by_us),
        server_default=sa.func.now() if kept_by_us else None,
        comment=f"{field.title.en}, {field.unit}" if field.unit else field.title.en,
        info={
            **({"universal": True} if field.universal else {}),
            **({NEEDS_NO_ESCAPE: True} if is_plain_code(field) else {}),
        },
    )


def is_plain_code(field: Field) -> bool:
    """Whether every value of the field is one of the layer file's codes, all of which JSON and XML hold as they are."""
    if field.type != "code":
        return False
    return all(json.dumps(code) == f'"{code}"' and not set(code) & set("<>&") for code in field.codes)


def get_column_type(field: Field) -> sa.types.TypeEngine[Any]:
    """The type of a field's column; a whole number takes eight bytes only if it is not bounded to four."""
    if field.type == "integer":
        bounds = (field.minimum, field.maximum)
        small = all(bound is not None and abs(bound) <= INT4_LIMIT for bound in bounds)
        return sa.Integer() if small else sa.BigInteger()
    if field.type == "timestamp":
        return sa.DateTime(timezone=True)
    return COLUMN_TYPES[field.type]()


def make_rules(column: sa.ColumnElement[Any], field: Field) -> list[sa.ColumnElement[bool]]:
    """What must hold of a value that is not null; a number is never NaN or infinite."""
    rules: list[sa.ColumnElement[bool]] = []
    if field.type == "code":
        rules.append(column.in_(field.codes))
    if field.max_length is not None:
        rules.append(sa.func.char_length(column) <= field.max_length)
    if field.pattern is not None:
        rules.append(column.regexp_match(field.pattern))
    if field.minimum is not None:
        rules.append(column >= field.minimum)
    elif field.type == "number":
        rules.append(column > sa.literal_column("'-Infinity'"))
    if field.maximum is not None:
        rules.append(column <= field.maximum)
    elif field.type == "number":
        rules.append(column < sa.literal_column("'Infinity'"))
    return rules
