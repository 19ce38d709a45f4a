"""The versions of the protocol that are spoken here, and which of them a request is in."""

from collections.abc import Mapping
from typing import Literal

from gis_infra.errors import InvalidParameter
from gis_infra.web.wfs.faults import VersionNotSpoken
from gis_infra.web.wfs.requests.parameters import Parameters, split_list

Version = Literal["2.0.0", "1.1.0", "1.0.0"]

NEWEST: Version = "2.0.0"
VERSIONS: tuple[Version, ...] = (NEWEST, "1.1.0", "1.0.0")
# What clients write, and which version it is. 2.0.2 mends the text of 2.0.0 and changes nothing that is sent.
SPELLINGS: Mapping[str, Version] = {
    "2.0.0": "2.0.0", "2.0": "2.0.0", "2.0.2": "2.0.0", "1.1.0": "1.1.0", "1.1": "1.1.0", "1.0.0": "1.0.0",
    "1.0": "1.0.0",
}  # fmt: skip
# A document that says no version is in the one its namespace belongs to; 1.0.0 always says it.
NAMESPACES: Mapping[str, Version] = {"http://www.opengis.net/wfs/2.0": "2.0.0", "http://www.opengis.net/wfs": "1.1.0"}


def find_version(parameters: Parameters) -> Version:
    """The version a request is in as far as it can be told, the newest otherwise; for the report of what is wrong."""
    return SPELLINGS.get(parameters.find("VERSION") or "", NEWEST)


def require_version(parameters: Parameters) -> Version:
    """The version a request is in; the newest if it says none. Raises InvalidParameter for one not spoken here."""
    written = parameters.find("VERSION")
    if written is None:
        return NEWEST
    if written not in SPELLINGS:
        raise InvalidParameter(f"version must be one of {', '.join(VERSIONS)}, got {written[:40]!r}", where="version")
    return SPELLINGS[written]


def negotiate(parameters: Parameters) -> Version:
    """The version of a GetCapabilities: the first the client accepts that is spoken here; else the nearest to VERSION.

    Raises VersionNotSpoken if the client accepts none of them.
    Source: OGC 09-025r2 clause 8.2 and OGC 06-121r9 clause 7.3.2; OGC 02-058 clause 6.2.4 for VERSION.
    """
    accepted = split_list(parameters.find("ACCEPTVERSIONS") or "")
    if not accepted:
        return find_nearest(parameters.find("VERSION"))
    for each in accepted:
        if each in SPELLINGS:
            return SPELLINGS[each]
    spoken = ", ".join(VERSIONS)
    raise VersionNotSpoken(
        f"this service speaks {spoken}, not {', '.join(accepted)[:60]}", where="acceptVersions"
    )  # fmt: skip


def find_nearest(written: str | None) -> Version:
    """The newest version that is not above the one written; the oldest if all are; the newest if none is written."""
    if written is None:
        return NEWEST
    if written in SPELLINGS:
        return SPELLINGS[written]
    asked = to_numbers(written)
    return next((each for each in VERSIONS if to_numbers(each) <= asked), VERSIONS[-1])


def to_numbers(version: str) -> tuple[int, ...]:
    """The parts of a version for comparison; what is no number counts as the highest."""
    return tuple(
        int(part) if part.isascii() and part.isdigit() and len(part) < 9 else 10**9 for part in version.split(".")
    )
