"""Functions with the rights of their owner look last among the temporary objects of whoever sets them off.

PostgreSQL looks there first for tables and types, unless told otherwise. An account with rights on one layer could put
a temporary view in the place of `pg_attribute`, and have a trigger run its code with the rights of the owner.
Source: PostgreSQL manual, CREATE FUNCTION, "Writing SECURITY DEFINER Functions Safely".
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_10"
down_revision = "2026_11_23_09"
branch_labels = None
depends_on = None

DEFINERS = sa.text(
    """
    SELECT oid::regprocedure::text AS signature, split_part(setting, '=', 2) AS path
    FROM pg_proc CROSS JOIN unnest(proconfig) AS setting
    WHERE pronamespace = CAST('gis' AS regnamespace) AND prosecdef AND setting LIKE 'search_path=%'
    ORDER BY signature
    """
)
LAST = ", pg_temp"


def upgrade() -> None:
    """Name the temporary objects as the last place to look."""
    for function in op.get_bind().execute(DEFINERS).all():
        op.execute(f"ALTER FUNCTION {function.signature} SET search_path = {function.path}{LAST}")


def downgrade() -> None:
    """Name them no more."""
    for function in op.get_bind().execute(DEFINERS).all():
        op.execute(f"ALTER FUNCTION {function.signature} SET search_path = {function.path.removesuffix(LAST)}")
