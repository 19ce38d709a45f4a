"""What stands around each value while the coverage files are read."""

from collections.abc import Mapping
from dataclasses import dataclass

from gis_infra.analysis.coverage.standards.model import Origin
from gis_infra.analysis.rules import rule_file
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.documents import Entry, Notes

ORIGIN_KEYS = ("source", "clause", "legal_basis", "verified", "valid_from", "valid_to")
LARGEST_DISTANCE_M = 100_000


@dataclass(frozen=True)
class Frame:
    """The layers there are, and the problems found so far in one file."""

    catalogue: Catalogue
    notes: Notes


def empty(entry: Entry) -> Entry:
    """A mapping with nothing in it, on the entry's line."""
    return Entry({}, entry.line, entry.key_line)


def parse_origin(pairs: Mapping[str, Entry], above: Origin, frame: Frame) -> Origin:
    """What `pairs` say of source and validity; what they leave out is as `above`."""
    said = rule_file.parse_origin(
        {key: value for key, value in pairs.items() if key in ORIGIN_KEYS},
        rule_file.Origin(above.source, above.legal_basis, above.verified, above.valid_from, above.valid_to),
        frame.notes,
    )
    clause = entries.take_text(pairs["clause"], "clause", frame.notes) if "clause" in pairs else above.clause
    return Origin(said.source, clause, said.legal_basis, said.verified, said.valid_from, said.valid_to)
