"""LockFeature and the locking part of GetFeatureWithLock as values. Pure.

Source: OGC 09-025r2 clauses 12 and 13; OGC 04-094 clauses 10 and 11; OGC 02-058 clauses 8.3 and 10.
"""

from dataclasses import dataclass, replace

from gis_infra.errors import InvalidParameter
from gis_infra.features.locks.taking import DURATION_S, Terms
from gis_infra.features.query import FeatureQuery
from gis_infra.web.wfs.formats import is_gml
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.features import FeatureRequest, parse_feature_request
from gis_infra.web.wfs.requests.parameters import Parameters
from gis_infra.web.wfs.requests.versions import NEWEST, Version

MINUTE_S = 60
ACTIONS = ("ALL", "SOME")
# Features past the most that a lock holds need not be looked at to see that there are too many.
EVERY = 10**9


@dataclass(frozen=True)
class LockRequest:
    """A LockFeature. queries: what to lock, whole. lock_id: of a lock that is to last anew instead, else None."""

    queries: tuple[FeatureQuery, ...]
    terms: Terms
    lock_id: str | None


def parse_lock_request(parameters: Parameters, city: City) -> LockRequest:
    """The LockFeature that parameters say. Raises as `features.parse_feature_request`, and as `parse_terms`."""
    terms = parse_terms(parameters, city.version)
    lock_id = parameters.find("LOCKID")
    if lock_id is not None:
        return LockRequest((), terms, lock_id)
    wanted = parse_feature_request(parameters, city)
    require_no_join(wanted)
    return LockRequest(tuple(replace(each.query, limit=EVERY) for each in wanted.queries), terms, None)


def require_lockable(wanted: FeatureRequest) -> None:
    """Return if features are asked for in a document that can say under which lock they are.

    Raises InvalidParameter. Source: OGC 09-025r2 clause 13.2.4.3 for numbers of features.
    """
    if wanted.hits:
        raise InvalidParameter("resultType of features to be locked is results, got hits", where="resultType")
    if not is_gml(wanted.output):
        raise InvalidParameter("features come with the id of their lock in GML only", where="outputFormat")
    require_no_join(wanted)


def require_no_join(wanted: FeatureRequest) -> None:
    """Return if each query is of one type. Raises InvalidParameter."""
    if wanted.join is not None:
        raise InvalidParameter("features are locked by queries of one type each, not by a join", where="typeNames")


def parse_terms(parameters: Parameters, version: Version) -> Terms:
    """How long and how strictly to lock. The time is in seconds since 2.0.0, in minutes before.

    Raises InvalidParameter.
    """
    action = (parameters.find("LOCKACTION") or "ALL").upper()
    if action not in ACTIONS:
        raise InvalidParameter(f"lockAction is ALL or SOME, got {action[:40]!r}", where="lockAction")
    asked = parameters.find_whole("EXPIRY")
    unit_s = 1 if version == NEWEST else MINUTE_S
    return Terms(DURATION_S if asked is None else asked * unit_s, takes_all=action == "ALL")
