"""Which column of a file goes into which field of a layer.

What somebody says comes first; then names, from the surest way of knowing one to the weakest (`knowing`). A column that
is known by nothing, or by a name two fields have, is kept, not lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as make_field

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.transfer.cleaning.dates import DateOrder
from gis_infra.transfer.mapping import knowing, saying
from gis_infra.transfer.request import Reading

KEPT = "kept as it is"


@dataclass(frozen=True)
class MappedColumn:
    """One column of the file and the field it goes into; field is None for a column that is kept as it is.

    reason: how that is known. unit: what its numbers are in, None where that is the field's own unit. codes: value ->
    code, as somebody said; "" stands for no value. date_order: how 03/04/2020 is read, None where nobody said; "unsure"
    refuses such dates.
    """

    column: str
    field: Field | None
    reason: str
    unit: str | None = None
    codes: Mapping[str, str] = make_field(default_factory=dict)
    date_order: DateOrder | None = None


@dataclass(frozen=True)
class Mapped:
    """Every column of a file, in file order.

    notes: what was decided of columns beyond their fields. warnings: what looks wrong with a column as a whole, such
    as numbers that are odd in their unit.
    """

    columns: tuple[MappedColumn, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def taken(self) -> tuple[MappedColumn, ...]:
        """The columns that go into a field."""
        return tuple(each for each in self.columns if each.field is not None)

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns that go into `source_attributes`."""
        return tuple(each.column for each in self.columns if each.field is None)


def map_columns(layer: Layer, columns: Sequence[str], reading: Reading) -> Mapped:
    """Where each column goes.

    reading: what is said of columns, their units and values; the rest of it is not asked here.
    Raises InvalidParameter for a column the file does not have, a field nobody may write, a unit or a code that cannot
    be; UnknownProperty for a field the layer does not have.
    """
    asked = saying.resolve_mapping(layer, columns, reading)
    chosen = {column: MappedColumn(column, field, "as asked") for column, field in asked.items()}
    guess(layer, columns, chosen)
    found = tuple(chosen.get(column, MappedColumn(column, None, KEPT)) for column in columns)
    absent = saying.list_absent(columns, reading)
    notes = (f"the profile names columns the file does not have: {', '.join(absent)}",) if absent else ()
    return Mapped(tuple(add_what_is_said(found, columns, reading)), notes)


def guess(layer: Layer, columns: Sequence[str], chosen: dict[str, MappedColumn]) -> None:
    """Choose a field for each column that has none yet, the surest ways of knowing first."""
    names = knowing.list_known_names(layer)
    taken = {each.field.name for each in chosen.values() if each.field is not None}
    for know in knowing.WAYS:
        for column in columns:
            # A column whose best guess is a field that has its column already is kept, not passed on to the next best.
            if column in chosen or not (known := know(column, names)):
                continue
            if len(known) > 1:
                could_be = " or ".join(each.field.name for each in known)
                chosen[column] = MappedColumn(column, None, f"{KEPT}: it could be {could_be}, {known[0].reason}")
            elif known[0].field.name not in taken:
                chosen[column] = MappedColumn(column, known[0].field, known[0].reason, known[0].unit)
                taken.add(known[0].field.name)


def add_what_is_said(found: Sequence[MappedColumn], columns: Sequence[str], reading: Reading) -> list[MappedColumn]:
    """The columns with the units, orders of dates and codes somebody said. Raises InvalidParameter."""
    fields = {each.column: each.field for each in found}
    units = saying.resolve_units(fields, columns, reading)
    codes = saying.resolve_codes(fields, columns, reading)
    orders: dict[str, DateOrder] = {}
    for column, said in units.items():
        if said in saying.DATE_ORDERS:
            orders[column] = saying.DATE_ORDERS[said]
    return [
        replace(
            each,
            unit=units.get(each.column, each.unit) if each.column not in orders else None,
            codes=codes.get(each.column, {}),
            date_order=orders.get(each.column, each.date_order),
        )
        for each in found
    ]
