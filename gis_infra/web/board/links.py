"""Addresses of the map as the board links to them: a place, layers, a tool and what is open in it. Pure."""

import math
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from gis_infra.catalogue.definitions import Language
from gis_infra.spatial.boxes import Bbox

WORLD_PX, SCREEN_PX = 512, 640  # of the whole world at zoom 0, and of the map on a small laptop
WIDEST_ZOOM, NEAREST_ZOOM = 8.0, 17.0
CAMERA_ZOOM = 18.0
READABLE = ",:-"


@dataclass(frozen=True)
class MapLinks:
    """The addresses of one page. root: of the map."""

    root: str
    language: Language

    def show(self, place: str = "", **parts: str | int | None) -> str:
        """The map at a place, as `at_box` and `at_point` write it, with parts of its address; None is left out."""
        given = {"lang": self.language, **parts}
        named = [f"{name}={quote(str(value), safe=READABLE)}" for name, value in given.items() if value is not None]
        return f"{self.root}#{'&'.join(filter(None, [place, *named]))}"

    def show_layer(self, layer_id: str, box: Bbox | None) -> str:
        """A layer where it is."""
        return self.show("" if box is None else at_box(box), on=layer_id)

    def show_point(self, layer_id: str, point: tuple[float, float]) -> str:
        """What is at a point, identified."""
        longitude, latitude = point
        place = at_point(longitude, latitude, CAMERA_ZOOM)
        return self.show(place, on=layer_id, tool="identify", at=f"{longitude:.6f},{latitude:.6f}")

    def show_service(self, service_id: str, run_id: int | None) -> str:
        """A service in the tool of coverage, with a run of it."""
        return self.show(tool="coverage", service=service_id, run=run_id)

    def show_register(self, sector: str | None = None, severity: str | None = None) -> str:
        """The register of conflicts, of a sector and of an answer only where they are named."""
        wanted = {"sector": sector, "severity": severity}
        narrowed = urlencode({name: value for name, value in wanted.items() if value is not None})
        return self.show(tool="register", reg=narrowed or None)


def at_point(longitude: float, latitude: float, zoom: float) -> str:
    """A place of the map's address."""
    return f"{zoom:.2f}/{latitude:.6f}/{longitude:.6f}"


def at_box(box: Bbox) -> str:
    """The place of a box in longitude/latitude, at a zoom that shows all of it."""
    longitude, latitude = (box.xmin + box.xmax) / 2, (box.ymin + box.ymax) / 2
    high = (box.ymax - box.ymin) / max(math.cos(math.radians(latitude)), 0.01)
    degrees = max(box.xmax - box.xmin, high, 1e-6)
    zoom = math.log2(SCREEN_PX * 360 / (WORLD_PX * degrees))
    return at_point(longitude, latitude, min(max(zoom, WIDEST_ZOOM), NEAREST_ZOOM))
