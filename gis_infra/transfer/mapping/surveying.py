"""What only a column as a whole can tell: whether its dates have the day first, whether its numbers suit their unit.

Dates written as text are read through to the end, for one 13/04 settles all the others; of numbers a sample is looked
at. Nothing is converted by it: doubts are told, with what to say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.catalogue.definitions import Field
from gis_infra.catalogue.units import get_ratio, list_alike
from gis_infra.transfer.cleaning.dates import DateOrder, is_day_missing, split_numbers
from gis_infra.transfer.cleaning.values import convert, is_text
from gis_infra.transfer.mapping.columns import Mapped, MappedColumn
from gis_infra.transfer.sources.batches import stream
from gis_infra.transfer.sources.source import Source
from gis_infra.transfer.text.guessing import TextGuess
from gis_infra.transfer.text.reading import read_column

SAMPLE_ROWS = 2_000
ROWS = 50_000  # of a few text columns at a time
LEAST_NUMBERS = 3  # of a column whose unit may be doubted
FEW, MOST = 0.1, 0.9  # shares of its numbers that suit the unit it is read in, and another


@dataclass
class DateEvidence:
    """What the dates of a column say of their order: examples that can be read in one way only, and of both."""

    day_first: str = ""
    month_first: str = ""
    either: str = ""
    without_day: str = ""

    def add(self, values: Iterable[object]) -> None:
        """Look at some values."""
        for value in values:
            numbers = split_numbers(value)
            if numbers is None:
                self.without_day = self.without_day or (str(value) if is_day_missing(value) else "")
            elif numbers[0] > 12:
                self.day_first = self.day_first or str(value)
            elif numbers[1] > 12:
                self.month_first = self.month_first or str(value)
            elif numbers[0] != numbers[1]:
                self.either = self.either or str(value)


@dataclass
class Told:
    """What is told of columns so far."""

    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Columns:
    """How to read the columns of an open source. theirs: name as read -> the driver's. text: as the plan has it."""

    source: Source
    theirs: Mapping[str, str]
    text: TextGuess | None

    def stream(self, rows: int, names: Sequence[str]) -> Iterator[dict[str, pa.Array]]:
        """The named columns, `rows` rows at a time, text decoded; nothing if there are no rows or no names."""
        if names:
            drivers = [self.theirs[name] for name in names]
            for batch in stream(self.source, rows, columns=drivers, read_geometry=False):
                yield {name: self.decode(name, batch.column(self.theirs[name])) for name in names}

    def decode(self, name: str, column: pa.Array) -> pa.Array:
        """A column with its text decoded; what cannot be decoded is null."""
        if not is_text(column.type):
            return column
        return read_column(column, self.text.get(self.theirs[name]) if self.text is not None else None).column


def survey(source: Source, names: Mapping[str, str], text: TextGuess | None, mapped: Mapped) -> Mapped:
    """The mapping with the order of each column's dates, and what is doubtful of columns as a whole.

    names: the driver's name of each column -> its name as read. text: as the plan has it.
    Raises InvalidSource if the rows cannot be read.
    """
    reader = Columns(source, {name: driver for driver, name in names.items()}, text)
    told = Told(list(mapped.notes), list(mapped.warnings))
    sample = next(reader.stream(SAMPLE_ROWS, [each.column for each in mapped.taken]), {})
    dates = read_dates(reader, [each.column for each in mapped.taken if is_date(each)], sample)
    columns = []
    for each in mapped.columns:
        if each.column in dates:
            order = decide_order(each, dates[each.column], told)
            columns.append(replace(each, date_order=order))
            continue
        columns.append(each)
        if each.column in sample:
            told.warnings += doubt_unit(each, take_numbers(sample[each.column], each))
    return Mapped(tuple(columns), tuple(told.notes), tuple(told.warnings))


def is_date(mapped: MappedColumn) -> bool:
    """Whether a column goes to a field of dates."""
    return mapped.field is not None and mapped.field.type == "date"


def read_dates(reader: Columns, names: Sequence[str], sample: Mapping[str, pa.Array]) -> dict[str, DateEvidence]:
    """The evidence of each column of dates: of all its rows where they are text, of the sample where they are not."""
    found = {name: DateEvidence() for name in names}
    texts = [name for name in names if name in sample and is_text(sample[name].type)]
    for name in found.keys() & sample.keys() - set(texts):
        found[name].add(pc.unique(sample[name]).to_pylist())
    for batch in reader.stream(ROWS, texts):
        for name, column in batch.items():
            found[name].add(pc.unique(column).to_pylist())
    return found


def decide_order(mapped: MappedColumn, evidence: DateEvidence, told: Told) -> DateOrder:
    """How the dates of a column are read, which is told unless it goes without saying."""
    column = mapped.column
    if evidence.without_day:
        said = "taken as the first day of the month, quarter or year"
        told.notes.append(f"{column}: dates without a day, such as {evidence.without_day}, are {said}")
    if mapped.date_order is not None:
        return mapped.date_order
    if evidence.day_first and evidence.month_first:
        both = f"the day first ({evidence.day_first}) and with the month first ({evidence.month_first})"
        told.warnings.append(
            f"{column} has dates with {both}; those that could be either are refused: "
            f"say --unit {column}=dd/mm/yyyy or --unit {column}=mm/dd/yyyy"
        )
        return "unsure"
    if evidence.month_first:
        told.notes.append(f"{column}: dates are read month first, for {evidence.month_first} can be no other")
        return "mdy"
    if evidence.either and not evidence.day_first:
        told.notes.append(
            f"{column}: dates such as {evidence.either} are read day first; --unit {column}=mm/dd/yyyy is the other way"
        )
    return "dmy"


def take_numbers(column: pa.Array, mapped: MappedColumn) -> list[float]:
    """The numbers of a sample other than 0, in the field's unit, as the import would read them."""
    if mapped.field is None or mapped.field.type not in {"integer", "number"}:
        return []
    # Read as decimals, so that 0.3 of a field of whole millimetres is seen too.
    as_number = replace(mapped, field=replace(mapped.field, type="number"))
    return [value for value in convert(column, as_number).column.to_pylist() if value]


def doubt_unit(mapped: MappedColumn, numbers: Sequence[float]) -> list[str]:
    """A warning if the numbers of a column are odd in the field's unit, and would not be in another."""
    found = mapped.field
    if found is None or found.unit is None or mapped.unit is not None or len(numbers) < LEAST_NUMBERS:
        return []
    likely = find_likelier_units(numbers, found)
    if not likely:
        return []
    ratio = float(get_ratio(likely[0], found.unit))
    low, high = min(numbers), max(numbers)
    would = f"in {likely[0]} they would be {low * ratio:g} to {high * ratio:g} {found.unit}"
    say = " or ".join(f"--unit {mapped.column}={unit}" for unit in (*likely, found.unit))
    return [f"{mapped.column}: {low:g} to {high:g} {found.unit} are odd for {found.name}; {would}: say {say}"]


def find_likelier_units(numbers: Sequence[float], field: Field) -> tuple[str, ...]:
    """The units in which the numbers would be usual for the field, none if they are so in its own.

    Usual is what the layer says is, or else what it allows.
    """
    low, high = field.usual or (field.minimum, field.maximum)
    if field.unit is None or low is None or high is None or count_within(numbers, low, high) >= FEW * len(numbers):
        return ()
    found = []
    for unit in list_alike(field.unit):
        ratio = float(get_ratio(unit, field.unit))
        if count_within((number * ratio for number in numbers), low, high) >= MOST * len(numbers):
            found.append(unit)
    return tuple(found)


def count_within(numbers: Iterable[float], low: float, high: float) -> int:
    """How many numbers lie between two bounds."""
    return sum(low <= number <= high for number in numbers)
