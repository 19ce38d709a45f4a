"""The XML of a Transaction into values, in all three versions and in what clients mix of them. Pure.

Elements are known by their local names: GDAL sends version 2.0.0 in the namespace of 1.1.0, with filters of either.
Who may not change a layer is told so before what they sent for it is looked at.
"""

from collections.abc import Iterator

from lxml import etree

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import GisInfraError, InvalidParameter, UnknownLayer
from gis_infra.features.changing.changes import MOST_FAULTS, Insert
from gis_infra.features.changing.documents import MOST_FEATURES
from gis_infra.filters.fes.conditions import read_filter
from gis_infra.filters.fes.document import get_local_name, get_text
from gis_infra.filters.fes.frames import FilterFrame
from gis_infra.filters.tree import Condition, IdIn
from gis_infra.web.wfs import formats
from gis_infra.web.wfs.faults import ActionRefused, InvalidValue, MissingParameter, UnreadableRequest
from gis_infra.web.wfs.requests.types import WHERE_LISTED
from gis_infra.web.wfs.requests.versions import NEWEST
from gis_infra.web.wfs.transactions.actions import (
    Action,
    Alteration,
    Content,
    Creation,
    LockClaim,
    Mark,
    Release,
    Transaction,
    attribute,
    tell,
)
from gis_infra.web.wfs.transactions.features import OWN_NAMESPACES, read_changes, read_feature
from gis_infra.web.wfs.transactions.systems import Systems

COLLECTIONS = frozenset({"FeatureCollection", "member", "featureMember", "featureMembers"})
NEW_ID = "GenerateNew"
MOST_SEARCHES = 500


def read_transaction(root: etree._Element, systems: Systems) -> Transaction:
    """What a Transaction asks for.

    Raises UnreadableRequest, UnknownLayer, SignInNeeded, NotPermitted, InvalidParameter, InvalidCrs, InvalidValue,
    MissingParameter, ActionRefused; each names the action it is about.
    Source: OGC 09-025r2 clause 15.2; OGC 04-094 clause 12.2; OGC 02-058 clause 9.2.
    """
    systems = systems.within(root)
    claim = LockClaim(root.get("lockId") or None, parse_release(root.get("releaseAction") or "ALL"))
    actions: list[Action] = []
    require_few(len(root))
    elements = list(root)
    if elements and get_local_name(elements[0]) == "LockId":
        claim = LockClaim(get_text(elements.pop(0)) or None, claim.release)
    for number, element in enumerate(elements, 1):
        mark = Mark(get_local_name(element), number, element.get("handle", ""))
        try:
            actions += read_action(element, mark, systems)
        except GisInfraError as error:
            raise attribute(error, mark) from error
    require_few_searches(actions)
    return Transaction(tuple(actions), claim)


def parse_release(text: str) -> Release:
    """What becomes of the lock afterwards. Raises InvalidParameter."""
    if text == "ALL":
        return "ALL"
    if text == "SOME":
        return "SOME"
    raise InvalidParameter(f"releaseAction must be ALL or SOME, got {text[:40]!r}", where="releaseAction")


def require_few(number: int) -> None:
    """Return if a transaction may have so many actions, or change so many features. Raises InvalidParameter."""
    if number > MOST_FEATURES:
        raise InvalidParameter(
            f"a transaction changes at most {MOST_FEATURES} features; import more as a file", where="Transaction"
        )


def require_few_searches(actions: list[Action]) -> None:
    """Return if not too many actions have to look for what they are about. Raises InvalidParameter.

    Each is some questions to the database, and all of them one transaction, whose rows nobody else can change.
    """
    number = sum(isinstance(each, Alteration) and not isinstance(each.condition, IdIn) for each in actions)
    if number > MOST_SEARCHES:
        message = f"a transaction has at most {MOST_SEARCHES} actions that are not by ids, got {number}"
        raise InvalidParameter(message, where="Filter")


def read_action(element: etree._Element, mark: Mark, systems: Systems) -> list[Action]:
    """One action; none of a Native that may be ignored. Raises as `read_transaction` does."""
    systems = systems.within(element)
    match mark.kind:
        case "Insert":
            return [Creation(mark, tuple(read_inserts(element, systems)))]
        case "Update":
            return [read_update(element, mark, systems)]
        case "Replace" if systems.city.version == NEWEST:
            return [read_replace(element, mark, systems)]
        case "Delete":
            layer = get_layer(*find_type_name(element), systems)
            return [Alteration(mark, "Delete", layer, read_condition(require_filter(element), layer, systems))]
        case "Native":
            require_ignorable(element)
            return []
    known = "Insert, Update and Delete" + (", and Replace" if systems.city.version == NEWEST else "")
    message = f"a Transaction of {systems.city.version} has no {mark.kind[:60]}; it has {known}"
    raise UnreadableRequest(message, where=mark.kind[:60])


def require_ignorable(element: etree._Element) -> None:
    """Return if a command of some vendor's own may be left out. Raises ActionRefused: there are none here.

    Source: OGC 09-025r2 clause 15.2.8.
    """
    if element.get("safeToIgnore", "").strip().lower() not in {"true", "1"}:
        raise ActionRefused(
            f"there are no native commands of {element.get('vendorId', '')[:60]!r} here", where="Native"
        )


# --- Types, rights and conditions ---


def find_type_name(element: etree._Element) -> tuple[str | None, str]:
    """The namespace and the name of the type an action is about. Raises MissingParameter."""
    written = element.get("typeName") or element.get("typeNames")
    if not written:
        raise MissingParameter("typeName is missing", where="typeName")
    prefix, _, local = written.strip().rpartition(":")
    return element.nsmap.get(prefix or None), local


def get_layer(namespace: str | None, name: str, systems: Systems) -> Layer:
    """The layer of that name, which the actor may edit.

    Raises UnknownLayer, in the same words if it is not there and if it may not be seen; SignInNeeded, NotPermitted.
    """
    city = systems.city
    layer = city.catalogue.layers.get(name) if namespace in OWN_NAMESPACES else None
    if layer is None or not city.actor.is_allowed("read", layer):
        raise UnknownLayer(f"there is no feature type {name[:100]!r}; {WHERE_LISTED}", where="typeName")
    city.actor.require("edit", layer)
    return layer


def find_filter(element: etree._Element) -> etree._Element | None:
    """The filter of an action."""
    return next((child for child in element if get_local_name(child) == "Filter"), None)


def require_filter(element: etree._Element) -> etree._Element:
    """The filter of an action that cannot do without. Raises MissingParameter."""
    found = find_filter(element)
    if found is None:
        raise MissingParameter("the Filter that says which features are meant is missing", where="Filter")
    return found


def read_condition(element: etree._Element, layer: Layer, systems: Systems) -> Condition:
    """The condition of a filter. Raises as `filters.fes.parse_filter` does."""
    frame = FilterFrame(layer, systems.city.default_crs, easting_first=systems.city.easting_first)
    return read_filter(element, frame)


def require_format(element: etree._Element, systems: Systems) -> None:
    """Return if features are in a format that is read here: GML. Raises InvalidParameter."""
    written = element.get("inputFormat")
    if written is None:
        return
    try:
        is_read = formats.is_gml(formats.parse_output(written, systems.city.version))
    except InvalidParameter:
        is_read = False
    if not is_read:
        known = ", ".join(formats.list_schema_formats(systems.city.version))
        raise InvalidParameter(f"inputFormat {written[:60]!r} is not read; these are: {known}", where="inputFormat")


# --- The actions ---


def read_inserts(element: etree._Element, systems: Systems) -> Iterator[Insert]:
    """The new features of an Insert, as many as are told of if something is wrong with them.

    Raises as `read_transaction`.
    """
    require_format(element, systems)
    idgen = element.get("idgen", NEW_ID)
    if idgen != NEW_ID:
        message = f"idgen {idgen[:40]!r} is not offered: ids are given here, and never again; {NEW_ID} is"
        raise InvalidParameter(message, where="idgen")
    features = list(list_features(element, systems))
    if not features:
        raise UnreadableRequest("an Insert has at least one feature", where="Insert")
    require_few(len(features))
    faults = 0
    for feature, inside in features:
        layer = get_type(feature, systems)
        content = read_feature(feature, layer, inside)
        yield Insert(layer, content.properties, content.get_shape(), content.faults)
        faults += len(content.faults)
        if faults >= MOST_FAULTS:
            return


def list_features(element: etree._Element, systems: Systems) -> Iterator[tuple[etree._Element, Systems]]:
    """The features inside an element, those of a collection too, each with what its coordinates are read against."""
    for child in element:
        if get_local_name(child) in COLLECTIONS:
            yield from list_features(child, systems.bounded(child))
        elif get_local_name(child) != "boundedBy":
            yield child, systems


def get_type(feature: etree._Element, systems: Systems) -> Layer:
    """The layer of a feature, which the actor may edit. Raises InvalidValue for one that is of no type here.

    Also SignInNeeded, NotPermitted. Source: OGC 09-025r2 table 3.
    """
    name = etree.QName(feature)
    try:
        return get_layer(name.namespace, name.localname, systems)
    except UnknownLayer as error:
        raise InvalidValue(error.message, where=name.localname[:100]) from error


def read_update(element: etree._Element, mark: Mark, systems: Systems) -> Alteration:
    """Properties set anew; without a filter, of all features of the type. Raises as `read_transaction`."""
    layer = get_layer(*find_type_name(element), systems)
    require_format(element, systems)
    properties = [child for child in element if get_local_name(child) == "Property"]
    if not properties:
        raise UnreadableRequest("an Update has at least one Property", where="Update")
    found = find_filter(element)
    condition = None if found is None else read_condition(found, layer, systems)
    content = require_readable(read_changes(properties, layer, systems))
    return Alteration(mark, "Update", layer, condition, content)


def read_replace(element: etree._Element, mark: Mark, systems: Systems) -> Alteration:
    """A feature in the place of another. Raises as `read_transaction`."""
    require_format(element, systems)
    features = [child for child in element if get_local_name(child) != "Filter"]
    if len(features) != 1:
        raise UnreadableRequest(f"a Replace has one feature and a Filter, got {len(features)}", where="Replace")
    layer = get_type(features[0], systems)
    condition = read_condition(require_filter(element), layer, systems)
    content = require_readable(read_feature(features[0], layer, systems))
    return Alteration(mark, "Replace", layer, condition, content)


def require_readable(content: Content) -> Content:
    """The content of an action that may be about any number of features, none among them, if all of it could be read.

    Raises InvalidValue.
    """
    if content.faults:
        raise InvalidValue(tell(content.faults), where=content.faults[0].field, faults=content.faults)
    return content
