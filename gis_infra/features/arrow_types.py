"""The Arrow type of each type of field: one table for who reads, checks and converts columns."""

from collections.abc import Mapping

import pyarrow as pa

from gis_infra.catalogue.definitions import FieldType

ARROW_TYPES: Mapping[FieldType, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
