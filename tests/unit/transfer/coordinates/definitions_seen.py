"""Definitions of coordinate systems as surveyors' files have them, right and wrong."""

from pyproj import CRS

from gis_infra.transfer.coordinates.systems import City
from tests.sources import TM3_ESRI

CITY = City(9210, (106.30, 10.30, 107.60, 11.51))
QUARTER = (602000.0, 1190500.0, 604000.0, 1192500.0)  # District 3 in EPSG:9210
UTM_QUARTER = (686000.0, 1190000.0, 687000.0, 1191000.0)  # in UTM 48N
OFFICIAL = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
NOT_NEGATED = "-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278"


def esri(datum="Vietnam_2000", meridian=105.75, scale=0.9999, name="VN2000_HCM"):
    """A .prj of a 3-degree zone, without authority."""
    return TM3_ESRI.format(datum=datum, meridian=meridian, scale=scale, name=name)


def shifted(shift, datum="Vietnam_2000"):
    """The same with a shift to WGS 84 written in."""
    return esri(datum).replace("298.257223563]]", f"298.257223563],TOWGS84[{shift}]]")


def mapinfo(shift, numbers):
    """What GDAL makes of MapInfo's `CoordSys Earth Projection 8, 9999, 28, ...`, whose rotations it turns round."""
    datum = f'DATUM["MIF 9999,28,{numbers},0",SPHEROID["WGS 84",6378137,298.257223563],TOWGS84[{shift}]]'
    return (
        f'PROJCS["unnamed",GEOGCS["unnamed",{datum},PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],'
        'PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",105.75],'
        'PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],'
        'UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH]]'
    )


def write(srid, version="WKT1_ESRI"):
    """EPSG's own definition, as ESRI writes it: no code in it."""
    return CRS.from_epsg(srid).to_wkt(version)
