"""Values as Python source that needs no formatting: what fits a line stands on it, the rest is opened up."""

import json
import textwrap
from collections.abc import Sequence

WIDTH = 120
STEP = 4
Literal = str | None | tuple["Literal", ...]


def render(value: Literal, indent: int = 0, prefix: int = 0, suffix: int = 1, width: int = WIDTH) -> str:
    """The source of a value.

    indent: columns in front of the line it begins on; prefix: columns used on that line already (a name and " = ");
    suffix: columns that follow it there (a comma); width: columns a line may have.
    """
    line = render_on_one_line(value)
    if indent + prefix + len(line) + suffix <= width or not isinstance(value, str | tuple) or value == ():
        return line
    inner = indent + STEP
    if isinstance(value, str):
        # What is cut is the source, which is longer than the text; an escape holds no space, so none is cut in two.
        parts = split(render_on_one_line(value)[1:-1], width - inner - 2)
        return "\n".join(["(", *(f'{" " * inner}"{part}"' for part in parts), " " * indent + ")"])
    rows = [f"{' ' * inner}{render(part, inner, width=width)}," for part in value]
    return "\n".join(["(", *rows, " " * indent + ")"])


def render_call(function: str, arguments: Sequence[str], width: int = WIDTH) -> str:
    """The source of a call of which the arguments are source themselves, each for STEP columns of indentation."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= width and "\n" not in line:
        return line
    return "\n".join([f"{function}(", *(f"{' ' * STEP}{argument}," for argument in arguments), ")"])


def render_on_one_line(value: Literal) -> str:
    """The source of a value, however long."""
    if value is None:
        return "None"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    parts = [render_on_one_line(part) for part in value]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def split(text: str, width: int) -> list[str]:
    """A text in parts of at most `width` columns, cut after spaces; joined, they are the text."""
    lines = textwrap.wrap(text, width, drop_whitespace=False, replace_whitespace=False, break_long_words=False)
    return lines if "".join(lines) == text else [text]
