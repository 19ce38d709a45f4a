"""The Flask application, made by a factory; it has no life before the call."""

from flask import Flask
from sqlalchemy import Engine

from gis_infra.catalogue import reading
from gis_infra.catalogue.tables import build_tables
from gis_infra.settings import Settings
from gis_infra.storage.engine import open_engine
from gis_infra.web import analysis, ogcapi, viewer, wfs
from gis_infra.web.context import EXTENSION, Services


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """The application for `settings`.

    engine: the database to use; by default one is opened from the settings (it connects at the first request).
    Raises LayerFileError if the layer files are wrong.
    """
    app = Flask("gis_infra.web", static_folder=None)
    catalogue = reading.read_catalogue(settings.layers)
    app.extensions[EXTENSION] = Services(
        settings=settings,
        engine=engine if engine is not None else open_engine(settings),
        catalogue=catalogue,
        tables=build_tables(catalogue, settings.city_srid),
    )
    for part in (ogcapi, wfs, analysis, viewer):
        app.register_blueprint(part.create_blueprint())
    return app
