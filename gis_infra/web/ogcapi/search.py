"""Where the filter form of a layer's page is sent: it becomes the address of the items it asks for.

Served at `/collections/{id}/search` for the form alone; programs ask `/items` by `filter`, which this writes.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidParameter
from gis_infra.reports.clocks import CITY_TIME
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.pages import addresses, filtering, items
from gis_infra.web.ogcapi.pages.narrowing import SIDES
from gis_infra.web.ogcapi.parameters import require_known

OWN = frozenset({*SIDES, "expert", "as-of", "column", "limit"})
LONGEST_EXPERT = 4000


def show_search(collection_id: str) -> AnyResponse:
    """The way to the page of items that the form asks for.

    Raises UnknownLayer; InvalidParameter where a value is not of its property's type; UnknownProperty.
    """
    layer, given = get_layer(collection_id), request.args
    parts = {f"{part}.{field.name}" for part in "otv" for field in layer.fields}
    require_known(given, OWN | items.LASTING | parts)
    wanted = make_arguments(given, given.getlist("column"), layer)
    return redirect(url_for("ogcapi.show_items", collection_id=layer.id) + addresses.change(wanted, {}), code=302)


def make_arguments(given: Mapping[str, str], columns: Sequence[str], layer: Layer) -> dict[str, str]:
    """The query string of the items a form asks for. Raises InvalidParameter, UnknownProperty."""
    expert = given.get("expert", "").strip()
    if len(expert) > LONGEST_EXPERT:
        raise InvalidParameter(
            f"a condition may have {LONGEST_EXPERT} characters, this has {len(expert)}", where="expert"
        )
    wanted = {
        "filter": filtering.to_text(filtering.read_rows(given, layer), layer, expert),
        "bbox": join_corners(given),
        "as-of": end_day(given.get("as-of", "").strip()),
        "properties": ",".join(layer.get_field(name).name for name in columns),
        "limit": "" if given.get("limit") == str(items.DEFAULT_SIZE) else given.get("limit", ""),
        **addresses.narrow(given, items.LASTING | {"lang"}),
        "f": "html",
    }
    return {name: text for name, text in wanted.items() if text}


def join_corners(given: Mapping[str, str]) -> str:
    """The box of the four sides, empty where none is given. Raises InvalidParameter if only some are."""
    sides = {side: given.get(side, "").strip() for side in SIDES}
    missing = [side for side, text in sides.items() if not text]
    if len(missing) == len(SIDES):
        return ""
    if missing:
        raise InvalidParameter(f"an area has four sides; {', '.join(missing)} is missing", where=missing[0])
    return ",".join(sides.values())


def end_day(text: str) -> str:
    """The last moment of a day by the clocks of the city, empty for no day and for today, which has not ended.

    Raises InvalidParameter.
    """
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidParameter(f"as-of must be a day such as 2026-11-23, got {text[:40]!r}", where="as-of") from None
    if day == datetime.now(CITY_TIME).date():
        return ""
    return datetime.combine(day, time(23, 59, 59), CITY_TIME).isoformat()
