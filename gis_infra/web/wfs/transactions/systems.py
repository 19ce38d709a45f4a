"""In which coordinate system the coordinates of a client are meant. Pure.

In 1.0.0 they come easting first whatever the name of their system says: QGIS writes them so under a URN. From 1.1.0 on
a URN and an http URI are in the order of their authority, and EPSG:n is easting first.
"""

from dataclasses import dataclass, replace

from lxml import etree

from gis_infra.errors import InvalidCrs
from gis_infra.features.changing.changes import Box, Origin
from gis_infra.filters.fes.document import get_local_name
from gis_infra.spatial import crs
from gis_infra.web.wfs.requests.city import City


@dataclass(frozen=True)
class Systems:
    """What coordinates are read against.

    extent: longitude/latitude box outside which a shape is refused. named: the system meant where a geometry names
    none, as the action or the transaction says; "" for the city's.
    """

    city: City
    extent: Box | None = None
    named: str = ""

    @property
    def default(self) -> Origin:
        """How coordinates are meant that name no system. Raises InvalidCrs."""
        return self.find_origin(self.named or crs.to_urn(self.city.srid))

    def within(self, element: etree._Element) -> "Systems":
        """The same inside an element that may say a system for all in it."""
        return replace(self, named=element.get("srsName") or self.named)

    def bounded(self, element: etree._Element) -> "Systems":
        """The same inside a feature or a collection, whose gml:boundedBy may say the system for all in it.

        Source: OGC 07-036 clause 10.1.3.2.
        """
        boxes = (box for child in element if get_local_name(child) == "boundedBy" for box in child)
        found = next((box for box in boxes if box.get("srsName")), None)
        return self if found is None else self.within(found)

    def find_origin(self, name: str) -> Origin:
        """How coordinates under that name are meant. Raises InvalidCrs if it is none that is offered."""
        try:
            reference = crs.parse_crs(name)
        except InvalidCrs as error:
            raise InvalidCrs(error.message, where="srsName") from None
        if reference.srid not in self.city.srids:
            offered = ", ".join(map(crs.to_urn, self.city.srids))
            raise InvalidCrs(f"srsName {name[:60]!r} is not offered; these are: {offered}", where="srsName")
        return Origin(reference.srid, reference.swap_axes and not self.city.easting_first, self.extent)
