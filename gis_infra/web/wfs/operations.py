"""The operations, in which versions there are, and who answers them: one line each."""

from collections.abc import Callable
from dataclasses import dataclass

from gis_infra.web.wfs import reading
from gis_infra.web.wfs.capabilities.answering import answer_capabilities
from gis_infra.web.wfs.faults import UnknownOperation
from gis_infra.web.wfs.locks import handling as locks
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.requests.versions import NEWEST, VERSIONS, Version
from gis_infra.web.wfs.service import Answer, Service
from gis_infra.web.wfs.stored_queries import handling as stored
from gis_infra.web.wfs.transactions import handling


@dataclass(frozen=True)
class Operation:
    """One operation, by its name in the standard. changes: whether it is more than a look, also where a URL asks."""

    name: str
    answer: Callable[[Request, Service], Answer]
    versions: tuple[Version, ...] = VERSIONS
    changes: bool = False


OPERATIONS = (
    Operation("GetCapabilities", answer_capabilities),
    Operation("DescribeFeatureType", reading.answer_description),
    Operation("GetFeature", reading.answer_features),
    Operation("GetPropertyValue", reading.answer_values, (NEWEST,)),
    Operation("Transaction", handling.answer_transaction, changes=True),
    Operation("LockFeature", locks.answer_lock, changes=True),
    Operation("GetFeatureWithLock", locks.answer_features, changes=True),
    Operation("ListStoredQueries", stored.answer_list, (NEWEST,)),
    Operation("DescribeStoredQueries", stored.answer_descriptions, (NEWEST,)),
    Operation("CreateStoredQuery", stored.answer_creation, (NEWEST,), changes=True),
    Operation("DropStoredQuery", stored.answer_drop, (NEWEST,), changes=True),
)


def get_operation(request: Request) -> Operation:
    """The operation a request asks for. Raises UnknownOperation if its version has none of that name."""
    for each in OPERATIONS:
        if each.name.lower() == request.operation and request.version in each.versions:
            return each
    name = request.parameters.require("REQUEST")[:60]
    raise UnknownOperation(f"there is no operation {name!r} here in WFS {request.version}", where=name)
