"""Content for the writers of exports, made in code, as a query of the database would hand it to them."""

from dataclasses import replace

import pyarrow as pa
import shapely

from gis_infra.accounts.actor import SYSTEM
from gis_infra.features.batches import make_schema
from gis_infra.features.query import FeatureQuery
from gis_infra.transfer.exporting.content import Content, Watched
from gis_infra.transfer.exporting.survey import Survey


def make_content(layer, rows, *, srid=9210, properties=("asset_code",), with_source=False, **more):
    """What a writer gets. rows: mappings of columns, `geometry` a Shapely shape or None; ids are 1, 2, …

    more: what else `Content` has, or the survey where it is not what the rows say.
    """
    query = FeatureQuery(layer, SYSTEM, srid=srid, properties=tuple(properties))
    schema = make_schema(query, with_source=with_source)
    shapes = [row.get("geometry") for row in rows]
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    columns |= {"id": list(range(1, len(rows) + 1)), "geometry": list(map(to_wkb, shapes))}
    batch = pa.RecordBatch.from_pydict(columns, schema=schema)
    fields = tuple(layer.get_field(name) for name in schema.names if name in properties)
    survey = replace(measure(rows, schema), **more.pop("survey", {}))
    return Content(layer, fields, srid, schema, Watched(give(batch), ignore), survey, **more)


def to_wkb(shape):
    return None if shape is None else shapely.to_wkb(shape, flavor="iso")


def measure(rows, schema):
    """What the database would say of the rows."""
    shapes = [row["geometry"] for row in rows if row.get("geometry") is not None]
    texts = {
        field.name: [len(row[field.name].encode()) for row in rows if row.get(field.name) is not None]
        for field in schema
        if pa.types.is_string(field.type)
    }
    return Survey(
        features=len(rows),
        shaped=len(shapes),
        heighted=sum(shape.has_z for shape in shapes),
        points=int(shapely.get_num_coordinates(shapes).sum()),
        widths={name: max(lengths) for name, lengths in texts.items() if lengths and max(lengths)},
        too_long={name: sum(length > 254 for length in lengths) for name, lengths in texts.items()},
        largest={field.name: max(find_numbers(rows, field.name), default=0) for field in schema},
    )


def find_numbers(rows, name):
    """What is without its sign in a column of numbers."""
    return [abs(row[name]) for row in rows if isinstance(row.get(name), int | float)]


def give(*batches):
    """The batches as a generator, as the database gives them."""
    yield from batches


def ignore(rows):
    """Look at nothing."""
