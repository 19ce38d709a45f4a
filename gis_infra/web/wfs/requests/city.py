"""What a request is read against."""

from dataclasses import dataclass

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.spatial import crs
from gis_infra.spatial.crs import CrsReference
from gis_infra.web.wfs.requests.versions import NEWEST, Version


@dataclass(frozen=True)
class City:
    """What a request is read against: the layers, who asks, and the CRS everything is stored in.

    max_page: most features of an answer. count_bound: a page counts its matches up to this number; None counts all.
    version: of the protocol, by whose rules the request is read. refuse_other_ids: whether a query of one type refuses
        the ids of others; 2.0 demands it.
    """

    catalogue: Catalogue
    actor: Actor
    srid: int
    max_page: int
    count_bound: int | None = None
    version: Version = NEWEST
    refuse_other_ids: bool = False

    @property
    def srids(self) -> tuple[int, ...]:
        """The CRSs features are served in, the default first."""
        return tuple(dict.fromkeys((self.srid, crs.WGS84, crs.WEB_MERCATOR)))

    @property
    def easting_first(self) -> bool:
        """Whether coordinates come so whatever the name of their CRS says, as QGIS and all others have it in 1.0.0."""
        return self.version == "1.0.0"

    @property
    def default_crs(self) -> CrsReference:
        """The CRS meant where a request names none, in the order of its authority."""
        return CrsReference(self.srid, crs.is_northing_first(self.srid) and not self.easting_first)

    def name_crs(self, srid: int) -> str:
        """What features in that CRS are said to be in where the request does not say it."""
        return f"EPSG:{srid}" if self.version == "1.0.0" else crs.to_urn(srid)
