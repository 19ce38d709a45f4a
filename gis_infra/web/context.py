"""What every view needs, made once per application and reached without globals."""

from dataclasses import dataclass
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from gis_infra.settings import Settings

EXTENSION = "gis_infra"


@dataclass(frozen=True)
class Services:
    """The settings, the database and the catalogue one application runs with."""

    settings: Settings
    engine: Engine
    catalogue: Catalogue
    tables: LayerTables


def get_services() -> Services:
    """The services of the application that is handling this request."""
    return cast(Services, current_app.extensions[EXTENSION])
