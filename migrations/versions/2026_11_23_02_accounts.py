"""Departments, people, grants, tokens and sign-in links."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_02"
down_revision = "2026_11_23_01"
branch_labels = None
depends_on = None

SCHEMA = "gis"
NOW = sa.text("now()")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "department",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_vi", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("contact", sa.Text),
        sa.PrimaryKeyConstraint("id", name="department_pkey"),
        sa.UniqueConstraint("code", name="department_code_key"),
        schema=SCHEMA,
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("full_name", sa.Text, nullable=False),
        sa.Column("department_id", sa.BigInteger),
        sa.Column("password_hash", sa.Text),
        sa.Column("active", sa.Boolean, nullable=False, server_default="true"),
        sa.Column("session_epoch", sa.Integer, nullable=False, server_default="0"),
        sa.Column("failed_attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("id", name="person_pkey"),
        sa.UniqueConstraint("username", name="person_username_key"),
        sa.ForeignKeyConstraint(["department_id"], ["gis.department.id"], name="person_department_id_fkey"),
        schema=SCHEMA,
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("department_id", sa.BigInteger),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="role_grant_pkey"),
        sa.ForeignKeyConstraint(["person_id"], ["gis.person.id"], name="role_grant_person_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["gis.department.id"], name="role_grant_department_id_fkey", ondelete="CASCADE"
        ),
        sa.CheckConstraint("num_nonnulls(person_id, department_id) = 1", name="role_grant_one_holder_check"),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'importer', 'admin')", name="role_grant_role_check"),
        sa.UniqueConstraint("person_id", "scope", name="role_grant_person_id_scope_key"),
        sa.UniqueConstraint("department_id", "scope", name="role_grant_department_id_scope_key"),
        schema=SCHEMA,
    )
    op.create_table(
        "token",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=NOW),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="token_pkey"),
        sa.ForeignKeyConstraint(["person_id"], ["gis.person.id"], name="token_person_id_fkey", ondelete="CASCADE"),
        sa.UniqueConstraint("secret_hash", name="token_secret_hash_key"),
        sa.UniqueConstraint("person_id", "name", name="token_person_id_name_key"),
        schema=SCHEMA,
    )
    op.create_table(
        "sign_in_link",
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="sign_in_link_pkey"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["gis.person.id"], name="sign_in_link_person_id_fkey", ondelete="CASCADE"
        ),
        schema=SCHEMA,
    )


def downgrade() -> None:
    """Take them away."""
    for name in ("sign_in_link", "token", "role_grant", "person", "department"):
        op.drop_table(name, schema=SCHEMA)
