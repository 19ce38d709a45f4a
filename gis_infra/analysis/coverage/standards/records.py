"""Standards read back from the plain documents that runs keep of them, so that a run can be made again as it was.

A document is what JSON holds of a value: its fields by name, sets as lists, days as text.
"""

import datetime
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

Standard = TypeVar("Standard")


def read_record(kind: type[Standard], document: Mapping[str, Any]) -> Standard:
    """The value of a dataclass of `standards.model` that a document was made of.

    A field that the document does not have is as the dataclass says: it is younger than the run.
    Raises TypeError where the document is not of this kind.
    """
    found: Standard = read_value(kind, document)
    return found


def read_value(kind: Any, document: Any) -> Any:
    """One value of a type, from what JSON holds of it. Raises TypeError."""
    kinds = get_args(kind) if get_origin(kind) is UnionType else (kind,)
    if document is None and NoneType in kinds:
        return None
    kind = next(each for each in kinds if each is not NoneType)
    if is_dataclass(kind) and isinstance(document, Mapping):
        hints = get_type_hints(kind)
        known = [each.name for each in fields(kind) if each.name in document]
        return kind(**{name: read_value(hints[name], document[name]) for name in known})  # type: ignore[operator]  # a dataclass
    if get_origin(kind) is not None and get_origin(kind) is not Literal:
        return read_several(kind, document)
    return read_single(kind, document)


def read_several(kind: Any, document: Any) -> Any:
    """A tuple, set or mapping of values of one type. Raises TypeError."""
    holder, inner = get_origin(kind), get_args(kind)
    if not isinstance(document, Mapping if issubclass(holder, Mapping) else list):
        raise TypeError(f"{document!r} is not of {kind}")
    if isinstance(document, Mapping):
        return {key: read_value(inner[1], each) for key, each in document.items()}
    return holder(read_value(inner[0], each) for each in document)


def read_single(kind: Any, document: Any) -> Any:
    """A number, text, day or word. Raises TypeError."""
    if kind is datetime.date and isinstance(document, str):
        return datetime.date.fromisoformat(document)
    if kind is float and isinstance(document, int | float):
        return float(document)
    if get_origin(kind) is Literal and document in get_args(kind):
        return document
    if isinstance(kind, type) and isinstance(document, kind):
        return document
    raise TypeError(f"{document!r} is not of {kind}")
