"""Temporary tables an analysis works in; they end with its transaction.

Geometries are in the city's CRS, easting first, without heights.
"""

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Boolean, Column, Connection, Double, Integer, MetaData, Table, Text

SCRATCH = MetaData()


def make_geometry() -> Geometry:
    """A geometry column of any type; no index, for every statement here reads the whole table."""
    return Geometry(geometry_type=None, srid=-1, spatial_index=False)


def make_table(name: str, *columns: Column[object]) -> Table:
    """A temporary table that is dropped when the transaction ends."""
    return Table(name, SCRATCH, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


CANDIDATE = make_table(
    "candidate",
    Column("number", Integer, comment="Place of the rule among those of the run"),
    Column("parallel", Boolean, comment="Only where the two run side by side"),
    Column("joinable", Boolean, comment="Being joined, or in one tunnel, exempts"),
    Column("required_m", Double),
    Column("left_layer", Text),
    Column("left_id", BigInteger),
    Column("left_code", Text),
    Column("left_owner", Text),
    Column("left_geom", make_geometry()),
    Column("left_radius_m", Double),
    Column("right_layer", Text),
    Column("right_id", BigInteger),
    Column("right_code", Text),
    Column("right_owner", Text),
    Column("right_geom", make_geometry()),
    Column("right_radius_m", Double),
    Column("same_sector", Boolean),
)

FINDING = make_table(
    "finding",
    Column("number", Integer),
    Column("required_m", Double),
    Column("distance_m", Double),
    Column("length_m", Double),
    Column("place", make_geometry()),
    Column("reach", make_geometry()),
    Column("left_layer", Text),
    Column("left_id", BigInteger),
    Column("left_code", Text),
    Column("left_owner", Text),
    Column("right_layer", Text),
    Column("right_id", BigInteger),
    Column("right_code", Text),
    Column("right_owner", Text),
)

CONTAINER = make_table("container", Column("area", make_geometry()))

SAID = make_table(
    "said",
    Column("number", Integer),
    Column("pack", Text),
    Column("rule", Text),
    Column("kind", Text),
    Column("rule_title_vi", Text),
    Column("rule_title_en", Text),
    Column("clause", Text),
    Column("source", Text),
    Column("legal_basis", Text),
    Column("verified", Boolean),
)

FACILITY = make_table(
    "facility",
    Column("id", BigInteger),
    Column("geom", make_geometry()),
    Column("distance_m", Double),
)

DEMAND = make_table(
    "demand",
    Column("id", BigInteger),
    Column("place", make_geometry(), comment="A point"),
    Column("people", BigInteger),
    Column("ward", BigInteger),
    Column("served", Boolean),
)

WARD = make_table(
    "ward",
    Column("id", BigInteger),
    Column("code", Text),
    Column("name", Text),
    Column("geom", make_geometry()),
    Column("gap", make_geometry(), comment="The part no facility reaches"),
)


def make_scratch(connection: Connection, *tables: Table) -> None:
    """Make the temporary tables in the connection's transaction."""
    SCRATCH.create_all(connection, tables=list(tables), checkfirst=False)
