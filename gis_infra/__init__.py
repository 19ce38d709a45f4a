"""gis-infra: the service by which a city manages the GIS of its infrastructure."""

__version__ = "0.1.0"
