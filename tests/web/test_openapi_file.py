"""The definition of the OGC API that the map's types are made of is the one the program gives today."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gis_infra.cli.main import cli
from gis_infra.cli.openapi import render

KEPT = Path(__file__).parents[2] / "gis_infra/web/viewer/frontend/openapi.json"


@pytest.fixture(autouse=True)
def untouched(monkeypatch, tmp_path):
    """A home of its own, and no settings of whoever runs the tests."""
    monkeypatch.setenv("GIS_INFRA_HOME", str(tmp_path))
    monkeypatch.delenv("GIS_INFRA_DATABASE_URL", raising=False)


def test_the_definition_that_is_kept_for_the_map_is_that_of_today():
    assert KEPT.read_bytes() == render(("water_pipe",), "en"), "stale: script/types makes it anew"


def test_the_definition_needs_no_database_and_has_the_layers_asked_for(tmp_path):
    made = CliRunner().invoke(
        cli, ["openapi", "fire_hydrant", "--language", "vi", "--output", str(tmp_path / "api.json")]
    )
    assert made.exit_code == 0, made.output
    text = (tmp_path / "api.json").read_text(encoding="utf-8")
    assert '"/collections/fire_hydrant/items"' in text and '"/collections/water_pipe/items"' not in text
    assert "Trụ nước chữa cháy" in text


def test_an_unknown_layer_is_refused_by_name():
    refused = CliRunner().invoke(cli, ["openapi", "moon_base"])
    assert refused.exit_code != 0 and "moon_base" in str(refused.exception)
