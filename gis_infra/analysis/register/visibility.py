"""What of an analysis an actor may see: nothing that tells of a layer or a row that is not theirs to see."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, or_

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.register.tables import CONFLICT
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.selection import select_visible


def select_visible_conflicts(
    catalogue: Catalogue, tables: LayerTables, actor: Actor, conflict: FromClause = CONFLICT
) -> ColumnElement[bool]:
    """True for conflicts of which the actor may see both layers and both assets.

    conflict: the register, or what stands for it in a statement.
    An asset that is gone from its layer is seen by those who may see every row of that layer.
    """
    left, right = (
        select_side(catalogue, tables, actor, (conflict.c[f"{side}_layer"], conflict.c[f"{side}_id"]))
        for side in ("left", "right")
    )
    return and_(left, or_(conflict.c.right_layer.is_(None), right))


def select_side(
    catalogue: Catalogue, tables: LayerTables, actor: Actor, asset: tuple[ColumnElement[Any], ColumnElement[Any]]
) -> ColumnElement[bool]:
    """True where the actor may see the asset whose layer and id stand in these two columns."""
    layer_column, id_column = asset
    whole: list[str] = []
    found: list[ColumnElement[bool]] = []
    for layer in catalogue.layers.values():
        if layer.kept is not None or not actor.is_allowed("read", layer):
            continue
        table = tables.get(layer.id)
        visible = select_visible(table, layer, actor)
        if visible is None:
            whole.append(layer.id)
        else:
            found.append(and_(layer_column == layer.id, exists().where(table.c.id == id_column, visible)))
    return or_(false(), layer_column.in_(whole), *found)
