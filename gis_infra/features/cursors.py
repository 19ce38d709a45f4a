"""Cursors as text: what a link to the next page carries. Opaque to clients, bounded in length, and never trusted.

A cursor says a place and gives no right: whatever it holds, the query around it decides what may be seen. One that was
tampered with is refused or names another place, as any offset does.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import date
from typing import TypeGuard

import orjson

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import CallerError, InvalidParameter
from gis_infra.features.paging import ID
from gis_infra.features.query import Cursor, KeyValue, SortKey
from gis_infra.filters.values import PARSERS, parse_text

LONGEST_CURSOR = 20_000
# Longer text stands in no cursor: eight keys of it would no longer fit into an address.
LONGEST_KEY = 500
LARGEST_ID = 2**63 - 1


def find_text(cursor: Cursor, layer: Layer, sort: Sequence[SortKey]) -> str | None:
    """The cursor as text for an address; None if the order is one that cursors cannot say.

    That is known of the order, not of the row, so that a reader who began with cursors never runs out of them.
    """
    if not is_sayable(layer, sort):
        return None
    values = [value.isoformat() if isinstance(value, date) else value for value in cursor.values]
    document = [int(cursor.backwards), name_order(sort), cursor.id, *values]
    return base64.urlsafe_b64encode(orjson.dumps(document)).rstrip(b"=").decode()


def is_sayable(layer: Layer, sort: Sequence[SortKey]) -> bool:
    """Whether cursors of this order are short enough for an address. Raises UnknownProperty."""
    fields = [layer.get_field(key.name) for key in sort if key.name != ID]
    return all(field.type != "text" or (field.max_length or LONGEST_CURSOR) <= LONGEST_KEY for field in fields)


def name_order(sort: Sequence[SortKey]) -> str:
    """An order as the parameter `sortby` says it."""
    return ",".join(f"-{key.name}" if key.descending else key.name for key in sort)


def parse(text: str, layer: Layer, sort: Sequence[SortKey]) -> Cursor:
    """The cursor that `find_text` wrote for this order.

    Raises InvalidParameter for anything else, and for a cursor of another order; UnknownProperty.
    """
    parts = parse_document(text)
    if len(parts) != len(sort) + 3 or parts[1] != name_order(sort):
        raise InvalidParameter("this cursor belongs to a page that was sorted otherwise", where="cursor")
    backwards, _, feature_id, *values = parts
    if backwards not in (0, 1) or not is_id(feature_id):
        raise refuse()
    keys = tuple(parse_key(layer, key, value) for key, value in zip(sort, values, strict=True))
    return Cursor(keys, feature_id, backwards == 1)


def parse_document(text: str) -> list[object]:
    """The parts of a cursor. Raises InvalidParameter for text that has none."""
    if len(text) > LONGEST_CURSOR or not text.isascii():
        raise refuse()
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, orjson.JSONDecodeError):
        raise refuse() from None
    if not isinstance(parts, list):
        raise refuse()
    return parts


def parse_key(layer: Layer, key: SortKey, value: object) -> KeyValue:
    """The value of one key, in the type of its field. Raises InvalidParameter."""
    if value is None:
        return None
    if key.name == ID:
        if is_id(value):
            return value
        raise refuse()
    field = layer.get_field(key.name)
    if not isinstance(value, str | int | float):
        raise refuse()
    try:
        # A code that is no longer in the list has its place in the order all the same.
        return parse_text(field, value) if field.type == "code" else PARSERS[field.type](field, value)
    except CallerError:
        raise refuse() from None


def is_id(value: object) -> TypeGuard[int]:
    """Whether a value can be the id of a feature."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_ID


def refuse() -> InvalidParameter:
    """The error for what is no cursor of ours."""
    return InvalidParameter("cursor is none that a page of this service gave; begin at the first page", where="cursor")
