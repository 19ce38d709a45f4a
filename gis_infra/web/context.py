"""What every view needs, made once per application and reached without globals."""

from dataclasses import dataclass, field
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.bookmarks import Bookmarks
from gis_infra.settings import Settings

EXTENSION = "gis_infra"


@dataclass(frozen=True)
class Services:
    """The settings, the database and the catalogue one application runs with.

    bookmarks: where pages began that this process served.
    """

    settings: Settings
    engine: Engine
    catalogue: Catalogue
    tables: LayerTables
    bookmarks: Bookmarks = field(default_factory=Bookmarks)


def get_services() -> Services:
    """The services of the application that is handling this request."""
    return cast(Services, current_app.extensions[EXTENSION])
