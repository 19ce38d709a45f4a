"""A contact as an administrator writes it, checked field by field. Runs nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis_infra.analysis.works.shapes import parse_shape, require_lonlat, to_city_shape
from gis_infra.errors import InvalidParameter

FIELDS = ("owner", "name", "sectors", "area", "email", "phone", "address")
LONGEST: Mapping[str, int] = {"owner": 200, "name": 200, "email": 254, "phone": 60, "address": 500}
EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;]+")
PHONE = re.compile(r"[0-9+()./ -]{3,40}(?: ?(?:x|ext\.?) ?[0-9]{1,8})?")


@dataclass(frozen=True)
class Entry:
    """What is kept of a contact. area: in the city's CRS; None: everywhere. sectors: asked even with nothing there."""

    owner: str
    name: str
    sectors: tuple[str, ...] = ()
    area: BaseGeometry | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None


def parse_entry(document: object, sectors: Iterable[str], city_srid: int) -> Entry:
    """A contact from a JSON object.

    sectors: the ids a contact may answer for. The area is a GeoJSON Polygon or MultiPolygon, longitude/latitude.
    Raises InvalidParameter, which names the field, what was found and what is allowed.
    """
    if not isinstance(document, dict):
        raise InvalidParameter("a contact must be a JSON object")
    for name in document:
        if name not in FIELDS:
            raise InvalidParameter(f"a contact has no {name!r}; it has {', '.join(FIELDS)}", where=str(name))
    return Entry(
        owner=require_text(document, "owner"),
        name=require_text(document, "name"),
        sectors=parse_sectors(document.get("sectors"), tuple(sectors)),
        area=parse_area(document.get("area"), city_srid),
        email=parse_matching(document, "email", EMAIL, "an address like ban.ky.thuat@example.vn"),
        phone=parse_matching(document, "phone", PHONE, "a number like +84 28 3829 1777"),
        address=parse_text(document, "address"),
    )


def require_text(document: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises InvalidParameter."""
    text = parse_text(document, name)
    if text is None:
        raise InvalidParameter(f"a contact needs {name}", where=name)
    return text


def parse_text(document: Mapping[str, Any], name: str) -> str | None:
    """A text without blanks around it, None if it is not given or empty. Raises InvalidParameter.

    Only an address may have several lines: everything else stands in a line of a letter or of a mail's head.
    """
    value = document.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidParameter(f"{name} must be text, got {value!r:.80}", where=name)
    text = value.replace("\r\n", "\n").strip()
    if len(text) > LONGEST[name]:
        raise InvalidParameter(f"{name} has {len(text)} letters, at most {LONGEST[name]} are allowed", where=name)
    plain = text.replace("\n", "") if name == "address" else text
    if not plain.isprintable():
        raise InvalidParameter(f"{name} must be printable text, got {text[:80]!r}", where=name)
    return text or None


def parse_matching(document: Mapping[str, Any], name: str, pattern: re.Pattern[str], like: str) -> str | None:
    """A text of a certain form, None if it is not given. Raises InvalidParameter, which says what it is like."""
    text = parse_text(document, name)
    if text is not None and pattern.fullmatch(text) is None:
        raise InvalidParameter(f"{name} must be {like}, got {text[:80]!r}", where=name)
    return text


def parse_sectors(value: object, known: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of sectors, each once, in the order of the catalogue. Raises InvalidParameter."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise InvalidParameter(f"sectors must be a list, got {value!r:.80}", where="sectors")
    for each in value:
        if each not in known:
            raise InvalidParameter(f"a sector is one of {', '.join(known)}, got {each!r:.80}", where="sectors")
    return tuple(each for each in known if each in value)


def parse_area(value: object, city_srid: int) -> BaseGeometry | None:
    """The area in the city's CRS, as a MultiPolygon. Raises InvalidParameter."""
    if value is None:
        return None
    shape = parse_shape(value)
    require_lonlat(shape)
    areas = [each for each in shapely.get_parts(to_city_shape(shape, city_srid)) if each.area > 0]
    if not areas:
        raise InvalidParameter("the area must be a Polygon or MultiPolygon", where="area")
    return shapely.MultiPolygon([part for each in areas for part in shapely.get_parts(each)])
