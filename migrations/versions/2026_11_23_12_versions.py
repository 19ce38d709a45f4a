"""Versions that say who made them, when and by what; and layers of any moment found by an index."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_12"
down_revision = "2026_11_23_11"
branch_labels = None
depends_on = None

HISTORY = "history"
# Functions with the rights of their owner look last among the temporary objects of whoever sets them off, as the
# migration before the last one says; those made anew here look there first.
DEFINERS = sa.text(
    """
    SELECT oid::regprocedure::text AS signature, split_part(setting, '=', 2) AS path
    FROM pg_proc CROSS JOIN unnest(proconfig) AS setting
    WHERE pronamespace = CAST('gis' AS regnamespace) AND prosecdef
      AND setting LIKE 'search_path=%' AND setting NOT LIKE '%pg_temp'
    ORDER BY signature
    """
)


def upgrade() -> None:
    """Make it, for every layer there is."""
    run("2026_11_23_12_versions.sql")
    look_there_last()


def downgrade() -> None:
    """Take it away; who put features in is lost, but for imports."""
    for layer in sorted(sa.inspect(op.get_bind()).get_table_names(schema=HISTORY)):
        op.drop_index(f"{layer}_place_idx", layer, schema=HISTORY)
        op.drop_index(f"{layer}_ended_at_idx", layer, schema=HISTORY)
    run("2026_11_23_12_versions_back.sql")
    look_there_last()


def run(name: str) -> None:
    """Run the statements of a file beside this one."""
    op.execute(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def look_there_last() -> None:
    """Name the temporary objects as the last place to look."""
    for function in op.get_bind().execute(DEFINERS).all():
        op.execute(f"ALTER FUNCTION {function.signature} SET search_path = {function.path}, pg_temp")
