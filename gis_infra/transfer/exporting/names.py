"""Names of ten letters for the columns of a shapefile, chosen so that an import takes each back into its own field.

A field's own name if it is short enough; else its beginning, or one of the names surveyors' files use for it. The
importer itself is asked which of them it would understand.
"""

from collections.abc import Mapping, Sequence

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.transfer.mapping.columns import map_columns
from gis_infra.transfer.request import Reading

CUT_AT = 10  # letters of a column name in a .dbf


def shorten(layer: Layer, names: Sequence[str]) -> dict[str, str]:
    """Column -> its name in a .dbf: at most ten letters, each once whatever the capitals.

    names: of the layer's fields, or of columns that are none, which are only cut.
    """
    known = {each.name: each for each in layer.fields}
    candidates = {name: list_candidates(name, known.get(name)) for name in names}
    chosen = dict.fromkeys(names, 0)
    while True:
        short = {name: candidates[name][chosen[name]] for name in names}
        wrong = [name for name in find_wrong(layer, short) if chosen[name] + 1 < len(candidates[name])]
        if not wrong:
            return make_unique(short)
        chosen[wrong[-1]] += 1


def list_candidates(name: str, field: Field | None) -> list[str]:
    """Names of at most ten letters for a column, the best first."""
    aliases = field.aliases if field is not None else ()
    short = [alias.lower() for alias in aliases if len(alias) <= CUT_AT and alias.isascii()]
    return list(dict.fromkeys([name[:CUT_AT], *short]))


def find_wrong(layer: Layer, short: Mapping[str, str]) -> list[str]:
    """The columns whose short name is another's too, or that an import would take for something else."""
    given = list(short.values())
    system = {each.name for each in layer.fields if each.system}
    fields = {each.name for each in layer.fields} - system
    taken = {
        each.column: each.field.name
        for each in map_columns(layer, given, Reading()).taken
        if each.field is not None and each.unit in {None, each.field.unit}
    }
    return [
        name
        for name, column in short.items()
        if given.count(column) > 1 or taken.get(column) != (name if name in fields else None)
    ]


def make_unique(short: Mapping[str, str]) -> dict[str, str]:
    """The same names, those that came before ended in a number."""
    unique: dict[str, str] = {}
    for name, column in short.items():
        number, free = 1, column
        while free in unique.values():
            free, number = f"{column[: CUT_AT - len(str(number))]}{number}", number + 1
        unique[name] = free
    return unique
