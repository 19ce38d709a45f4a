"""Addresses of databases."""

import pytest

from gis_infra.errors import SettingError
from gis_infra.storage.engine import make_engine, parse_url


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://gis@db.city.vn/infra",
        "postgres://gis@db.city.vn/infra",
        "postgresql+psycopg://gis@db.city.vn:5433/infra",
        "postgresql://gis@/infra?host=/run/postgresql",
    ],
)
def test_every_usual_spelling_of_an_address_gets_our_driver(text: str):
    url = parse_url(text)
    assert url.drivername == "postgresql+psycopg"
    assert url.database == "infra"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("db.city.vn/infra", "is not an address like postgresql://user@host/name"),
        ("mysql://gis:geheim@db/infra", r"must start with postgresql://, got mysql://"),
        ("postgresql://gis:geheim@db", "names no database"),
        ("postgresql://gis:geheim@db:notaport/infra", "is not an address"),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_a_password(text: str, words: str):
    with pytest.raises(SettingError, match=words) as caught:
        parse_url(text)
    assert "geheim" not in str(caught.value)
    assert caught.value.where == "GIS_INFRA_DATABASE_URL"


def test_an_engine_never_shows_its_password():
    assert "geheim" not in repr(make_engine(parse_url("postgresql://gis:geheim@db/infra")))
