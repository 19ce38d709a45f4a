"""What each process of the web server runs."""

from flask import Flask

from gis_infra.settings import read_settings
from gis_infra.web.app import create_app


def make_app() -> Flask:
    """The application for the settings in this process's environment."""
    return create_app(read_settings())
