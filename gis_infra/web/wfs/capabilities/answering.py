"""GetCapabilities: who asks, and what for, into the document of a version."""

from collections.abc import Callable, Mapping

from lxml import etree

from gis_infra.catalogue.definitions import Licence
from gis_infra.errors import InvalidParameter
from gis_infra.features.state import get_tallies
from gis_infra.spatial.boxes import Bbox
from gis_infra.storage.transactions import reading
from gis_infra.web.wfs.capabilities import wfs_1_0, wfs_1_1, wfs_2_0
from gis_infra.web.wfs.capabilities.declared import DOCUMENT_FORMATS, SECTIONS
from gis_infra.web.wfs.capabilities.description import ServiceDescription, TypeEntry
from gis_infra.web.wfs.capabilities.elements import make_sequence, render, restrict
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.requests.parameters import Parameters, split_list
from gis_infra.web.wfs.requests.versions import Version
from gis_infra.web.wfs.service import Answer, Service

DOCUMENTS: Mapping[Version, Callable[[ServiceDescription], etree._Element]] = {
    "2.0.0": wfs_2_0.make_document,
    "1.1.0": wfs_1_1.make_document,
    "1.0.0": wfs_1_0.make_document,
}
# What a document is not valid without, whatever sections are asked for.
ALWAYS: Mapping[Version, frozenset[str]] = {"2.0.0": frozenset(), "1.1.0": frozenset({"Filter_Capabilities"})}


def answer_capabilities(request: Request, service: Service) -> Answer:
    """GetCapabilities. Raises InvalidParameter for a section that does not exist."""
    sections = parse_sections(request.parameters, request.version)
    root = DOCUMENTS[request.version](describe(service))
    if request.version in ALWAYS:
        sequence = make_sequence(root)
        root.set("updateSequence", sequence)
        # Who has the newest already is told so by a document without sections. Source: OGC 06-121r9 clause 7.3.4.
        wanted = frozenset() if request.parameters.find("UPDATESEQUENCE") == sequence else sections
        restrict(root, wanted | ALWAYS[request.version])
    return Answer([render(root)], f"{parse_format(request.parameters)}; charset=UTF-8")


def parse_sections(parameters: Parameters, version: Version) -> frozenset[str]:
    """The sections wanted; all if none is named. Raises InvalidParameter. Source: OGC 06-121r9 clause 7.3.3."""
    known = SECTIONS[version]
    named = split_list(parameters.find("SECTIONS") or "All")
    unknown = [each for each in named if each not in {*known, "All"}]
    if unknown and known:
        raise InvalidParameter(
            f"sections are {', '.join(known)} or All, got {', '.join(unknown)[:60]!r}", where="sections"
        )
    return frozenset(known if "All" in named else named)


def parse_format(parameters: Parameters) -> str:
    """The first media type the client accepts that there is, else text/xml. Source: OGC 06-121r9 clause 7.3.5."""
    accepted = [each.lower() for each in split_list(parameters.find("ACCEPTFORMATS") or "")]
    return next((each for each in accepted if each in DOCUMENT_FORMATS), DOCUMENT_FORMATS[0])


def describe(service: Service) -> ServiceDescription:
    """What this actor is told: of no type, extent or right that is not theirs."""
    services, actor = service.services, service.actor
    settings, layers = services.settings, actor.list_readable(services.catalogue)
    with reading(services.engine, settings.read_limit_s) as connection:
        tallies = get_tallies(connection, layers, actor)
    return ServiceDescription(
        address=service.address,
        origin=service.address.rpartition("/wfs")[0],
        city_name=settings.city_name,
        licence=Licence(settings.licence_url, settings.licence_title) if settings.licence_url else None,
        srids=service.city.srids,
        max_page=settings.max_page,
        extent=Bbox(*settings.city_extent, 4326),
        sectors=services.catalogue.sectors,
        types=tuple(TypeEntry(each, tallies[each.id].extent, actor.is_allowed("edit", each)) for each in layers),
    )
