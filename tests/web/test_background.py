"""An outside background: none unless the operator sets one, and then only its host is opened to the map's page."""

from dataclasses import replace

import pytest

from gis_infra.web.app import create_app
from gis_infra.web.viewer import views

TILES = "https://tiles.example.org:8443/{z}/{x}/{y}.png"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder that looks like a build, so that the page of the map is served."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "manifest.json").write_text('{"src/main.ts": {"file": "main.js", "isEntry": true}}')
    return folder


@pytest.fixture(scope="module")
def open_map(settings, engine, built):
    """A client of the application with the settings changed."""

    def start(**changes):
        app = create_app(replace(settings, **changes), engine)
        app.config[views.BUILT_FOLDER] = built
        return app.test_client()

    return start


def test_without_the_setting_no_other_host_is_opened(open_map):
    client = open_map()
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "http" not in policy and policy == client.get("/ogc/").headers["Content-Security-Policy"]
    assert client.get("/viewer/config").json["background"] is None


def test_with_the_setting_its_host_is_opened_to_the_map_alone(open_map):
    client = open_map(background=TILES, background_attribution="Nhà cung cấp")
    parts = client.get("/").headers["Content-Security-Policy"].split("; ")
    assert "connect-src 'self' https://tiles.example.org:8443" in parts
    assert "img-src 'self' data: blob: https://tiles.example.org:8443" in parts
    assert parts[0] == "default-src 'self'" and not any("script" in part for part in parts)
    assert "tiles.example.org" not in client.get("/ogc/?f=html").headers["Content-Security-Policy"]
    config = client.get("/viewer/config").json
    assert config["background"] == {"tiles": TILES, "attribution": "Nhà cung cấp"}


def test_the_config_tells_the_grid_and_whom_to_name(open_map):
    config = open_map(attribution="Sở Xây dựng").get("/viewer/config").json
    assert config["attribution"] == "Sở Xây dựng"
    assert (config["grid"]["srid"], config["grid"]["meridian"], len(config["grid"]["shift"])) == (9210, 105.75, 7)
