"""Where this server is, as its clients see it."""

from flask import request

from gis_infra.web.context import get_services


def get_origin() -> str:
    """Scheme, host and prefix of this server as the client sees it, without a slash at the end."""
    return get_services().settings.public_url or request.url_root.rstrip("/")
