"""Where something is wrong, in words: in the city's coordinates, and in the file's own, by which it is found there."""

import math
from dataclasses import dataclass

from pyproj import Transformer
from pyproj.enums import TransformDirection

DEGREES_UP_TO = 360.0  # coordinates not beyond it on both axes are degrees


@dataclass(frozen=True)
class Places:
    """How places of a file and of the city belong together; as in `shapes.Frame`."""

    transformer: Transformer | None = None
    swap_xy: bool = False
    source: str = "the file"

    def tell(self, x: float, y: float) -> str:
        """A place of the city, as " at 603000.000 1191000.000 (in the file 106.69358409 10.76840366)"."""
        file_x, file_y = x, y
        if self.transformer is not None:
            file_x, file_y = self.transformer.transform(x, y, direction=TransformDirection.INVERSE)
        return self.render(x, y, file_x, file_y)

    def tell_from_file(self, x: float, y: float) -> str:
        """The same of a place of the file, in its own order of axes."""
        file_x, file_y = (y, x) if self.swap_xy else (x, y)
        city_x, city_y = file_x, file_y
        if self.transformer is not None:
            city_x, city_y = self.transformer.transform(file_x, file_y)
        return self.render(city_x, city_y, file_x, file_y)

    def render(self, x: float, y: float, file_x: float, file_y: float) -> str:
        """Both places; the one that is no number is left out. All easting first, the file's written as in the file."""
        written = render_pair(file_y, file_x) if self.swap_xy else render_pair(file_x, file_y)
        known = math.isfinite(x) and math.isfinite(y)
        if self.transformer is None and not self.swap_xy:
            return f" at {written}" if known else ""
        if not (math.isfinite(file_x) and math.isfinite(file_y)):
            return f" at {render_pair(x, y)}" if known else ""
        return f" at {render_pair(x, y)} (in {self.source} {written})" if known else f" at {written} of {self.source}"


def render_pair(x: float, y: float) -> str:
    """Two coordinates, to the millimetre."""
    digits = 8 if max(abs(x), abs(y)) <= DEGREES_UP_TO else 3
    return f"{x:.{digits}f} {y:.{digits}f}"
