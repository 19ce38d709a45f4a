"""The report of an import as a person at a terminal reads it: what was read and how, what went in, what did not, why,
and what to do next.

Colours are the console's: without them every word still stands. What comes from the file is shown in one line and
without control characters, so that no value can write to the terminal.
"""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gis_infra.transfer.reporting.report import HowRead, ImportReport, Problems, tell_use
from gis_infra.transfer.reporting.tally import Example

MARGIN = 14  # columns before the text of a line
MOST_KINDS = 12  # of problems shown; the HTML and JSON reports have all
MOST_NAMES = 20
MOST_PLACED = 2  # examples shown of a kind, where each has a place besides its row


def print_report(console: Console, report: ImportReport) -> None:
    """Print what became of an import, the one-line summary last."""
    for line in render_report(report):
        console.print(line, soft_wrap=True, highlight=False)


def render_report(report: ImportReport) -> list[Text]:
    """The lines of a report."""
    title = f"{clean(name_source(report))} → {report.layer_id} ({report.layer_title.en})"
    lines = [
        Text(title, "bold").append("  dry run, nothing was changed" if report.is_dry_run else "", "not bold yellow")
    ]
    lines += render_reading(report.how, report.notes)
    lines += render_outcome(report)
    errors = [kind for kind in report.kinds if kind.is_error]
    warnings = [kind for kind in report.kinds if not kind.is_error]
    lines += render_kinds("rejected", "red", errors, report)
    lines += render_kinds("noticed", "yellow", warnings, report)
    lines += render_next(report)
    return [*lines, render_summary(report)]


def render_reading(how: HowRead, notes: Sequence[str]) -> list[Text]:
    """How the file was read, and why."""
    swapped = ", northing first" if how.swap_xy else ""
    lines = [entry("coordinates", f"{how.crs}{swapped}: {clean(how.crs_reason)}")]
    if how.lands:
        lines.append(entry("", f"lands {how.lands}", "" if how.lands.startswith("in the city") else "yellow"))
    if how.encoding:
        lines.append(entry("text", f"{how.encoding}: {clean(how.encoding_reason)}"))
    lines += [entry("", f"{clean(column)}: {encoding}") for column, encoding in how.encodings.items()]
    lines += entries(
        "columns", (f"{clean(use.column)} → {use.field}, {clean(tell_use(use))}" for use in how.columns if use.field)
    )
    if how.kept:
        lines.append(
            entry("kept", f"{list_names(how.kept)} (as source_attributes; into a field with --map COLUMN=field)")
        )
    lines += entries("file", map(clean, how.remarks)) + entries("shapes", notes)
    return lines + entries("look at", map(clean, how.doubts), "yellow")


def render_outcome(report: ImportReport) -> list[Text]:
    """What went in and what was deleted."""
    named = ("inserted", "updated", "unchanged", "skipped")
    parts = [f"{count:,} {name}" for name in named if (count := getattr(report, name))]
    label = "would go in" if report.is_dry_run else "went in"
    color = "green" if report.accepted else "red"
    told = f"{report.accepted:,} of {tell_rows(report.rows)}{': ' if parts else ''}{', '.join(parts)}"
    lines = [entry(label, told, color)]
    if report.deleted:
        names = f": {list_names(report.deleted_rows, report.deleted)}" if report.deleted_rows else ""
        verb = "would go" if report.is_dry_run else "deleted"
        lines.append(entry(verb, f"{tell_rows(report.deleted)} of the owner that the file lacks{names}", "red"))
    return lines


def render_kinds(label: str, color: str, kinds: Sequence[Problems], report: ImportReport) -> list[Text]:
    """Problems, a kind at a time: how many rows, why, some of them, and what to do."""
    lines: list[Text] = []
    for kind in kinds[:MOST_KINDS]:
        rows = f"all {tell_rows(kind.rows)}" if kind.rows == report.rows > 1 else tell_rows(kind.rows)
        lines.append(entry("" if lines else label, f"{rows}: {clean(str(kind))}", color))
        lines += entries("", filter(None, [tell_examples(kind.examples)]), "dim")
        if kind.advice is not None:
            lines.append(entry("", f"→ {clean(kind.advice.en)}", "cyan"))
    if len(kinds) > MOST_KINDS:
        lines.append(entry("", f"and {len(kinds) - MOST_KINDS} more reasons; --report FILE.html tells them all"))
    return lines


def tell_examples(examples: Sequence[Example]) -> str:
    """Some rows with what was found in them: "row 2: '5', row 7: '3'"; "" for none."""
    if any(each.rest for each in examples):
        examples = examples[:MOST_PLACED]
    return ", ".join(" ".join(filter(None, (tell_row(each), clean(each.rest)))) for each in examples)


def tell_row(example: Example) -> str:
    """One row with its value, if there is one to show."""
    return f"row {example.row:,}" + (f": '{clean(example.value)}'" if example.value else "")


def render_next(report: ImportReport) -> list[Text]:
    """Where the rejected rows are, and the command that brings them in."""
    if not report.rejected or report.is_dry_run:
        return []
    if report.rejected_file is None:
        return (
            [entry("lost", f"the rejected rows could not be kept: {report.elsewhere}", "red")]
            if report.elsewhere
            else []
        )
    lines = [entry("next", f"the rejected rows are in {clean(str(report.rejected_file))}, each with its reasons")]
    if report.elsewhere:
        lines.append(entry("", f"(not beside the file: {clean(report.elsewhere)})"))
    return [
        *lines,
        entry("", "mend them there, in QGIS, and import that file:"),
        entry("", f"  {clean(report.command)}", "cyan"),
    ]


def render_summary(report: ImportReport) -> Text:
    """The last line: what went in, what did not."""
    verb = "would go" if report.is_dry_run else "went"
    number = f", import {report.import_id}" if report.import_id is not None else ""
    counts = (
        f"{report.accepted:,} of {tell_rows(report.rows)} {verb} into {report.layer_id}, {report.rejected:,} rejected"
    )
    color = ("green", "yellow", "red")[report.exit_code]
    return Text(f"{clean(name_source(report))}: {counts} ({report.seconds:.1f} s{number})", f"bold {color}")


def name_source(report: ImportReport) -> str:
    """The file, and which of its layers where that is called otherwise."""
    same = report.source_layer.casefold() in {"", report.file.rpartition(".")[0].casefold(), report.file.casefold()}
    return report.file if same else f"{report.file}, layer {report.source_layer}"


def make_summary_table(reports: Sequence[ImportReport]) -> Table:
    """Several imports, a line each."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("layer of the source", "layer"):
        table.add_column(heading, overflow="fold")
    for heading in ("rows", "in", "rejected", "deleted"):
        table.add_column(heading, justify="right")
    for each in reports:
        counts = (each.rows, each.accepted, each.rejected, each.deleted)
        table.add_row(clean(each.source_layer), each.layer_id, *(f"{count:,}" for count in counts))
    return table


def entries(label: str, texts: Iterable[str], color: str = "") -> list[Text]:
    """Lines under one label; none if there is no text."""
    return [entry("" if number else label, text, color) for number, text in enumerate(texts)]


def entry(label: str, text: str, color: str = "") -> Text:
    """A line with its label."""
    return Text(f"  {label:<{MARGIN - 2}}", "dim" if label else "").append(text, f"not dim {color}")


def list_names(names: Sequence[str], total: int | None = None) -> str:
    """Names with commas; the first of them, and how many more, if they are many."""
    left = (total if total is not None else len(names)) - len(names[:MOST_NAMES])
    more = f" and {left:,} more" if left > 0 else ""
    return f"{', '.join(map(clean, names[:MOST_NAMES]))}{more}"


def tell_rows(count: int) -> str:
    """ "1 row", "3,950 rows"."""
    return f"{count:,} row{'' if count == 1 else 's'}"


def clean(text: str) -> str:
    """Text in one line, with characters that do not print written out, so that none reaches the terminal."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
