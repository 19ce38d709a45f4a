"""Who may see a run: those who may see every row that took part, as its layer and its sensitivity were.

A what if and what somebody ran for themselves are theirs and the administrators' alone.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, and_, or_, select, true

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.coverage.runs.tables import COVERAGE_RUN
from gis_infra.analysis.coverage.standards.model import Service, ServiceBook
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.errors import MissingError

NOBODY = -1


@dataclass(frozen=True)
class Reader:
    """Who reads, and the layers there are."""

    actor: Actor
    catalogue: Catalogue

    def list_takes(self) -> list[str]:
        """What may take part in a run that the actor may see: "layer:sensitivity", "layer:" for what says nothing."""
        return [
            f"{layer.id}:{level}"
            for layer in self.actor.list_readable(self.catalogue)
            for level in ("", *self.actor.get_visible_levels(layer))
        ]

    def may_see(self, takes: list[str]) -> bool:
        """Whether all that takes part is visible to the actor."""
        return self.actor.is_admin() or set(takes) <= set(self.list_takes())


def list_visible(book: ServiceBook, catalogue: Catalogue, actor: Actor) -> tuple[Service, ...]:
    """The services whose facilities the actor may see."""
    return tuple(
        service
        for service in book.services.values()
        if actor.is_allowed("read", catalogue.get_layer(service.facilities.layer))
    )


def get_visible(book: ServiceBook, catalogue: Catalogue, actor: Actor, service_id: str) -> Service:
    """The service of that id. Raises MissingError if there is none, or none the actor may see; it lists those."""
    services = {each.id: each for each in list_visible(book, catalogue, actor)}
    if service_id not in services:
        known = ", ".join(services) or "none"
        raise MissingError(f"there is no service {service_id!r}; there are {known}", where="service")
    return services[service_id]


def select_visible_runs(reader: Reader) -> ColumnElement[bool]:
    """True for the runs that the reader may see; a run of which nobody knows what took part is the administrators'."""
    if reader.actor.is_admin():
        return true()
    mine = COVERAGE_RUN.c.person_id == (NOBODY if reader.actor.is_anonymous else reader.actor.person_id)
    return and_(COVERAGE_RUN.c.takes.contained_by(reader.list_takes()), or_(COVERAGE_RUN.c.shared, mine))


def select_visible_rows(catalogue: Catalogue, table: FromClause, actor: Actor) -> ColumnElement[bool]:
    """True for the rows of a table of results, which has `run_id`, that belong to a run the actor may see."""
    visible = select(COVERAGE_RUN.c.id).where(select_visible_runs(Reader(actor, catalogue)))
    return table.c.run_id.in_(visible)
