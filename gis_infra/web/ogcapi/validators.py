"""What tells one state of a feature from another: ETag and Last-Modified, and the conditions that name them.

An ETag is the version of the feature and, where there is a body, a digest of it: strong, and another for each language,
CRS and format. A condition on a change is held to the version alone, whichever representation the caller read, and
whatever a proxy did to it on the way. Source: RFC 9110, clauses 8.8 and 13.
"""

import re
from datetime import datetime
from hashlib import blake2b

from flask import Response, request

from gis_infra.features.changing.changes import Expected
from gis_infra.features.history import to_version

BETWEEN = "-"
VERSION = re.compile(r"\d*")  # at the start of an ETag; what follows tells representations and codings apart
DIGEST_BYTES = 12
READING = frozenset({"GET", "HEAD"})


def tag(response: Response, updated_at: datetime | None) -> Response:
    """The representation of a feature with its validators; 304 without a body if a reader has it already.

    updated_at: since when the feature is so; None leaves the answer as it is.
    """
    if updated_at is None:
        return response
    mark(response, updated_at, digest(response.get_data()))
    if request.method in READING:
        response.make_conditional(request)
    return response


def mark(response: Response, updated_at: datetime, representation: str = "") -> None:
    """Put the validators on an answer. representation: what tells its body from others of the same feature."""
    response.set_etag(f"{to_version(updated_at)}{representation}")
    response.last_modified = updated_at


def digest(body: bytes) -> str:
    """What tells a body from any other, as the end of an ETag."""
    return BETWEEN + blake2b(body, digest_size=DIGEST_BYTES).hexdigest()


def read_expected() -> Expected | None:
    """How the caller of this request last saw the feature, None if nothing is said of it.

    If-Unmodified-Since counts only without If-Match, and not if it is no date. Source: RFC 9110, clause 13.1.4.
    """
    if "If-Match" in request.headers:
        given = request.if_match
        if given.star_tag:
            return None  # any version will do, and there must be one, which is asked anyway
        # An empty tag, which is one of nothing, is None to the framework.
        named = [each for each in given.as_set(include_weak=True) if each]
        return Expected(versions=frozenset(map(take_version, named)))
    since = request.if_unmodified_since
    return Expected(unmodified_since=since) if since is not None else None


def take_version(etag: str) -> str:
    """The version an ETag is of, "" if it is none of ours."""
    match = VERSION.match(etag)
    return match[0] if match is not None else ""
