"""What each process of the web server runs."""

import ctypes
import signal

from flask import Flask

from gis_infra.settings import read_settings
from gis_infra.web.app import create_app

# Source: prctl(2), linux/prctl.h.
PR_SET_PDEATHSIG = 1


def make_app() -> Flask:
    """The application for the settings in this process's environment."""
    end_with_server()
    return create_app(read_settings())


def end_with_server() -> None:
    """Have the kernel end this process when the server that made it ends, even by `kill -9`.

    Otherwise it would go on answering on the port, and the server could not be started again.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
