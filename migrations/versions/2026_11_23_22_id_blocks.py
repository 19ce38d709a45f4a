"""Features counted by blocks of their ids, kept by triggers, so that a page far from the start is found at once."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_22"
down_revision = "2026_11_23_21"
branch_labels = None
depends_on = None

# Functions with the rights of their owner, and what they call, look last among the temporary objects of whoever sets
# them off.
DEFINERS = sa.text(
    """
    SELECT oid::regprocedure::text AS signature, split_part(setting, '=', 2) AS path
    FROM pg_proc CROSS JOIN unnest(proconfig) AS setting
    WHERE pronamespace = CAST('gis' AS regnamespace)
      AND setting LIKE 'search_path=%' AND setting NOT LIKE '%pg_temp'
    ORDER BY signature
    """
)
TRIGGER_FUNCTIONS = ("gis.number_insert()", "gis.number_delete()", "gis.number_truncate()")
FUNCTIONS = ("gis.attach_blocks(regclass)", "gis.detach_blocks(regclass)")
BACK = """
CREATE OR REPLACE FUNCTION gis.attach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.watch_layer(layer_table);
    PERFORM gis.attach_history(layer_table);
    PERFORM gis.attach_change(layer_table);
    PERFORM gis.attach_areas(layer_table);
END
$$;
CREATE OR REPLACE FUNCTION gis.detach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.detach_areas(layer_table);
    PERFORM gis.detach_change(layer_table);
    PERFORM gis.detach_history(layer_table);
    PERFORM gis.unwatch_layer(layer_table);
END
$$;
"""


def upgrade() -> None:
    """Count what there is, and go on counting."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    close_paths()


def close_paths() -> None:
    """Name the temporary objects as the last place to look."""
    for function in op.get_bind().execute(DEFINERS).all():
        op.execute(f"ALTER FUNCTION {function.signature} SET search_path = {function.path}, pg_temp")


def downgrade() -> None:
    """Take it away."""
    op.execute(BACK)
    close_paths()
    for function in TRIGGER_FUNCTIONS:  # the triggers go with their functions
        op.execute(f"DROP FUNCTION {function} CASCADE")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("layer_block", schema="gis")
