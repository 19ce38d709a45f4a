"""What a run is narrowed to: the assets that changed. All others are still there, as what they stand against."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, ColumnElement, FromClause, Text, literal, select

from gis_infra.analysis.scratch import make_table

FOCUS = make_table(
    "focus",
    Column("layer", Text, comment="Layer of an asset that changed"),
    Column("id", BigInteger, comment="Its id; every asset is here once"),
)


@dataclass(frozen=True)
class Focus:
    """Only findings that have at least one of the assets of the temporary table `focus`.

    Whoever asks for it makes that table in the transaction (`make_scratch(connection, FOCUS)`) and fills it. layers:
    those it has assets of; what joins none of these is not looked at.
    """

    layers: frozenset[str]

    def is_touched(self, *layers: str) -> bool:
        """Whether a finding between assets of these layers may have one of the assets."""
        return not self.layers.isdisjoint(layers)

    def select_in(self, layer_id: str, table: FromClause) -> ColumnElement[bool]:
        """True for rows of a layer that are among the assets."""
        if layer_id not in self.layers:
            return literal(False)
        return table.c.id.in_(select(FOCUS.c.id).where(FOCUS.c.layer == layer_id))
