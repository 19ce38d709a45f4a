"""How far a long piece of work is, on stderr and only at a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from gis_infra.cli.printing import make_console


class RateColumn(ProgressColumn):
    """Rows a second."""

    def render(self, task: Task) -> Text:
        """The rate of the last while, nothing before there is one."""
        return Text(f"{task.speed:,.0f} rows/s" if task.speed else "")


@contextmanager
def progress_bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with the rows done and the rows there are; the bar goes when the block ends."""
    console = make_console(stderr=True)
    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(), MofNCompleteColumn(), RateColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(f"{name}: looking", total=None)

        def tell(done: int, total: int) -> None:
            step = "finishing" if done >= total else "importing"
            bar.update(task, completed=done, total=total, description=f"{name}: {step}")

        yield tell
