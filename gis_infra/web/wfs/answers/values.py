"""The answer to GetPropertyValue: a wfs:ValueCollection, one member for each value, in GML 3.2."""

from collections.abc import Iterator
from contextlib import closing

import pyarrow as pa

from gis_infra.features.batches import ID
from gis_infra.features.formats.gml.features import (
    GmlForm,
    get_content,
    render_own,
    render_shapes,
    render_standard,
    surround,
)
from gis_infra.filters.fes.values import GEOMETRY_NAME, ID_NAME
from gis_infra.web.wfs.answers.collections import DECLARATION, FORMS, make_form, render_bindings, render_numbers
from gis_infra.web.wfs.answers.plans import Plan, Source, plan_page, read_batches
from gis_infra.web.wfs.requests.values import ValueRequest

MEMBER = ("<wfs:member>", "</wfs:member>")


def write(request: ValueRequest, source: Source) -> Iterator[bytes]:
    """The collection in pieces. Raises as `plans.plan_page`. Source: OGC 09-025r2 clause 10.3."""
    plan = plan_page(request.features, source)
    text = render_start(plan, source)
    for part, name in zip(plan.parts, request.names, strict=True):
        form = make_form(part.query, FORMS["gml32"].dialect)
        with closing(read_batches(part, source)) as batches:
            for batch in batches:
                values = render_values(batch, name, form, standard=request.standard)
                yield text.encode() + get_content(surround(values, *MEMBER))
                text = ""
    yield (text + "</wfs:ValueCollection>").encode()


def render_start(plan: Plan, source: Source) -> str:
    """The start of the collection: its numbers and links, and where the schemas are."""
    layers = list(dict.fromkeys(part.query.query.layer.id for part in plan.parts))
    form = FORMS["gml32"]
    return (
        f"{DECLARATION}<wfs:ValueCollection {render_bindings(layers, source.address, form)}"
        f"{render_numbers(plan, source, form)}>"
    )


def render_values(batch: pa.RecordBatch, name: str, form: GmlForm, *, standard: bool) -> pa.StringArray:
    """The value of a property of each feature: the property's element; of the id its text."""
    if name == ID_NAME:
        return surround(batch.column(ID).cast(pa.string()), f"{form.layer.id}.", "")
    if name == GEOMETRY_NAME:
        boxes, geometries = render_shapes(batch, form)
        return boxes[0] if standard else geometries[0]
    field = form.layer.get_field(name)
    return render_standard(batch, field, form.dialect) if standard else render_own(batch, field)
