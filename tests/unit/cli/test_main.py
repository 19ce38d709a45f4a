"""The command line as a whole: its table of commands, and what a refusal looks like."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from gis_infra.cli.main import COMMANDS, cli
from gis_infra.settings import ROOT


def run(*arguments, **environment):
    """`gis-infra …` as a process of its own, with nothing in its environment but what is given."""
    code = "from gis_infra.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, cwd=ROOT, timeout=60
    )


def test_help_names_every_command_and_loads_no_room():
    code = (
        "import sys; from click.testing import CliRunner; from gis_infra.cli.main import cli\n"
        "print(CliRunner().invoke(cli, ['--help']).output)\n"
        "print([name for name in sys.modules if name in ('sqlalchemy', 'shapely', 'flask', 'pyproj')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60).stdout
    assert all(f"  {name} " in told for name in COMMANDS)
    assert told.rstrip().endswith("[]")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_in_the_table_is_there(name):
    told = CliRunner().invoke(cli, [name, "--help"])
    assert told.exit_code == 0 and told.stdout.startswith("Usage:"), told.stderr


def test_what_only_reads_the_register_or_coverage_loads_nothing_that_computes():
    code = (
        "import sys; from gis_infra.cli import conflicts, coverage\n"
        "print([name for name in sys.modules if name in ('scipy', 'pandas', 'geopandas', 'jsonschema')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert told.stdout == "[]\n", told.stderr


def test_a_refusal_is_one_line_and_exit_code_two(tmp_path):
    told = run("users", "list", GIS_INFRA_PORT="http", GIS_INFRA_HOME=str(tmp_path))
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "gis-infra: GIS_INFRA_PORT must be a whole number, got 'http'\n"
