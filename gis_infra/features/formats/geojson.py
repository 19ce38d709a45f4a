"""Features as GeoJSON bytes. The geometry comes from the database as text and is put in as it is.

Source: RFC 7946; members beyond it (`links`, `numberMatched`, `timeStamp`) are those of OGC 17-069r4.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from gis_infra.features.formats.frame import Frame
from gis_infra.features.formats.geojson_text import join_documents
from gis_infra.features.query import Feature, FeaturePage

OPTIONS = orjson.OPT_UTC_Z
START = b'{"type":"FeatureCollection","features":['


def render_page(page: FeaturePage, members: Mapping[str, Any]) -> bytes:
    """A FeatureCollection of the page, read with geometry_form "geojson".

    members: what else the collection says, after the features.
    """
    features = [to_document(feature) for feature in page.features]
    return render({"type": "FeatureCollection", "features": features, **members})


def write(batches: Iterable[Sequence[bytes]], frame: Frame) -> Generator[bytes, None, None]:
    """A FeatureCollection in pieces, one for each batch of documents read with geometry_form "document"."""
    before = START
    for batch in batches:
        yield join_documents(batch, before)
        before = b","
    yield (b"" if before == b"," else before) + b"]" + render_end(frame)


def write_whole(documents: Sequence[bytes], frame: Frame) -> bytes:
    """The same of all documents at once."""
    return join_documents(documents, START, b"]" + render_end(frame))


def render_end(frame: Frame) -> bytes:
    """What a collection says behind its features, with the comma before it."""
    end = render(frame.members)[1:]
    return end if end == b"}" else b"," + end


def render_feature(feature: Feature, members: Mapping[str, Any]) -> bytes:
    """One Feature; `members` is what else it says."""
    return render({**to_document(feature), **members})


def to_document(feature: Feature) -> dict[str, Any]:
    """The feature as a mapping that `render` understands."""
    return {
        "type": "Feature",
        "id": feature.id,
        "geometry": to_fragment(feature.geojson),
        "properties": feature.properties,
    }


def to_fragment(text: str | None) -> orjson.Fragment | None:
    """GeoJSON text of the database, to be put in as it is; null where coordinates are no numbers, which JSON lacks."""
    if text is None or "NaN" in text or "Infinity" in text:
        return None
    return orjson.Fragment(text)


def render(document: Mapping[str, Any]) -> bytes:
    """JSON bytes, not indented; numbers JSON has no word for become null."""
    return orjson.dumps(document, default=to_plain, option=OPTIONS)


def to_plain(value: object) -> object:
    """A value orjson does not know, as one it knows. Raises TypeError if there is none."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
