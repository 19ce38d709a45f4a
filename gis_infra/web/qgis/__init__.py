"""The layers as QGIS wants them: a project, or a definition of layers to add to one, drawn and asked as on the map.

Features stay in the WFS; what is downloaded here says where they are, how they look and how their form looks. It must
not hold a password: a layer that is not public is opened at an address of the WFS that asks QGIS for one.
"""

from flask import Blueprint

from gis_infra.web.qgis import views


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    blueprint = Blueprint("qgis", __name__, url_prefix="/qgis")
    blueprint.add_url_rule("/gis-infra.qgs", view_func=views.show_project)
    blueprint.add_url_rule("/gis-infra.qlr", view_func=views.show_layers)
    return blueprint
