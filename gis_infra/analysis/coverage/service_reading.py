"""The folder `layers/coverage/` as the straight-line analysis sees it: services with a distance, residents, wards."""

from pathlib import Path

from gis_infra.analysis.coverage.services import Demand, Service, ServiceBook, Units
from gis_infra.analysis.coverage.standards import model, reading
from gis_infra.analysis.rules.model import Condition, Member
from gis_infra.catalogue.definitions import Catalogue


def read_services(folder: Path, catalogue: Catalogue) -> ServiceBook:
    """Every service of `folder`/coverage that reaches some metres, in the order of file names.

    Raises LayerFileError, as the reading of the standards does.
    """
    book = reading.read_services(folder, catalogue)
    services = {each.id: to_service(each) for each in book.services.values() if each.distance_m is not None}
    residents = book.get_demand("residents")
    demand = Demand(residents.member or Member(""), residents.people or "")
    level = Condition(book.units.level_field, "in", (book.units.level,))
    units = Units(
        Member(book.units.member.layer, (*book.units.member.where, level)),
        book.units.code,
        book.units.name,
        book.units.from_field,
        book.units.to_field,
    )
    return ServiceBook(services, demand, units)


def to_service(service: model.Service) -> Service:
    """A service as it is measured in a straight line."""
    return Service(
        id=service.id,
        title=service.title,
        method="straight_line",
        facilities=service.facilities,
        distance_m=service.distance_m or 0.0,
        distance_field=service.distance_field,
        source=service.origin.source,
        clause=service.origin.clause,
        legal_basis=service.origin.legal_basis,
        verified=service.origin.verified,
        note=service.note,
    )
