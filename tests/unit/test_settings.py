"""The table of settings, and what is refused in it."""

import dataclasses

import pytest

from gis_infra import settings as settings_module
from gis_infra.errors import SettingError
from gis_infra.settings import ROOT, SETTINGS, Settings, read_settings, to_environment


def test_without_any_variable_the_defaults_hold():
    settings = read_settings({})
    assert (settings.host, settings.port, settings.city_srid) == ("127.0.0.1", 8000, 9210)
    assert settings.home == ROOT / "var"
    assert settings.city_extent == (106.30, 10.30, 107.60, 11.51)


def test_every_row_of_the_table_is_a_setting_and_the_other_way_round():
    assert [each.name for each in SETTINGS] == [each.name for each in dataclasses.fields(Settings)]


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("GIS_INFRA_PORT", "http", "GIS_INFRA_PORT must be a whole number, got 'http'"),
        ("GIS_INFRA_PORT", "0", "GIS_INFRA_PORT must be from 1 to 65535, got 0"),
        ("GIS_INFRA_PORT", "65536", "from 1 to 65535"),
        ("GIS_INFRA_WORKERS", "", "must be a whole number, got ''"),
        ("GIS_INFRA_CITY_EXTENT", "1,2,3", "four numbers xmin,ymin,xmax,ymax"),
        ("GIS_INFRA_CITY_EXTENT", "107,10,106,11", "ordered degrees"),
        ("GIS_INFRA_CITY_EXTENT", "0,0,nan,1", "ordered degrees"),
        ("GIS_INFRA_TRUSTED_PROXIES", "proxy.local", "must be IP addresses or networks as 10.0.0.0/8"),
        ("GIS_INFRA_TRUSTED_PROXIES", "10.0.0.0/33", "got '10.0.0.0/33'"),
        ("GIS_INFRA_BACKGROUND", "tiles.example.org", "must be an address that begins with https://"),
        ("GIS_INFRA_BACKGROUND", "https://tiles.example.org/{z}/{x}", "with {z}, {x} and {y} in its path"),
        ("GIS_INFRA_BACKGROUND", "https://{z}.example.org/{x}/{y}", "with {z}, {x} and {y} in its path"),
        ("GIS_INFRA_BACKGROUND", "https://lan:secret@example.org/{z}/{x}/{y}", "with {z}, {x} and {y} in its path"),
        ("GIS_INFRA_BACKGROUND", "https://a;script-src'x/{z}/{x}/{y}", "with {z}, {x} and {y} in its path"),
        ("GIS_INFRA_LICENCE_URL", "CC BY 4.0", "must be an address that begins with https://, got 'CC BY 4.0'"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_variable(variable, text, words):
    with pytest.raises(SettingError, match=words) as caught:
        read_settings({variable: text})
    assert caught.value.where == variable


def test_the_city_is_named_where_no_attribution_is_set():
    assert read_settings({"GIS_INFRA_CITY_NAME": "Huế"}).attribution == "Huế"
    assert read_settings({"GIS_INFRA_CITY_NAME": "Huế", "GIS_INFRA_ATTRIBUTION": "Sở A"}).attribution == "Sở A"


def test_an_absolute_home_stays_where_it_is(tmp_path):
    assert read_settings({"GIS_INFRA_HOME": str(tmp_path)}).home == tmp_path


def test_another_process_reads_the_same_settings():
    settings = read_settings({"GIS_INFRA_PORT": "8001", "GIS_INFRA_RULE_PACKS": "a,b", "GIS_INFRA_UPLOADS": "/srv/in"})
    assert read_settings(to_environment(settings)) == settings


def test_trusted_proxies_are_addresses_and_networks():
    found = read_settings({"GIS_INFRA_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,fd00::/8"}).trusted_proxies
    assert list(map(str, found)) == ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]
    assert read_settings({}).trusted_proxies == ()


def test_of_a_wheel_folders_are_where_it_is_run_and_its_layers_where_it_is(monkeypatch, tmp_path):
    monkeypatch.setattr(settings_module, "ROOT", settings_module.SHIPPED)
    monkeypatch.chdir(tmp_path)
    found = read_settings({})
    assert (found.home, found.uploads, found.profiles) == (
        tmp_path / "var", tmp_path / "var/uploads", tmp_path / "profiles",
    )  # fmt: skip
    assert found.layers == settings_module.SHIPPED / "layers"
    assert read_settings({"GIS_INFRA_LAYERS": "ours"}).layers == tmp_path / "ours"
