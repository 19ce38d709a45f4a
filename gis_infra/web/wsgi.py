"""What each process of the web server runs."""

import signal

from flask import Flask

from gis_infra.collector import collector_paused
from gis_infra.processes import limits, memory
from gis_infra.settings import read_settings
from gis_infra.web.app import create_app


def make_app() -> Flask:
    """The application for the settings in this process's environment."""
    # Otherwise it would go on answering on the port when the server was killed, which could not be started again.
    limits.end_with_parent()
    # Until the web server listens for it itself; what came before was lost, and Ctrl-C then took ten seconds.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    memory.keep_freed()
    with collector_paused():
        app = create_app(read_settings())
    memory.set_apart()
    return app
