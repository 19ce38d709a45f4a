"""What the capabilities of every version tell of the service and its types, as frozen values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from gis_infra.catalogue.definitions import Layer, Licence, Sector
from gis_infra.features.formats.gml.names import PREFIX
from gis_infra.spatial.boxes import Bbox


@dataclass(frozen=True)
class TypeEntry:
    """A feature type the actor may see.

    extent: longitude/latitude box of its features that the actor may see, None if there are none. may_edit: whether
    the actor may change it.
    """

    layer: Layer
    extent: Bbox | None
    may_edit: bool = False

    @property
    def name(self) -> str:
        """The name of the type, with its prefix."""
        return f"{PREFIX}:{self.layer.id}"

    @property
    def summary(self) -> str:
        """Title in English and description in both languages, for versions that have one language."""
        told = self.layer.description
        return "\n".join((self.layer.title.en, *((told.vi, told.en) if told is not None else ())))


@dataclass(frozen=True)
class ServiceDescription:
    """What the capabilities tell.

    address: of the service, as the client reaches it. origin: of the whole server. srids: CRSs on offer, the default
    first. max_page: most features of an answer. extent: of the city, longitude/latitude. licence: None if no terms
    are told.
    """

    address: str
    origin: str
    city_name: str
    licence: Licence | None
    srids: tuple[int, ...]
    max_page: int
    extent: Bbox
    sectors: Mapping[str, Sector]
    types: tuple[TypeEntry, ...]

    @property
    def title(self) -> str:
        """What the service is called."""
        return f"Infrastructure of {self.city_name}"

    @property
    def abstract(self) -> str:
        """What the service is for."""
        return "Telecom, power, water, drainage and environment of one city, layer by layer."

    @property
    def keywords(self) -> tuple[str, ...]:
        """What the service is found by."""
        return ("WFS", "infrastructure", *(each.title.en for each in self.sectors.values()))

    @property
    def terms(self) -> str:
        """On what terms the data may be used; NONE is what the standard has where none are told."""
        return "NONE" if self.licence is None else f"{self.licence.title} {self.licence.url}"

    @property
    def may_edit(self) -> bool:
        """Whether the actor may change anything at all."""
        return any(each.may_edit for each in self.types)

    def list_keywords(self, layer: Layer) -> tuple[str, ...]:
        """What a layer is found by: its sector, by id and in both languages."""
        sector = self.sectors[layer.sector].title
        return tuple(dict.fromkeys((layer.sector, sector.vi, sector.en)))
