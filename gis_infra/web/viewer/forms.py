"""What a form for a feature of a layer is made of: the layer's schema, and what must hold between its fields.

The schema is the one the OGC API publishes. The rest is what JSON Schema has no words for, so that the form can say as
one types what the server would say when it is sent. The server judges all the same.
"""

from typing import Any

from gis_infra.catalogue import schemas
from gis_infra.catalogue.definitions import Check, Language, Layer, Term
from gis_infra.catalogue.units import UNITS, get_ratio

Document = dict[str, Any]


def to_form(layer: Layer, language: Language) -> Document:
    """The form of a layer as JSON values.

    schema: as at `/ogc/collections/{id}/schema`. units: field -> its unit as people write it. universal: the fields
    that every layer has. usual: field -> the numbers between which most of its values lie. checks: what must hold.
    label: the field a feature is called by, null for none.
    """
    fields = [field for field in layer.fields if not field.system]
    return {
        "layer": layer.id,
        "title": layer.title.get_in(language),
        "geometry": layer.geometry,
        "label": layer.label,
        "schema": schemas.to_schema(layer, language),
        "units": {field.name: UNITS[field.unit].symbol for field in fields if field.unit is not None},
        "universal": [field.name for field in fields if field.universal],
        "usual": {field.name: list(field.usual) for field in fields if field.usual is not None},
        "checks": [to_check(check, layer, language) for check in layer.checks],
    }


def to_check(check: Check, layer: Layer, language: Language) -> Document:
    """What must hold between fields, as JSON values: two sums, compared. text: as the layer's file has it."""
    return {
        "title": check.title.get_in(language),
        "text": check.text,
        "severity": check.severity,
        "fields": list(check.field_names),
        "left": [to_term(term, check, layer) for term in check.left],
        "comparison": check.comparison,
        "right": [to_term(term, check, layer) for term in check.right],
        "tolerance": check.tolerance,
        "unless": {name: list(codes) for name, codes in check.unless.items()},
    }


def to_term(term: Term, check: Check, layer: Layer) -> Document:
    """A part of a sum. factor: what its number is multiplied with, to be in the unit of the check with its sign."""
    unit = layer.get_field(term.value).unit if term.value in check.field_names else None
    ratio = 1.0 if unit is None or check.unit is None else float(get_ratio(unit, check.unit))
    return {"value": term.value, "factor": term.sign * ratio}
