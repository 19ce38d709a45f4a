"""The tables of departments, people, grants, tokens and one-time sign-in links, in schema `gis`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
)

from gis_infra.storage.system import SYSTEM

DEPARTMENT = Table(
    "department",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("name_vi", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("contact", Text),
)

PERSON = Table(
    "person",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("full_name", Text, nullable=False),
    Column("department_id", BigInteger, ForeignKey(DEPARTMENT.c.id)),
    Column("password_hash", Text),
    Column("active", Boolean, nullable=False, server_default="true"),
    Column("session_epoch", Integer, nullable=False, server_default="0"),
    Column("failed_attempts", Integer, nullable=False, server_default="0"),
    Column("locked_until", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

ROLE_GRANT = Table(
    "role_grant",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("person_id", BigInteger, ForeignKey(PERSON.c.id, ondelete="CASCADE")),
    Column("department_id", BigInteger, ForeignKey(DEPARTMENT.c.id, ondelete="CASCADE")),
    Column("scope", Text, nullable=False),
    Column("role", Text, nullable=False),
    CheckConstraint("num_nonnulls(person_id, department_id) = 1", name="one_holder"),
    CheckConstraint("role IN ('viewer', 'editor', 'importer', 'admin')", name="role"),
    UniqueConstraint("person_id", "scope"),
    UniqueConstraint("department_id", "scope"),
)

TOKEN = Table(
    "token",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("person_id", BigInteger, ForeignKey(PERSON.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True)),
    UniqueConstraint("person_id", "name"),
)

SIGN_IN_LINK = Table(
    "sign_in_link",
    SYSTEM,
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("person_id", BigInteger, ForeignKey(PERSON.c.id, ondelete="CASCADE"), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
