"""How far a long piece of work is, on stderr and only at a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from gis_infra.cli.printing import make_console


class RateColumn(ProgressColumn):
    """Rows a second."""

    def render(self, task: Task) -> Text:
        """The rate of the last while, nothing before there is one."""
        return Text(f"{task.speed:,.0f} rows/s" if task.speed else "")


@dataclass(frozen=True)
class Telling:
    """What moves a bar when it is called with the rows done and the rows there are."""

    bar: Progress
    task: TaskID
    name: str

    def __call__(self, done: int, total: int) -> None:
        """Move the bar; when all rows are read there is still something to be done."""
        step = "finishing" if done >= total else "importing"
        self.bar.update(self.task, completed=done, total=total, description=f"{self.name}: {step}")


@contextmanager
def progress_bar(name: str) -> Iterator[Telling]:
    """A function to call with the rows done and the rows there are; the bar goes when the block ends."""
    console = make_console(stderr=True)
    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(), MofNCompleteColumn(), RateColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        yield Telling(bar, bar.add_task(f"{name}: looking", total=None), name)


@contextmanager
def counting(text: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with the steps done and the steps there are; the bar goes when the block ends."""
    console = make_console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
