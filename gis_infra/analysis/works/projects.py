"""A works project of the city as planned works, so that one kept and one drawn are checked alike."""

from typing import Any

import shapely
from sqlalchemy import Connection, func, select

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.works.shapes import require_few, require_reasonable
from gis_infra.analysis.works.works import Works
from gis_infra.errors import InvalidParameter, UnknownFeature
from gis_infra.features.selection import select_visible
from gis_infra.filters.places import mend

LAYER = "works_project"


def get_project(connection: Connection, ground: Ground, actor: Actor, project_id: int) -> Works:
    """The works project with that id.

    Raises UnknownFeature if there is none the actor may see, InvalidParameter if it lies nowhere or is too large.
    """
    layer = ground.catalogue.get_layer(LAYER)
    actor.require("read", layer)
    table = ground.tables.get(LAYER)
    visible = select_visible(table, layer, actor)
    conditions = [table.c.id == project_id] + ([] if visible is None else [visible])
    row = connection.execute(select(table, func.st_asbinary(table.c.geom).label("wkb")).where(*conditions)).first()
    if row is None:
        raise UnknownFeature(f"there is no works project {project_id}", where="project")
    if row.wkb is None:
        raise InvalidParameter(f"works project {project_id} has no geometry", where="project")
    return to_works(row)


def to_works(row: Any) -> Works:
    """One row of the layer. Raises InvalidParameter if its shape is too large."""
    shape = shapely.force_2d(shapely.from_wkb(bytes(row.wkb)))
    require_few(int(shapely.get_num_coordinates(shape)))
    shape = mend(shape, "project")
    require_reasonable(shape)
    return Works(
        shape=shape,
        depth_m=row.depth_m,
        method=row.method or "open_cut",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        name=row.name or row.asset_code,
        applicant=row.applicant,
        project=row.id,
        phase=row.phase,
    )
