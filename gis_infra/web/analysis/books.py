"""The rules and the services an application runs with, read once when it is made."""

from dataclasses import dataclass
from typing import cast

from flask import current_app
from flask.blueprints import BlueprintSetupState

from gis_infra.analysis.coverage.standards.model import ServiceBook
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.analysis.rules.model import RuleBook
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.web.context import EXTENSION, Services

BOOKS = "gis_infra.analysis"


@dataclass(frozen=True)
class Books:
    """What `layers/rules/` and `layers/coverage/` hold."""

    rules: RuleBook
    services: ServiceBook


def register(state: BlueprintSetupState) -> None:
    """Read both folders for an application. Raises LayerFileError if a file is wrong."""
    given = cast(Services, state.app.extensions[EXTENSION])
    folder, catalogue = given.settings.layers, given.catalogue
    state.app.extensions[BOOKS] = Books(read_rules(folder, catalogue), read_services(folder, catalogue))


def get_books() -> Books:
    """The books of the application that is handling this request."""
    return cast(Books, current_app.extensions[BOOKS])
