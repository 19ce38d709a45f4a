"""A slow second reader of XML filters: plain Python and Shapely on rows, one at a time, straight from the XML.

It knows nothing of the reader under test and goes by the standards alone (OGC 09-026r2, ISO 19108 clause 5.2.3.5). A
condition is True, False or, where a value is missing, None.
"""

import math
import re
from datetime import UTC, date, datetime

import shapely
from lxml import etree

METRES = {"m": 1.0, "km": 1000.0, "urn:ogc:def:uom:EPSG::9001": 1.0, "ft": 0.3048}
COMPARE = {
    "PropertyIsEqualTo": lambda a, b: a == b,
    "PropertyIsNotEqualTo": lambda a, b: a != b,
    "PropertyIsLessThan": lambda a, b: a < b,
    "PropertyIsLessThanOrEqualTo": lambda a, b: a <= b,
    "PropertyIsGreaterThan": lambda a, b: a > b,
    "PropertyIsGreaterThanOrEqualTo": lambda a, b: a >= b,
}
RELATE = {
    "Intersects": shapely.intersects, "Disjoint": shapely.disjoint, "Within": shapely.within,
    "Contains": shapely.contains, "Touches": shapely.touches, "Crosses": shapely.crosses,
    "Overlaps": shapely.overlaps, "Equals": shapely.equals,
}  # fmt: skip
# Of a moment m or a period (b, e) to another, as ISO 19108 lists them: of two moments, of a moment to a period, of a
# period to a moment. Two periods never meet here, since properties are moments.
TIMES = {
    "After": (lambda m, n: m > n, lambda m, b, e: m > e, lambda b, e, m: b > m),
    "Before": (lambda m, n: m < n, lambda m, b, e: m < b, lambda b, e, m: e < m),
    "TEquals": (lambda m, n: m == n, lambda m, b, e: b == m == e, lambda b, e, m: b == m == e),
    "During": (lambda m, n: False, lambda m, b, e: b < m < e, lambda b, e, m: False),
    "TContains": (lambda m, n: False, lambda m, b, e: False, lambda b, e, m: b < m < e),
    "Begins": (lambda m, n: False, lambda m, b, e: m == b < e, lambda b, e, m: False),
    "BegunBy": (lambda m, n: False, lambda m, b, e: False, lambda b, e, m: b == m < e),
    "Ends": (lambda m, n: False, lambda m, b, e: b < m == e, lambda b, e, m: False),
    "EndedBy": (lambda m, n: False, lambda m, b, e: False, lambda b, e, m: b < m == e),
    "AnyInteracts": (lambda m, n: m == n, lambda m, b, e: b <= m <= e, lambda b, e, m: b <= m <= e),
    **dict.fromkeys(
        ("Meets", "MetBy", "TOverlaps", "OverlappedBy"),
        (lambda m, n: False, lambda m, b, e: False, lambda b, e, m: False),
    ),
}


def judge(element, row):
    """Whether the condition of an element holds for a row: attributes by name, `id`, and `geom` as a shape."""
    name = etree.QName(element).localname
    children = list(element)
    match name:
        case "And":
            return all_of([judge(child, row) for child in children])
        case "Or":
            return negate(all_of([negate(judge(child, row)) for child in children]))
        case "Not":
            return negate(judge(children[0], row))
        case "PropertyIsNull":
            return evaluate(children[0], row) is None
        case "PropertyIsNil":
            return False  # what has no value is left out of a feature, and never written as nil
        case "PropertyIsBetween":
            bounds = [bound[0] for bound in children[1:]]
            low = judge_pair("PropertyIsGreaterThanOrEqualTo", [children[0], bounds[0]], row)
            return all_of([low, judge_pair("PropertyIsLessThanOrEqualTo", [children[0], bounds[1]], row)])
        case "PropertyIsLike":
            return judge_like(element, row)
        case "ResourceId" | "FeatureId" | "GmlObjectId":
            return next(iter(element.attrib.values())) == f"{row['layer']}.{row['id']}"
        case "BBOX":
            return None if row["geom"] is None else bool(shapely.intersects(row["geom"], to_shape(children[-1])))
        case "DWithin" | "Beyond":
            return judge_distance(name, children, row)
    if name in COMPARE:
        return judge_pair(name, children, row, match_case=element.get("matchCase") != "false")
    if name in RELATE:
        left, right = (find_shape(child, row) for child in children)
        return None if left is None or right is None else bool(RELATE[name](left, right))
    return judge_times(name, children, row)


def all_of(parts):
    """The conjunction: False if any is, else None if any is unknown."""
    return False if False in parts else None if None in parts else True


def negate(value):
    return None if value is None else not value


def judge_pair(name, operands, row, match_case=True):
    """Two operands compared; a literal is read as what the other one is."""
    left, right = (evaluate(each, row) for each in operands)
    if left is None or right is None:
        return None
    if is_literal(operands[0]):
        left = read_like(left, right)
    if is_literal(operands[1]):
        right = read_like(right, left)
    if isinstance(left, str) and not match_case:
        left, right = left.lower(), right.lower()
    return COMPARE[name](left, right)


def is_literal(element):
    return etree.QName(element).localname == "Literal"


def read_like(text, example):
    """A literal's text as a value of the type of another value."""
    match example:
        case bool():
            return text in {"true", "1"}
        case datetime():
            return to_moment(text)
        case date():
            return date.fromisoformat(text[:10])
        case int() | float():
            return float(text)
        case _:
            return text


def judge_like(element, row):
    """The pattern as a regular expression, made character by character."""
    text, pattern = evaluate(element[0], row), element[1].text or ""
    if text is None:
        return None
    escape = element.get("escapeChar") or element.get("escape")
    pieces, at = [], 0
    while at < len(pattern):
        if pattern[at] == escape and at + 1 < len(pattern):
            at += 1
            pieces.append(re.escape(pattern[at]))
        elif pattern[at] == element.get("wildCard"):
            pieces.append(".*")
        elif pattern[at] == element.get("singleChar"):
            pieces.append(".")
        else:
            pieces.append(re.escape(pattern[at]))
        at += 1
    flags = re.DOTALL | (re.IGNORECASE if element.get("matchCase") == "false" else 0)
    return re.fullmatch("".join(pieces), text, flags) is not None


def judge_distance(name, children, row):
    left, right = (find_shape(child, row) for child in children[:2])
    if left is None or right is None:
        return None
    limit = float(children[2].text) * METRES[children[2].get("uom", children[2].get("units"))]
    near = shapely.distance(left, right) <= limit
    return bool(near if name == "DWithin" else not near)


def evaluate(element, row):
    """The value of an operand; a literal's text as it stands; None where there is none."""
    name = etree.QName(element).localname
    if name in {"ValueReference", "PropertyName"}:
        return row[element.text.rpartition(":")[2]]
    if is_literal(element):
        return element.text or ""
    if name == "Function":
        return call(element.get("name"), list(element), row)
    left, right = (evaluate(child, row) for child in element)
    if left is None or right is None:
        return None
    left, right = float(left), float(right)
    if name == "Div":
        return None if right == 0 else left / right
    return {"Add": left + right, "Sub": left - right, "Mul": left * right}[name]


def call(name, arguments, row):
    """A function of its arguments."""
    if name in {"length_m", "area_m2", "distance_m", "is_within_m"}:
        return measure(name, arguments, row)
    values = [evaluate(each, row) for each in arguments]
    if None in values:
        return None
    if name in {"abs", "round", "floor", "ceil"}:
        number = float(values[0])
        half_away = math.copysign(math.floor(abs(number) + 0.5), number)
        return {"abs": abs(number), "round": half_away, "floor": math.floor(number), "ceil": math.ceil(number)}[name]
    if name in {"year", "month", "day"}:
        return getattr(values[0], name)
    text = str(values[0])
    if name == "concat":
        return text + str(values[1])
    return {"lower": text.lower(), "upper": text.upper(), "trim": text.strip(" "), "length": len(text)}[name]


def measure(name, arguments, row):
    shape = find_shape(arguments[0], row)
    if shape is None:
        return None
    if name == "length_m":
        return shape.length
    if name == "area_m2":
        return shape.area
    distance = float(shapely.distance(shape, find_shape(arguments[1], row)))
    return distance if name == "distance_m" else distance <= float(arguments[2].text)


def find_shape(element, row):
    """The geometry of an operand: the row's, or a constant one."""
    is_own = etree.QName(element).localname in {"ValueReference", "PropertyName"}
    return evaluate(element, row) if is_own else to_shape(element)


def to_shape(element):
    """A geometry of one or two levels: corners of a box, positions of a point, a line or a ring."""
    numbers = [float(each) for text in element.itertext() for each in text.replace(",", " ").split()]
    positions = list(zip(numbers[::2], numbers[1::2], strict=True))
    match etree.QName(element).localname:
        case "Envelope" | "Box":
            return shapely.box(*positions[0], *positions[1])
        case "Point":
            return shapely.Point(positions[0])
        case "LineString":
            return shapely.LineString(positions)
        case _:
            return shapely.Polygon(positions)


def judge_times(name, children, row):
    """Two times in relation; of a missing one None."""
    left, right = (read_time(child, row) for child in children)
    if name in {"Meets", "MetBy", "TOverlaps", "OverlappedBy"}:
        return False
    if None in (*left, *right):
        return None
    moments, to_period, of_period = TIMES[name]
    if len(left) == len(right) == 1:
        return moments(*left, *right)
    return to_period(*left, *right) if len(left) == 1 else of_period(*left, *right)


def read_time(element, row):
    """One moment, or the two of a period."""
    name = etree.QName(element).localname
    if name == "TimePeriod":
        return tuple(to_moment(text.strip()) for text in element.itertext() if text.strip())
    if name in {"TimeInstant", "Literal"}:
        return (to_moment("".join(element.itertext()).strip()),)
    found = evaluate(element, row)
    return (None if found is None else to_moment(found.isoformat()),)


def to_moment(text):
    """A moment; a day is its start in UTC."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
