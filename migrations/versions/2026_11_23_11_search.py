"""Search that minds neither capitals nor accents: `Nguyen Hue` finds `Nguyễn Huệ`; and arithmetic for filters."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_11"
down_revision = "2026_11_23_10"
branch_labels = None
depends_on = None

SCHEMA = "infra"
SEARCHED = ("asset_code", "name", "street", "address")  # those of them that a layer has, in the order of its columns
FUNCTIONS = (
    "gis.calculate(text, double precision, double precision)",
    "gis.to_double(numeric)",
    "gis.fold_text(text)",
    "gis.fold_accents(text)",
    "gis.fold_case(text)",
)


def upgrade() -> None:
    """Make it."""
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    for layer in list_layers():
        folded = ", ".join(f"gis.fold_text({name}) gin_trgm_ops" for name in list_searched(layer))
        op.create_index(f"{layer}_search_idx", layer, [sa.text(folded)], schema=SCHEMA, postgresql_using="gin")


def downgrade() -> None:
    """Take it away; the extension stays, because others may use it."""
    for layer in list_layers():
        op.drop_index(f"{layer}_search_idx", layer, schema=SCHEMA)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")


def list_layers() -> list[str]:
    """The layers' tables that are there."""
    return sorted(sa.inspect(op.get_bind()).get_table_names(schema=SCHEMA))


def list_searched(layer: str) -> list[str]:
    """The columns of a layer that are searched."""
    columns = sa.inspect(op.get_bind()).get_columns(layer, schema=SCHEMA)
    return [column["name"] for column in columns if column["name"] in SEARCHED]
