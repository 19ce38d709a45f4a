"""What a filter may name in a layer: its id, its attributes and its geometry, each with the kind of its values."""

from dataclasses import dataclass

from gis_infra.catalogue.definitions import Field, Layer, Title
from gis_infra.filters.functions import ArgumentKind
from gis_infra.filters.sql.terms import ID, KIND_OF_FIELD

GEOMETRY = "geom"


@dataclass(frozen=True)
class Queryable:
    """One name of a filter.

    field: the attribute it is; None for the id and the geometry, which are no attributes.
    """

    name: str
    title: Title
    kind: ArgumentKind
    field: Field | None = None


def list_queryables(layer: Layer) -> tuple[Queryable, ...]:
    """Every name a filter may use on the layer: the id, then the attributes in their order, then the geometry.

    The geometry may be called `geometry` as well.
    Source: OGC 19-079r2, /req/queryables/get-conformance and /req/queryables-query-parameters.
    """
    return (
        Queryable(ID, Title("Mã đối tượng", "Feature id"), "integer"),
        *(Queryable(each.name, each.title, KIND_OF_FIELD[each.type], each) for each in layer.fields),
        Queryable(GEOMETRY, Title("Hình học", "Geometry"), "geometry"),
    )
