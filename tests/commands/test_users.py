"""`gis-infra users`, run as a person would."""

import os
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from gis_infra.accounts import credentials
from gis_infra.accounts.tables import DEPARTMENT, PERSON
from gis_infra.cli.users import command
from gis_infra.errors import GisInfraError
from gis_infra.storage.transactions import writing


@pytest.fixture
def run(settings, engine, monkeypatch):
    """Run `gis-infra users …` on the tests' database; raises what the program refuses. People are gone afterwards."""
    for variable in [each for each in os.environ if each.startswith("GIS_INFRA_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("GIS_INFRA_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GIS_INFRA_HOME", str(settings.home))
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments, stdin=None):
        result = CliRunner().invoke(command, arguments, input=stdin)
        if isinstance(result.exception, GisInfraError):
            raise result.exception
        return result

    yield run
    with writing(engine) as connection:
        connection.execute(delete(PERSON))
        connection.execute(delete(DEPARTMENT))


def test_a_person_is_added_listed_and_signs_in(run, engine):
    run("department", "add", "sawaco", "--vi", "Cấp nước", "--en", "Water supply")
    added = run(
        "add", "lan", "--name", "Nguyễn Thị Lan", "--department", "sawaco", "--role", "importer",
        "--scope", "sector:water", "--password-stdin", stdin="một mật khẩu dài\n",
    )  # fmt: skip
    assert added.output == "added lan, importer on sector:water\n"
    listed = run("list").output
    assert "Nguyễn Thị Lan" in listed and "importer on sector:water" in listed and "sawaco" in listed
    with writing(engine) as connection:
        memory = credentials.PasswordMemory()
        assert credentials.find_by_password(connection, "lan", "một mật khẩu dài", memory) is not None


def test_a_short_password_adds_nobody(run):
    with pytest.raises(GisInfraError, match="10 to 1024 characters"):
        run("add", "lan", "--name", "Lan", "--password-stdin", stdin="short\n")
    assert "lan" not in run("list").output


def test_an_unknown_scope_adds_nobody_either(run):
    with pytest.raises(GisInfraError, match="a scope is a layer id"):
        run("add", "lan", "--name", "Lan", "--no-password", "--role", "viewer", "--scope", "gas_pipe")
    assert "lan" not in run("list").output


def test_a_role_is_granted_and_taken_back(run):
    run("add", "lan", "--name", "Lan", "--no-password")
    assert run("grant", "lan", "editor", "--scope", "water_pipe").output == "lan is editor on water_pipe\n"
    assert "editor on water_pipe" in run("list").output
    run("revoke", "lan", "--scope", "water_pipe")
    assert "editor" not in run("list").output


def test_a_token_is_shown_once_and_listed_by_name(run):
    run("add", "lan", "--name", "Lan", "--no-password")
    secret = run("token", "add", "lan", "qgis", "--days", "30").output.strip()
    listed = run("token", "list", "lan").output
    assert len(secret) == 43 and secret not in listed and listed.startswith("qgis\t")
    assert run("token", "revoke", "lan", "qgis").exit_code == 0
    assert run("token", "list", "lan").output == ""


def test_a_link_is_an_address_of_the_server(run):
    run("add", "lan", "--name", "Lan", "--no-password")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/[\w-]{43}\n", run("link", "lan").output)


def test_an_account_is_closed_and_opened(run):
    run("add", "lan", "--name", "Lan", "--no-password")
    assert run("close", "lan").output == "the account of lan is closed\n"
    assert "closed" in run("list").output
    assert run("close", "lan", "--open").output == "the account of lan is open\n"
