"""Whether an input fits its JSON schema, and if not, in our words: what was asked for, what was given, what may be.

The messages of the library that checks are for programmers of schemas; whoever plans a city reads these.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from gis_infra.errors import InvalidParameter

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

LONGEST_SHOWN = 60
TYPES = {
    "string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "array": "a list", "object": "an object", "null": "null",
}  # fmt: skip
# Whole sentences that a number, a text or a list must come up to; the rest of what a schema says is told by its type.
LIMITS: tuple[tuple[str, str], ...] = (
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "more than {}"),
    ("maximum", "at most {}"),
    ("exclusiveMaximum", "less than {}"),
    ("minLength", "at least {} letters long"),
    ("maxLength", "at most {} letters long"),
    ("minItems", "of at least {} items"),
    ("maxItems", "of at most {} items"),
)


def require_fit(name: str, value: object, schema: Mapping[str, Any]) -> None:
    """Return if an input fits its schema. Raises InvalidParameter, which names the part of it that does not."""
    from jsonschema import Draft202012Validator  # only when there is an input to look at

    problem = next(Draft202012Validator(schema).iter_errors(value), None)
    if problem is not None:
        place = name_place(name, problem)
        raise InvalidParameter(tell_misfit(place, problem), where=place)


def name_place(name: str, problem: "ValidationError") -> str:
    """The part of an input that does not fit, as `what_if.without[0]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in problem.absolute_path)
    return name + "".join(steps)


def tell_misfit(place: str, problem: "ValidationError") -> str:
    """A sentence: what must be, and what was given instead."""
    sentence = SENTENCES.get(str(problem.validator))
    if sentence is not None:
        return sentence(place, problem)
    return f"{place} must be {tell_allowed(get_schema(problem))}, got {show(problem.instance)}"


def tell_lacking(place: str, problem: "ValidationError") -> str:
    """Which part of an object is not given."""
    lacking = [each for each in problem.validator_value if each not in problem.instance]
    return f"{place} needs {' and '.join(map(repr, lacking))}"


def tell_unknown(place: str, problem: "ValidationError") -> str:
    """Which part of an object there is not, and which there are."""
    known = get_schema(problem).get("properties", {})
    unknown = next(each for each in problem.instance if each not in known)
    return f"{place} has no {show(unknown)}; it has {', '.join(known)}"


def tell_repeated(place: str, problem: "ValidationError") -> str:
    """Which part of a list is there more than once."""
    given = problem.instance
    repeated = next((each for row, each in enumerate(given) if each in given[:row]), given)
    return f"{place} must not have anything twice, got {show(repeated)} more than once"


SENTENCES: Mapping[str, Callable[[str, "ValidationError"], str]] = {
    "required": tell_lacking,
    "additionalProperties": tell_unknown,
    "uniqueItems": tell_repeated,
}


def get_schema(problem: "ValidationError") -> Mapping[str, Any]:
    """The schema of the part that does not fit."""
    schema = problem.schema
    return schema if isinstance(schema, Mapping) else {}


def tell_allowed(schema: Mapping[str, Any]) -> str:
    """What a schema lets something be, in words after "must be"."""
    if "enum" in schema:
        return f"one of {', '.join(str(each) for each in schema['enum'])}"
    if schema.get("format") == "date":
        return "a day as 2026-11-23"
    several = [tell_allowed(each) for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()))]
    if several:
        return " or ".join(several)
    types = schema.get("type", "object")
    words = " or ".join(TYPES[each] for each in ([types] if isinstance(types, str) else types))
    limits = tell_limits(schema)
    fits = f" that fits {schema['pattern']}" if "pattern" in schema else ""
    return f"{words}{fits}{' ' if limits else ''}{' and '.join(limits)}"


def tell_limits(schema: Mapping[str, Any]) -> list[str]:
    """What a number, a text or a list must come up to."""
    items = schema.get("minItems")
    if items is not None and items == schema.get("maxItems"):
        return [f"of {items} items"]
    return [said.format(schema[key]) for key, said in LIMITS if key in schema]


def show(value: object) -> str:
    """A value as it was given; of a long one the beginning and how long it is."""
    if isinstance(value, list):
        return f"{len(value)} items" if len(repr(value)) > LONGEST_SHOWN else repr(value)
    text = repr(value)
    if len(text) <= LONGEST_SHOWN:
        return text
    size = f" ({len(value)} letters)" if isinstance(value, str) else ""
    return f"{text[:LONGEST_SHOWN]}...{size}"
