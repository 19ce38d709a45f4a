"""The rows of the filter form: one a property, with the comparisons its type allows and the codes it may have. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gis_infra.catalogue.definitions import Field, Language, Layer
from gis_infra.web.ogcapi.pages import conditions, table
from gis_infra.web.ogcapi.pages.filtering import OPERATORS, Row
from gis_infra.web.ogcapi.pages.formatting import get_unit

Words = Mapping[str, str]


@dataclass(frozen=True)
class Widget:
    """One property in the form. is_first: whether it is shown without unfolding."""

    name: str
    title: str
    type: str
    unit: str
    operators: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    operator: str
    value: str
    to: str
    is_first: bool

    @property
    def has_range(self) -> bool:
        """Whether there is a second value."""
        return any(name == "between" for name, _ in self.operators)


def make_widgets(layer: Layer, rows: Sequence[Row], words: Words, language: Language) -> tuple[Widget, ...]:
    """The rows of the form, those that are in use first, then what features are called by."""
    used = {row.name: row for row in rows}
    ordered = sorted(layer.fields, key=lambda each: (each.name not in used, each.name not in table.FIRST))
    return tuple(make_widget(each, used.get(each.name), words, language) for each in ordered)


def make_widget(field: Field, row: Row | None, words: Words, language: Language) -> Widget:
    """One property's row, as it was sent or empty."""
    names = OPERATORS[field.type]
    is_telling = not field.universal or field.name in (*table.FIRST, *table.LAST)
    shown = row if row is not None else Row(field.name, names[0])
    return Widget(
        name=field.name,
        title=field.title.get_in(language),
        type=field.type,
        unit=get_unit(field),
        operators=tuple((each, conditions.get_operator(each, field, words)) for each in names),
        codes=tuple((code, meaning.get_in(language)) for code, meaning in field.codes.items()),
        operator=shown.operator,
        value=shown.value,
        to=shown.to,
        is_first=is_telling or row is not None,
    )
