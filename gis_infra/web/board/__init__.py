"""The board: the city at a glance, its cameras, and the report of a month, half a year or a year.

Pages that need no script, made whole by the server; the figures come from `reports.board`, the frame from the pages of
the OGC API.
"""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from gis_infra.features.figures.reading import FigureMemory
from gis_infra.web.board import views
from gis_infra.web.board.desks import MEMORY


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    blueprint = Blueprint(
        "board", __name__, url_prefix="/dashboard", template_folder="templates", static_folder="static"
    )
    blueprint.record_once(remember)
    blueprint.add_url_rule("", view_func=views.show_board, strict_slashes=False)
    blueprint.add_url_rule("/cameras", view_func=views.show_cameras)
    blueprint.add_url_rule("/report", view_func=views.send_report)
    return blueprint


def remember(state: BlueprintSetupState) -> None:
    """Give an application its memory of figures."""
    state.app.extensions[MEMORY] = FigureMemory()
