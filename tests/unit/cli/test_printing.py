"""What is printed where: colours and progress are the terminal's alone."""

import io

import pytest
from rich.table import Table

from gis_infra.cli import progress
from gis_infra.cli.printing import make_console, print_table


@pytest.fixture
def terminal(monkeypatch):
    """A terminal with colours."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def show(console):
    console.file = io.StringIO()
    console.print("[red]x[/]", style="bold red")
    return console.file.getvalue()


def test_a_terminal_has_colors_and_text_is_taken_as_it_is(terminal):
    assert show(make_console()) == "\x1b[1;31m[red]x[/]\x1b[0m\n"


def test_no_color_is_plain(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert show(make_console()) == "[red]x[/]\n"


def test_where_there_is_no_terminal_it_is_plain_and_tables_have_no_blanks_behind(capsys):
    table = Table("a", "b", box=None, pad_edge=False)
    table.add_row("1", "x" * 150)
    table.add_row("2", "")
    print_table(make_console(), table)
    assert capsys.readouterr().out == f"a  b\n1  {'x' * 150}\n2\n"


def test_progress_is_shown_with_rate_and_time_left_at_a_terminal(terminal, monkeypatch):
    console = make_console(stderr=True)
    console.file = io.StringIO()
    monkeypatch.setattr(progress, "make_console", lambda *, stderr: console)
    with progress.progress_bar("pipes[1].shp") as tell:
        for done in (100, 200, 300):
            tell(done, 400)
    told = console.file.getvalue()
    assert "pipes[1].shp: importing" in told and "300/400" in told and "rows/s" in told


def test_progress_says_nothing_where_there_is_no_terminal(capsys):
    with progress.progress_bar("pipes.shp") as tell:
        tell(1, 2)
    assert capsys.readouterr() == ("", "")
