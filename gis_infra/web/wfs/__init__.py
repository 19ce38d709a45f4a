"""OGC Web Feature Service 2.0.0: reading, by URL and by XML."""

from gis_infra.web.wfs.views import create_blueprint

__all__ = ["create_blueprint"]
