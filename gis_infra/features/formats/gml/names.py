"""The names that features have in GML, whichever version of it they are written in."""

NAMESPACE = "urn:gis-infra:infra"
PREFIX = "infra"
GEOMETRY_NAME = "geom"
XSI_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"

# GDAL takes the text "<gml:name" near the start of an answer for a property that the schema forgot, and warns of it at
# each read; under another prefix for the same namespace it does not.
STANDARD_PREFIX = "g"
