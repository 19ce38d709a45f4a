"""What a service is to reach, and how far it reaches: standards as frozen values. Knows neither YAML nor SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue.definitions import Title
from gis_infra.errors import MissingError

Method = Literal["straight_line"]
METHODS: tuple[Method, ...] = ("straight_line",)


@dataclass(frozen=True)
class Demand:
    """Whom a service is to reach: the rows of a layer, and the attribute that holds how many people each has."""

    member: Member
    people: str


@dataclass(frozen=True)
class Units:
    """The areas results are given by. A unit counts from `from_field` up to, not including, `to_field`."""

    member: Member
    code: str
    name: str
    from_field: str
    to_field: str


@dataclass(frozen=True)
class Service:
    """One service and its standard.

    distance_m: how far a facility reaches, metres in the plan; distance_field: the facility's own, where it has one.
    """

    id: str
    title: Title
    method: Method
    facilities: Member
    distance_m: float
    distance_field: str | None
    source: str
    clause: str
    legal_basis: str
    verified: bool
    note: str


@dataclass(frozen=True)
class ServiceBook:
    """Everything that `layers/coverage/` holds."""

    services: Mapping[str, Service]
    demand: Demand
    units: Units

    def get_service(self, service_id: str) -> Service:
        """The service with that id. Raises MissingError, which lists what there is."""
        try:
            return self.services[service_id]
        except KeyError:
            known = ", ".join(self.services)
            raise MissingError(f"there is no service {service_id!r}; there are {known}", where=service_id) from None
