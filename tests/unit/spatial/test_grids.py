"""The numbers of grids that the map computes with."""

import pytest
from pyproj import CRS, Transformer

from gis_infra.errors import InvalidCrs
from gis_infra.spatial import crs
from gis_infra.spatial.grids import find_grid

PLACES = [(106.6936, 10.772922), (106.3, 10.3), (107.6, 11.51), (105.75, 10.0)]


@pytest.mark.parametrize("srid", [*crs.VN2000_TM3, *crs.VN2000_UTM, 32648, 32649])
def test_a_grid_of_these_numbers_is_the_one_that_is_pinned(srid):
    grid = find_grid(srid)
    assert grid is not None
    shift = "" if grid.shift is None else f"+towgs84={','.join(map(str, grid.shift))}"
    text = (
        f"+proj=tmerc +lat_0={grid.latitude} +lon_0={grid.meridian} +k={grid.scale} +x_0={grid.easting_m} "
        f"+y_0={grid.northing_m} +a={grid.axis_m} +rf={1 / grid.flattening} {shift} +units=m +no_defs"
    )
    made = Transformer.from_crs(CRS.from_epsg(4326), CRS.from_proj4(text), always_xy=True)
    for place in PLACES:
        assert made.transform(*place) == pytest.approx(crs.get_transformer(4326, srid).transform(*place), abs=1e-3)


@pytest.mark.parametrize("srid", [4326, 4756, 3857, 27700, 2154])
def test_of_any_other_system_nothing_is_said(srid):
    assert find_grid(srid) is None


def test_an_unknown_code_is_refused():
    with pytest.raises(InvalidCrs, match="999999"):
        find_grid(999999)
