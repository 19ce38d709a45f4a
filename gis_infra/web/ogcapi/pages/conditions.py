"""A filter as the rows of the form, where the form has rows for it, and as a sentence. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from gis_infra.catalogue.definitions import Field, Language, Layer
from gis_infra.filters.tree import (
    Accenti,
    And,
    Between,
    Casei,
    Comparison,
    Condition,
    Expression,
    IsNull,
    Like,
    Literal,
    Not,
    Property,
)
from gis_infra.reports.clocks import CITY_TIME
from gis_infra.web.ogcapi.pages.filtering import OPERATORS, SIGNS, Operator, Row
from gis_infra.web.ogcapi.pages.formatting import get_unit, show

BY_SIGN: Mapping[str, Operator] = {sign: operator for operator, sign in SIGNS.items()}
ANY = "%"


def find_rows(condition: Condition, layer: Layer) -> tuple[Row, ...] | None:
    """The rows that mean the condition; None where the form has none for a part of it, or two for one property."""
    rows: dict[str, Row] = {}
    for part in flatten(condition):
        row = find_row(part, layer)
        if row is None:
            return None
        before = rows.get(row.name)
        joined = row if before is None else join(before, row)
        if joined is None:
            return None
        rows[row.name] = joined
    return tuple(rows.values())


def flatten(condition: Condition) -> Iterable[Condition]:
    """The parts that must all hold."""
    if isinstance(condition, And):
        for part in condition.parts:
            yield from flatten(part)
    else:
        yield condition


def join(before: Row, row: Row) -> Row | None:
    """Two open ends of one property as one row; None if they are not that."""
    if before.operator != "between" or row.operator != "between":
        return None
    if (before.value and row.value) or (before.to and row.to):
        return None
    return Row(row.name, "between", before.value or row.value, before.to or row.to)


def find_row(part: Condition, layer: Layer) -> Row | None:
    """The row that means one part of a filter, None if there is none."""
    row = read_part(part, {field.name: field for field in layer.fields})
    if row is None or row.operator not in OPERATORS[layer.get_field(row.name).type]:
        return None
    return row


def read_part(part: Condition, fields: Mapping[str, Field]) -> Row | None:
    """The row of a part, whether or not the property's type has its operator."""
    if isinstance(part, Not):
        inner = read_part(part.part, fields) if isinstance(part.part, IsNull) else None
        return Row(inner.name, "filled") if inner is not None else None
    if isinstance(part, IsNull):
        name = find_name(part.operand, fields)
        return Row(name, "empty") if name is not None else None
    if isinstance(part, Like):
        return read_like(part, fields)
    if isinstance(part, Between):
        name, low, high = find_name(part.value, fields), find_text(part.low), find_text(part.high)
        return Row(name, "between", low, high) if name and low and high else None
    return read_comparison(part, fields) if isinstance(part, Comparison) else None


def read_comparison(part: Comparison, fields: Mapping[str, Field]) -> Row | None:
    """The row of a comparison of a property with a value."""
    name, text = find_name(part.left, fields), find_text(part.right)
    if name is None or not text or not isinstance(part.right, Literal):
        return None
    if isinstance(part.right.value, datetime):
        return read_moment(name, part.operator, part.right.value)
    if part.operator == ">=":
        return Row(name, "between", text)
    if part.operator == "<=":
        return Row(name, "between", "", text)
    return Row(name, BY_SIGN[part.operator], text)


def read_moment(name: str, operator: str, moment: datetime) -> Row | None:
    """The row of a comparison with the beginning of a day of the city; up to the end of a day is before the next."""
    if moment.tzinfo is None:
        return None
    here = moment.astimezone(CITY_TIME)
    if here.timetz().replace(tzinfo=None) != datetime.min.time():
        return None
    if operator == ">=":
        return Row(name, "between", here.date().isoformat())
    if operator == "<" and here.date() > date.min:
        return Row(name, "between", "", (here.date() - timedelta(days=1)).isoformat())
    return None


def read_like(part: Like, fields: Mapping[str, Field]) -> Row | None:
    """The row of a search for a part of a text, neither capitals nor accents counting."""
    name, pattern = find_name(strip(part.text), fields), strip(part.pattern)
    is_loose = part.text != strip(part.text) and isinstance(pattern, Literal)
    if name is None or not is_loose or not isinstance(pattern, Literal) or not str(pattern.value).endswith(ANY):
        return None
    text = str(pattern.value)
    operator: Operator = "contains" if text.startswith(ANY) else "starts"
    plain = unescape(text[1:-1] if operator == "contains" else text[:-1])
    return Row(name, operator, plain) if plain else None


def strip(expression: Expression) -> Expression:
    """The text within CASEI(ACCENTI(…)), or the other way round; the expression itself where there is not both."""
    if isinstance(expression, Casei) and isinstance(expression.text, Accenti):
        return expression.text.text
    if isinstance(expression, Accenti) and isinstance(expression.text, Casei):
        return expression.text.text
    return expression


def unescape(pattern: str) -> str | None:
    """The text that a pattern without wild characters matches; None if it has one."""
    parts = iter(pattern)
    text = []
    for each in parts:
        if each in "%_":
            return None
        text.append(next(parts, "") if each == "\\" else each)
    return "".join(text)


def find_name(expression: Any, fields: Mapping[str, Field]) -> str | None:
    """The property that an expression is, None if it is more or less than that."""
    return expression.name if isinstance(expression, Property) and expression.name in fields else None


def find_text(expression: Expression) -> str:
    """A constant as the form has it; empty for what is none."""
    if not isinstance(expression, Literal):
        return ""
    value = expression.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def to_sentence(row: Row, layer: Layer, words: Mapping[str, str], language: Language) -> str:
    """What a row says: "Vật liệu là HDPE", "Đường kính từ 100 đến 300 mm"."""
    field = layer.get_field(row.name)
    title = field.title.get_in(language)
    if row.operator in ("empty", "filled"):
        return f"{title} {words[f'op_{row.operator}']}"
    if row.operator == "between":
        ends = ((words["at_least"], row.value), (words["at_most"], row.to))
        said = " ".join(f"{word} {say(text, field, words, language)}" for word, text in ends if text)
        return f"{title} {said}"
    return f"{title} {get_operator(row.operator, field, words)} {say(row.value, field, words, language)}"


def get_operator(operator: Operator, field: Field, words: Mapping[str, str]) -> str:
    """The word for an operator; days come before and after, numbers are less and more."""
    if field.type == "date" and operator in ("below", "above"):
        return words["op_before" if operator == "below" else "op_after"]
    return words[f"op_{operator}"]


def say(text: str, field: Field, words: Mapping[str, str], language: Language) -> str:
    """A value of the form as people write it; a text in quotation marks, what is no value of the field as it is."""
    if field.type == "boolean":
        return words["yes" if text == "true" else "no"]
    if field.type == "code":
        return field.codes[text].get_in(language) if text in field.codes else text
    if field.type == "text":
        return f"“{text}”"
    try:
        return show(field, read_value(text, field), language).text
    except ValueError:
        return f"{text} {get_unit(field)}".strip()


def read_value(text: str, field: Field) -> date | float:
    """A day or a number of the form. Raises ValueError."""
    if field.type in ("date", "timestamp"):
        return date.fromisoformat(text)
    number = float(text)
    return int(number) if number.is_integer() else number
