"""Commands with many options, listed in their help under headings."""

from typing import Any

import click


class GroupedOption(click.Option):
    """An option that stands under a heading. heading: "Options" by default, as click has it."""

    def __init__(self, *names: Any, heading: str = "Options", **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.heading = heading


class GroupedCommand(click.Command):
    """A command whose help lists its options by heading, those without one last."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        groups: dict[str, list[tuple[str, str]]] = {}
        grouped = [each for each in self.get_params(ctx) if isinstance(each, GroupedOption)]
        others = [each for each in self.get_params(ctx) if isinstance(each, click.Option) and each not in grouped]
        for each in (*grouped, *others):
            if (record := each.get_help_record(ctx)) is not None:
                groups.setdefault(getattr(each, "heading", "Options"), []).append(record)
        for heading, records in groups.items():
            with formatter.section(heading):
                formatter.write_dl(records)
