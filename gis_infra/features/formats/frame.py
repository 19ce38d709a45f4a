"""What stands around the features of a document, whatever its format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gis_infra.features.query import FeatureQuery


@dataclass(frozen=True)
class Frame:
    """The query the features answer, and what the document says besides them.

    crs_name: the URI of the coordinates' CRS, in whose axis order they are written.
    members: what a JSON document says after its features (numbers, moment, links).
    schema, xml_schema: addresses of the layer's schema as JSON Schema, and as the XML Schema of its GML.
    """

    query: FeatureQuery
    crs_name: str
    members: Mapping[str, Any] = field(default_factory=dict)
    schema: str = ""
    xml_schema: str = ""
