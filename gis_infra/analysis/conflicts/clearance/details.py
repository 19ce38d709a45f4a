"""What is measured of the assets of pairs: one row an asset, however many pairs it is in. Runs nothing."""

from typing import Any

from sqlalchemy import BigInteger, Double, Select, Text, cast, func, literal, null, select

from gis_infra.analysis.conflicts.accuracy import select_accuracy, select_known
from gis_infra.analysis.conflicts.clearance.assets import select_fits
from gis_infra.analysis.conflicts.clearance.joining import Joining
from gis_infra.analysis.conflicts.clearance.scratch import PARTNER
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_radius
from gis_infra.analysis.conflicts.vertical import select_heights, select_highest, select_lowest


def select_details(ground: Ground, joining: Joining, layer_id: str) -> Select[Any]:
    """The assets of a layer that are in `PARTNER`, as rows of `ASSET`."""
    table = ground.tables.get(layer_id)
    number = joining.layers.index(layer_id)
    given = ground.book.accuracy
    duct = ground.book.same.get(layer_id)
    heights = select_heights(table, layer_id, ground.book)
    return select(
        PARTNER.c.asset,
        literal(number),
        cast(literal(layer_id), Text),
        cast(literal(ground.catalogue.get_layer(layer_id).sector), Text),
        cast(table.c.id, BigInteger),
        table.c.asset_code,
        table.c.owner,
        cast(table.c[duct], Text) if duct is not None else cast(null(), Text),
        table.c.geom,
        select_fits(ground, joining, layer_id),
        cast(select_radius(table, layer_id, ground.book.sizes), Double),
        select_accuracy(table, given, "horizontal"),
        func.coalesce(select_known(table, given, "horizontal"), False),
        select_accuracy(table, given, "vertical"),
        func.coalesce(select_known(table, given, "vertical"), False),
        select_lowest(heights, table.c.geom),
        select_highest(heights, table.c.geom),
        *heights.list_columns(),
    ).select_from(table.join(PARTNER, (PARTNER.c.id == table.c.id) & (PARTNER.c.layer_number == number)))
