"""Frozen values as documents that JSON can hold, and back: what is kept of a run, so that it can be made again.

Shapes are written as hexadecimal WKB in the city's CRS, so that not a digit is lost.
"""

import datetime
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis_infra.analysis.coverage.runs.orders import Drawn, SitesOrder, WhatIf
from gis_infra.analysis.rules.model import Condition, Member


def to_document(value: Any) -> Any:
    """A value as JSON holds it; sets in order, what is not a number as null. Raises TypeError for what it cannot be."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_document(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, BaseGeometry):
        return shapely.to_wkb(value, hex=True)
    if isinstance(value, Mapping):
        return {str(key): to_document(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(to_document(each) for each in value)
    if isinstance(value, tuple | list):
        return [to_document(each) for each in value]
    return to_scalar(value)


def to_scalar(value: Any) -> Any:
    """A single value as JSON holds it. Raises TypeError."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} cannot be kept with a run")


def parse_what_if(document: Mapping[str, Any] | None) -> WhatIf:
    """The assumptions of a run as they were."""
    if document is None:
        return WhatIf()
    closing = document["closing"]
    return WhatIf(
        drawn=tuple(
            Drawn(shapely.from_wkb(each["shape"]), each["reach"], each["capacity"]) for each in document["drawn"]
        ),
        layers=tuple(parse_member(each) for each in document["layers"]),
        planned=document["planned"],
        without=tuple(document["without"]),
        closed=tuple(document["closed"]),
        closing=None if closing is None else shapely.from_wkb(closing),
    )


def parse_sites(document: Mapping[str, Any] | None) -> SitesOrder | None:
    """The search for sites as it was asked for."""
    if document is None:
        return None
    return SitesOrder(
        n=document["n"],
        source=document["source"],
        points=tuple((x, y) for x, y in document["points"]),
        spacing_m=document["spacing_m"],
        member=None if document["member"] is None else parse_member(document["member"]),
    )


def parse_member(document: Mapping[str, Any]) -> Member:
    """A part of a layer."""
    where = (
        Condition(each["field"], each["operator"], tuple(each["values"]), each["number"]) for each in document["where"]
    )
    return Member(document["layer"], tuple(where))
