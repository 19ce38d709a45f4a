"""What somebody says of columns, checked against the file and the layer: fields, units, orders of dates, codes.

Every refusal says what there is, the likeliest first, since names are mistyped more often than thought up.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.catalogue.names import fold
from gis_infra.errors import InvalidParameter, UnknownProperty
from gis_infra.transfer.mapping.likeness import measure_nearness, rank_alike
from gis_infra.transfer.mapping.unit_names import parse_unit
from gis_infra.transfer.request import Reading

DATE_ORDERS: Mapping[str, Literal["dmy", "mdy"]] = {"dd/mm/yyyy": "dmy", "mm/dd/yyyy": "mdy"}


def find_column(name: str, columns: Sequence[str]) -> str | None:
    """The column called so, to the letter if there is one, else without marks and case; None if there is none."""
    if name in columns:
        return name
    return next((column for column in columns if fold(column) == fold(name) != ""), None)


def get_column(name: str, columns: Sequence[str], where: str) -> str:
    """The column called so. Raises InvalidParameter, which lists the columns, the likeliest first."""
    column = find_column(name, columns)
    if column is None:
        there = ", ".join(rank_alike(name, columns)) or "none"
        raise InvalidParameter(f"the file has no column {name!r}; it has {there}", where=where)
    return column


def get_writable(layer: Layer, name: str) -> Field:
    """The field of that name, which a file may fill.

    Raises UnknownProperty, which lists the fields that may be, the likeliest first; InvalidParameter for one the
    program keeps itself.
    """
    writable = {each.name: each for each in layer.fields if not each.system}
    if name in writable:
        return writable[name]
    if any(each.name == name for each in layer.fields):
        raise InvalidParameter(f"{name} is kept by the program itself and takes no column", where="map")
    ranked = ", ".join(sorted(writable, key=lambda ours: -measure_field_nearness(name, writable[ours])))
    raise UnknownProperty(f"layer {layer.id} has no field {name!r} to fill; it has {ranked}", where="map")


def measure_field_nearness(name: str, field: Field) -> float:
    """How near a name is to the nearest of a field's."""
    return max(measure_nearness(name, each) for each in (field.name, *field.aliases, field.title.vi, field.title.en))


def resolve_mapping(layer: Layer, columns: Sequence[str], reading: Reading) -> dict[str, Field | None]:
    """Column -> field as said, None where it is to be kept out of every field.

    A column only a profile names may be missing. Raises InvalidParameter, UnknownProperty.
    """
    chosen: dict[str, Field | None] = {}
    for theirs, ours in reading.mapping.items():
        field = get_writable(layer, ours) if ours else None
        if is_absent(theirs, columns, reading):
            continue
        column = get_column(theirs, columns, "map")
        if field is not None and any(each is field for each in chosen.values()):
            raise InvalidParameter(f"two columns are mapped to {ours}; a field takes one", where="map")
        chosen[column] = field
    return chosen


def is_absent(name: str, columns: Sequence[str], reading: Reading) -> bool:
    """Whether only a profile names the column, and this file does not have it."""
    return name in reading.remembered and find_column(name, columns) is None


def list_absent(columns: Sequence[str], reading: Reading) -> tuple[str, ...]:
    """The columns only a profile names, and the file does not have."""
    named = dict.fromkeys((*reading.mapping, *reading.units, *reading.codes))
    return tuple(name for name in named if is_absent(name, columns, reading))


def resolve_units(fields: Mapping[str, Field | None], columns: Sequence[str], reading: Reading) -> dict[str, str]:
    """Column -> unit its numbers are in, or order its dates are in. Raises InvalidParameter."""
    found: dict[str, str] = {}
    for name, unit in reading.units.items():
        if is_absent(name, columns, reading):
            continue
        column = get_column(name, columns, "unit")
        field = require_field(column, fields, "unit")
        if field.type == "date":
            found[column] = parse_order(unit, column)
        elif field.type not in {"integer", "number"}:
            raise InvalidParameter(f"{column} goes to {field.name}, which is no number and has no unit", where="unit")
        else:
            found[column] = parse_unit(unit, field.unit, column)
    return found


def parse_order(text: str, column: str) -> str:
    """The order dates are written in. Raises InvalidParameter."""
    order = text.casefold().replace("-", "/").replace(".", "/")
    if order not in DATE_ORDERS:
        allowed = " or ".join(DATE_ORDERS)
        raise InvalidParameter(f"{column} holds dates, which are {allowed}, not {text!r}", where="unit")
    return order


def resolve_codes(
    fields: Mapping[str, Field | None], columns: Sequence[str], reading: Reading
) -> dict[str, Mapping[str, str]]:
    """Column -> folded value -> code as said; "" for no value. Raises InvalidParameter."""
    found: dict[str, Mapping[str, str]] = {}
    for name, said in reading.codes.items():
        if is_absent(name, columns, reading):
            continue
        column = get_column(name, columns, "code")
        field = require_field(column, fields, "code")
        if field.type != "code":
            raise InvalidParameter(f"{column} goes to {field.name}, which has no codes", where="code")
        for code in said.values():
            require_code(code, field)
        found[column] = dict(said)
    return found


def require_field(column: str, fields: Mapping[str, Field | None], where: str) -> Field:
    """The field a column goes to. Raises InvalidParameter, which says how to name one."""
    field = fields.get(column)
    if field is None:
        message = f"{column} goes to no field, so nothing can be said of its values; add --map {column}=FIELD"
        raise InvalidParameter(message, where=where)
    return field


def require_code(code: str, field: Field) -> None:
    """Return if the field has the code, or none is meant. Raises InvalidParameter, the likeliest codes first."""
    if code and code not in field.codes:
        allowed = ", ".join(rank_alike(code, field.codes))
        raise InvalidParameter(f"{field.name} has no code {code!r}; it has {allowed}", where="code")
