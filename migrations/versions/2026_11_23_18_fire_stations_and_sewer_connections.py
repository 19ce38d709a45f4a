"""Fire stations and sewer connections.

Written by `gis-infra layers migration`.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB, REGCLASS

revision = "2026_11_23_18"
down_revision = "2026_11_23_17"
branch_labels = None
depends_on = None

SCHEMA = "infra"
TYPES = {
    "text": sa.Text(),
    "integer": sa.Integer(),
    "bigint": sa.BigInteger(),
    "number": sa.Double(),
    "boolean": sa.Boolean(),
    "date": sa.Date(),
    "timestamp": sa.DateTime(timezone=True),
    "json": JSONB(),
}
# A column: name, type, comment, and the rule of its values, "" for none.
Column = tuple[str, str, str, str]

EVERY_LAYER: tuple[Column, ...] = (
    ("asset_code", "text", "Asset code", "char_length(asset_code) <= 100"),
    ("name", "text", "Name", "char_length(name) <= 200"),
    ("owner", "text", "Owner", "char_length(owner) <= 200"),
    ("operator", "text", "Operator", "char_length(operator) <= 200"),
    (
        "status",
        "text",
        "Status",
        (
            "status IN ('proposed', 'under_construction', 'installed', 'commissioned', 'in_service', "
            "'out_of_commission', 'decommissioned', 'abandoned', 'removed', 'unfit', 'unknown')"
        ),
    ),
    ("installed_on", "date", "Installed on", ""),
    ("decommissioned_on", "date", "Decommissioned on", ""),
    ("planned_from", "date", "Planned from", ""),
    ("planned_to", "date", "Planned to", ""),
    (
        "vertical_position",
        "text",
        "Vertical position",
        "vertical_position IN ('overhead', 'surface', 'underground', 'submerged', 'mixed')",
    ),
    ("cover_m", "number", "Cover, m", "cover_m >= 0 AND cover_m <= 100"),
    ("crown_level_m", "number", "Crown level, m", "crown_level_m >= -200 AND crown_level_m <= 3500"),
    ("invert_level_m", "number", "Invert level, m", "invert_level_m >= -200 AND invert_level_m <= 3500"),
    (
        "level_reference",
        "text",
        "Level refers to",
        "level_reference IN ('crown', 'invert', 'axis', 'ground', 'bed', 'unknown')",
    ),
    ("vertical_datum", "text", "Vertical datum", "vertical_datum IN ('hon_dau', 'ha_tien', 'unknown')"),
    ("quality_level", "text", "Quality level", "quality_level IN ('a', 'b1', 'b2', 'b3', 'b4', 'c', 'd')"),
    (
        "horizontal_accuracy_m",
        "number",
        "Horizontal accuracy, m",
        "horizontal_accuracy_m >= 0 AND horizontal_accuracy_m <= 1000",
    ),
    (
        "vertical_accuracy_m",
        "number",
        "Vertical accuracy, m",
        "vertical_accuracy_m >= 0 AND vertical_accuracy_m <= 1000",
    ),
    ("survey_date", "date", "Survey date", ""),
    (
        "survey_method",
        "text",
        "Survey method",
        "survey_method IN ('gnss', 'total_station', 'tape', 'gpr', 'em_locator', 'records', 'unknown')",
    ),
    ("surveyor", "text", "Surveyor", "char_length(surveyor) <= 200"),
    ("source_dataset", "text", "Source dataset", "char_length(source_dataset) <= 200"),
    ("sensitivity", "text", "Sensitivity", "sensitivity IN ('public', 'shared', 'restricted')"),
    ("remarks", "text", "Remarks", "char_length(remarks) <= 4000"),
    ("import_id", "bigint", "Import", ""),
    (
        "source_srid",
        "integer",
        "Coordinate system of the source, EPSG code",
        "source_srid >= 1024 AND source_srid <= 999999",
    ),
    ("created_at", "timestamp kept", "Created at", ""),
    ("updated_at", "timestamp kept", "Updated at", ""),
    ("source_attributes", "json", "Columns of the imported file that map to none of these", ""),
)
# A layer: its id, geometry, title, and the columns only it has.
LAYERS: tuple[tuple[str, str, str, tuple[Column, ...]], ...] = (
    (
        "fire_station",
        "POINT",
        "Fire station",
        (
            ("kind", "text", "Kind", "kind IN ('central', 'area', 'river', 'volunteer', 'other')"),
            ("engines", "integer", "Engines", "engines >= 0 AND engines <= 200"),
            ("crew", "integer", "Crew", "crew >= 0 AND crew <= 5000"),
            ("service_radius_m", "number", "Service radius, m", "service_radius_m >= 0 AND service_radius_m <= 100000"),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "sewer_connection",
        "POINT",
        "Sewer connection",
        (
            ("building_code", "text", "Building served", "char_length(building_code) <= 100"),
            ("system", "text", "System", "system IN ('combined', 'foul', 'storm')"),
            (
                "nominal_diameter_mm",
                "integer",
                "Nominal diameter, mm",
                "nominal_diameter_mm >= 30 AND nominal_diameter_mm <= 1000",
            ),
            ("customers", "integer", "Customers", "customers >= 0 AND customers <= 100000"),
            ("sewer_code", "text", "Sewer it joins", "char_length(sewer_code) <= 100"),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
)


def upgrade() -> None:
    """Bring the tables to what the layer files of that day say."""
    for layer in LAYERS:
        make_table(*layer)
        op.execute(sa.select(sa.func.gis.attach_layer(sa.cast(f"{SCHEMA}.{layer[0]}", REGCLASS))))
    op.create_index(
        "fire_station_search_idx",
        "fire_station",
        [
            sa.text(
                "gis.fold_text(asset_code) gin_trgm_ops, gis.fold_text(name) gin_trgm_ops, "
                "gis.fold_text(address) gin_trgm_ops"
            )
        ],
        postgresql_using="gin",
        schema=SCHEMA,
    )
    op.create_index(
        "sewer_connection_search_idx",
        "sewer_connection",
        [
            sa.text(
                "gis.fold_text(asset_code) gin_trgm_ops, gis.fold_text(name) gin_trgm_ops, "
                "gis.fold_text(address) gin_trgm_ops"
            )
        ],
        postgresql_using="gin",
        schema=SCHEMA,
    )


def downgrade() -> None:
    """Take it back; what stands in new tables and columns is lost."""
    for layer, *_ in reversed(LAYERS):
        op.execute(sa.select(sa.func.gis.detach_layer(sa.cast(f"{SCHEMA}.{layer}", REGCLASS))))
        op.drop_table(layer, schema=SCHEMA)


def make_table(layer: str, geometry: str, title: str, columns: Sequence[Column]) -> None:
    """A layer's table with its rules and indexes.

    geom is in the city's coordinates, lonlat is kept by the database itself; neither has a type modifier, so that
    heights may be given or not.
    """
    every = (*EVERY_LAYER, *columns)
    srid = op.get_context().config.attributes["city_srid"]
    plain = Geometry(geometry_type=None, srid=-1, spatial_index=False)
    shift = sa.Computed("ST_Transform(geom, 4326)", persisted=True)
    op.create_table(
        layer,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        *(make_column(name, type_, comment) for name, type_, comment, _ in every),
        sa.Column("geom", plain, comment=f"EPSG:{srid}, easting first; heights kept where given"),
        sa.Column("lonlat", plain, shift, comment="EPSG:4326, longitude first"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{layer}_pkey")),
        sa.CheckConstraint(sa.func.st_srid(sa.column("geom")) == srid, name=op.f(f"{layer}_geom_srid_check")),
        sa.CheckConstraint(sa.func.geometrytype(sa.column("geom")) == geometry, name=op.f(f"{layer}_geom_type_check")),
        *(sa.CheckConstraint(rule, name=op.f(f"{layer}_{name}_check")) for name, _, _, rule in every if rule),
        schema=SCHEMA,
        comment=title,
    )
    both = sa.text("owner IS NOT NULL AND asset_code IS NOT NULL")
    codes = ["owner", "asset_code"]
    op.create_index(f"{layer}_owner_asset_code_idx", layer, codes, unique=True, schema=SCHEMA, postgresql_where=both)
    op.create_index(f"{layer}_place_idx", layer, ["lonlat", "geom"], schema=SCHEMA, postgresql_using="gist")


def make_column(name: str, type_: str, comment: str) -> sa.Column[Any]:
    """A column; "text required" is a text that must be given, "timestamp kept" the time at which the row was made."""
    kind, _, manner = type_.partition(" ")
    default = sa.func.now() if manner == "kept" else None
    return sa.Column(name, TYPES[kind], nullable=not manner, comment=comment, server_default=default)
