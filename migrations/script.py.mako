"""${message}."""
${imports if imports else ""}
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    ${upgrades if upgrades else ""}


def downgrade() -> None:
    """Take them away."""
    ${downgrades if downgrades else ""}
