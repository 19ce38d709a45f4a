"""The layers as a planner looks for them: by sector, how much each holds, who may see it, when it changed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gis_infra.catalogue import styles
from gis_infra.catalogue.definitions import Access, Catalogue, Field, Language, Layer, Sector, Title
from gis_infra.features.state import Tally
from gis_infra.spatial.boxes import Bbox
from gis_infra.web.ogcapi.pages.formatting import NOTHING, Shown, format_moment, format_number, get_unit

DEGREES = 5  # decimals of a place: a metre


@dataclass(frozen=True)
class Card:
    """One layer in the list.

    other_title: in the language the page is not in. changed: the last change; NOTHING if there was none, or the reader
    may not know.
    """

    id: str
    title: str
    other_title: str
    count: str
    is_empty: bool
    geometry: str
    access: Access
    changed: Shown
    legend: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Shelf:
    """One sector with its layers; colour: "#rrggbb"."""

    id: str
    title: str
    other_title: str
    color: str
    cards: tuple[Card, ...]

    @property
    def has_changes(self) -> bool:
        """Whether the reader may know of any of its layers when it changed."""
        return any(card.changed.text for card in self.cards)


@dataclass(frozen=True)
class FieldLine:
    """One property of a layer, as a line of the table that explains them."""

    name: str
    title: str
    other_title: str
    type: str
    unit: str
    limits: str
    description: str
    is_required: bool
    is_system: bool
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LayerView:
    """All that the page of one layer shows besides its document.

    extent: for people; box: for the map, xmin,ymin,xmax,ymax in degrees. Both are empty where there is nothing.
    """

    card: Card
    sector: Sector
    extent: str
    box: str
    fields: tuple[FieldLine, ...]


def make_shelves(
    catalogue: Catalogue,
    layers: Sequence[Layer],
    tallies: Mapping[str, Tally],
    changes: Mapping[str, datetime],
    language: Language,
) -> tuple[Shelf, ...]:
    """The sectors that have a layer among `layers`, in the catalogue's order. tallies, changes: by layer id."""
    shelves = []
    for sector in catalogue.sectors.values():
        cards = tuple(
            make_card(each, tallies[each.id], changes.get(each.id), language)
            for each in layers
            if each.sector == sector.id
        )
        if cards:
            title, other = pair(sector.title, language)
            shelves.append(Shelf(sector.id, title, other, sector.color, cards))
    return tuple(shelves)


def make_layer_view(
    catalogue: Catalogue, layer: Layer, tally: Tally, changed_at: datetime | None, language: Language
) -> LayerView:
    """The page of one layer. changed_at: None if the reader may not know."""
    box = tally.extent
    return LayerView(
        card=make_card(layer, tally, changed_at, language),
        sector=catalogue.sectors[layer.sector],
        extent=format_extent(box, language),
        box="" if box is None else f"{box.xmin!r},{box.ymin!r},{box.xmax!r},{box.ymax!r}",
        fields=list_fields(layer, language),
    )


def make_card(layer: Layer, tally: Tally, changed_at: datetime | None, language: Language) -> Card:
    """One layer's card. changed_at: None if the reader may not know."""
    title, other = pair(layer.title, language)
    return Card(
        id=layer.id,
        title=title,
        other_title=other,
        count=format_number(tally.features, language),
        is_empty=tally.features == 0,
        geometry=layer.geometry,
        access=layer.access,
        changed=show_moment(changed_at, language),
        legend=make_legend(layer, language),
    )


def pair(title: Title, language: Language) -> tuple[str, str]:
    """A title in the page's language, and in the other; empty where both are the same."""
    here, there = (title.vi, title.en) if language == "vi" else (title.en, title.vi)
    return here, "" if here == there else there


def show_moment(moment: datetime | None, language: Language) -> Shown:
    """A moment for people and for machines; nothing for none."""
    return NOTHING if moment is None else Shown(format_moment(moment, language), moment=moment.isoformat())


def make_legend(layer: Layer, language: Language) -> tuple[Mapping[str, Any], ...]:
    """The legend of a layer with a picture of each entry in numbers a template can draw: 22 by 14 units."""
    return tuple({**each, **draw(each)} for each in styles.to_legend(layer, language))


def draw(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The width and the dashes of an entry's line, as on the map, kept to what a swatch has room for."""
    width = min(max(float(entry.get("width", 2)), 1.5), 5.0)
    return {"width": width, "dashes": " ".join(f"{part * width:g}" for part in entry.get("dash", ()))}


def list_fields(layer: Layer, language: Language) -> tuple[FieldLine, ...]:
    """The layer's properties, its own first, with what may stand in them."""
    return tuple(make_field_line(each, language) for each in layer.fields)


def make_field_line(field: Field, language: Language) -> FieldLine:
    """One property's line."""
    title, other = pair(field.title, language)
    return FieldLine(
        name=field.name,
        title=title,
        other_title=other,
        type=field.type,
        unit=get_unit(field),
        limits=format_limits(field, language),
        description=field.description.get_in(language) if field.description is not None else "",
        is_required=field.required,
        is_system=field.system,
        codes=tuple((code, meaning.get_in(language)) for code, meaning in field.codes.items()),
    )


def format_limits(field: Field, language: Language) -> str:
    """Between what a number must lie, such as "15 – 4.000", "≥ 0"; empty where anything may stand."""
    low, high = (None if bound is None else format_number(bound, language) for bound in (field.minimum, field.maximum))
    if low is not None and high is not None:
        return f"{low} – {high}"
    return f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else ""


def format_extent(box: Bbox | None, language: Language) -> str:
    """A box for people: west and south, then east and north, in degrees; empty for none."""
    if box is None:
        return ""
    west, south, east, north = (
        format_number(each, language, DEGREES) for each in (box.xmin, box.ymin, box.xmax, box.ymax)
    )
    return f"{west} – {east} · {south} – {north}"


def list_style_fields(layer: Layer) -> tuple[str, ...]:
    """The properties that the layer's colours and widths go by."""
    _, symbol = styles.get_symbol(layer)
    return tuple(str(symbol[key]) for key in ("color_by", "width_by") if key in symbol)
