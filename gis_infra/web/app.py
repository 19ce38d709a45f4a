"""The Flask application, made by a factory; it has no life before the call."""

from flask import Flask
from sqlalchemy import Engine

from gis_infra.accounts.secrets import read_signing_key
from gis_infra.analysis.coverage.layers import add_coverage
from gis_infra.analysis.register.layer import add_register
from gis_infra.catalogue import reading
from gis_infra.catalogue.tables import build_tables
from gis_infra.settings import Settings
from gis_infra.storage.engine import open_engine
from gis_infra.web import (
    actors,
    analysis,
    board,
    compression,
    csrf,
    departures,
    headers,
    health,
    imports,
    metrics,
    ogcapi,
    places,
    problems,
    proxies,
    qgis,
    sign_in,
    viewer,
    wfs,
)
from gis_infra.web.context import EXTENSION, Services

LARGEST_BODY = 16 * 1024 * 1024


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """The application for `settings`.

    engine: the database to use; by default one is opened from the settings (it connects at the first request).
    Raises LayerFileError if the layer files are wrong.
    """
    app = Flask("gis_infra.web", static_folder=None)
    app.config.update(
        SECRET_KEY=read_signing_key(settings.home),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME="gis_infra_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
    )
    services = app.extensions[EXTENSION] = build_services(settings, engine)
    for part in (compression, problems, headers, actors, csrf, places, metrics):
        part.register(app)
    departures.register(app, services.engine)
    proxies.register(app, settings.trusted_proxies)
    for room in (ogcapi, imports, wfs, qgis, analysis, board, viewer, sign_in, health, metrics):
        app.register_blueprint(room.create_blueprint())
    return app


def build_services(settings: Settings, engine: Engine | None) -> Services:
    """What every view needs. Raises LayerFileError if the layer files are wrong."""
    layers = reading.read_catalogue(settings.layers)
    catalogue, tables = add_coverage(*add_register(layers, build_tables(layers, settings.city_srid)))
    return Services(
        settings=settings,
        engine=engine if engine is not None else open_engine(settings),
        catalogue=catalogue,
        tables=tables,
    )
