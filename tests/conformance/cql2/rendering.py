"""The text of a CQL2 JSON document, with no more brackets than the grammar needs.

Where the grammar leaves a choice (capitals, spaces, quotes, how a number is written, NOT before or inside a predicate),
a source of chance takes it, so that all ways of writing are tried.
Source: OGC 21-065r2, Annex B (BNF), /req/cql2-text/escaping.
"""

from random import Random
from typing import Any

from tests.conformance.cql2 import kinds, shapes, times

# How tightly an operator of the grammar binds: what is looser than its place is bracketed.
LEVELS = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6, "div": 6, "%": 6, "^": 7}
PREDICATE, OPERAND = 4, 8
ESCAPES = str.maketrans(
    {"\\": "\\\\", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
)


def render(document: Any, chance: Random) -> str:
    """The filter as CQL2 text; `chance` chooses among ways of writing that mean the same."""
    return Renderer(chance).write(document, 0)


class Renderer:
    """A way of writing."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def pick(self, *ways: str) -> str:
        """One of several ways."""
        return self.chance.choice(ways)

    def word(self, name: str) -> str:
        """A keyword, in any capitals."""
        return self.pick(name.upper(), name.upper(), name.lower(), name.capitalize())

    def write(self, part: Any, level: int) -> str:
        """A part of the document where nothing that binds looser than `level` may stand without brackets."""
        if isinstance(part, dict):
            return self.write_member(part, level)
        if isinstance(part, list):
            return f"({self.write_all(part)})"
        if isinstance(part, bool):
            return self.word(str(part))
        return self.quote(part) if isinstance(part, str) else self.write_number(part)

    def write_all(self, parts: list[Any]) -> str:
        """Parts with commas between them."""
        return self.pick(",", ", ").join(self.write(each, 0) for each in parts)

    def quote(self, text: str) -> str:
        """A character literal."""
        return "'" + text.translate(ESCAPES).replace("'", self.pick("''", "\\'")) + "'"

    def write_number(self, number: int | float) -> str:
        """A numeric literal."""
        plain = repr(number)
        if isinstance(number, int):
            return self.pick(plain, plain, f"{plain}.0", f"{plain}E0")
        return self.pick(plain, plain.replace("0.", ".", 1)) if 0 < number < 1 and "e" not in plain else plain

    def write_member(self, part: dict[str, Any], level: int) -> str:
        """What JSON writes as an object."""
        if "property" in part:
            return self.pick('"{}"', "{}").format(part["property"])
        for name in ("date", "timestamp"):
            if name in part:
                return f"{self.word(name)}({self.quote(part[name])})"
        if "interval" in part:
            return f"{self.word('interval')}({self.write_all(part['interval'])})"
        if shapes.is_literal(part):
            return self.write_shape(part)
        return self.bracket(part["op"], part["args"], level)

    def bracket(self, name: str, arguments: list[Any], level: int) -> str:
        """An operator, in brackets where its place needs them or now and then."""
        own = LEVELS.get(name, PREDICATE if name in PREDICATES else OPERAND)
        written = self.write_operator(name, arguments)
        return f"({written})" if own < level or (own < OPERAND and self.chance.random() < 0.1) else written

    def write_operator(self, name: str, arguments: list[Any]) -> str:
        """An operator without brackets around it."""
        if name in ("and", "or"):
            # A part of the same operator needs no brackets: it does not matter where one begins.
            space = self.pick(" ", "\n  ")
            return f"{space}{self.word(name)} ".join(self.write(each, LEVELS[name]) for each in arguments)
        if name == "not":
            return self.write_not(arguments[0])
        if name in kinds.ARITHMETIC:
            return self.write_arithmetic(name, *arguments)
        if name in PREDICATES:
            return self.write_predicate(name, arguments, "")
        return f"{self.word(name) if name.lower() in CAPITALS else name}({self.write_all(arguments)})"

    def write_not(self, inner: Any) -> str:
        """NOT, before its operand or inside the predicate it denies."""
        name = inner.get("op") if isinstance(inner, dict) else None
        if name in ("like", "between", "in", "isNull") and self.chance.random() < 0.5:
            return self.write_predicate(name, inner["args"], self.word("not") + " ")
        return f"{self.word('not')} {self.write(inner, PREDICATE)}"

    def write_predicate(self, name: str, arguments: list[Any], negation: str) -> str:
        """A comparison, with NOT in it if given."""
        first, *rest = arguments
        left = self.write(first, LEVELS["+"])
        if name in kinds.COMPARISONS:
            space = self.pick(" ", "")
            return f"{left}{space}{name}{space}{self.write(rest[0], LEVELS['+'])}"
        if name == "isNull":
            return f"{left} {self.word('is')} {negation}{self.word('null')}"
        if name == "between":
            low, high = (self.write(each, LEVELS["+"]) for each in rest)
            return f"{left} {negation}{self.word('between')} {low} {self.word('and')} {high}"
        return f"{left} {negation}{self.word(name)} {self.write(rest[0], OPERAND)}"

    def write_arithmetic(self, name: str, left: Any, right: Any) -> str:
        """A calculation; + to % are done from left to right, a power has one operand on each side."""
        if (
            name == "*"
            and left == -1
            and isinstance(right, dict)
            and "property" in right
            and self.chance.random() < 0.5
        ):
            return f"-{self.write(right, OPERAND)}"
        own = LEVELS[name]
        space = " " if name == "div" else self.pick(" ", "")
        first = self.write(left, OPERAND if name == "^" else own)
        second = self.write(right, OPERAND if name == "^" else own + 1)
        # Two signs in a row would read as one, or as a comment elsewhere.
        space = " " if second.startswith("-") else space
        return f"{first}{space}{name}{space}{second}"

    def write_shape(self, shape: dict[str, Any]) -> str:
        """A geometry as WKT, or a box."""
        if "type" not in shape:
            return f"{self.word('bbox')}({self.write_all(shape['bbox'])})"
        if shape["type"] == "GeometryCollection":
            return f"{self.word(shape['type'])}({','.join(self.write_shape(each) for each in shape['geometries'])})"
        body = write_points(shape["coordinates"])
        # A multipoint has each of its points in brackets; a point has itself.
        if shape["type"] == "MultiPoint":
            body = ",".join(f"({write_points(each)})" for each in shape["coordinates"])
        return f"{self.word(shape['type'])}{self.pick('', ' ')}({body})"


def write_points(coordinates: Any) -> str:
    """Coordinates as WKT writes them, the outermost brackets left out."""
    if not isinstance(coordinates[0], list | tuple):
        return " ".join(repr(each) for each in coordinates)
    inner = isinstance(coordinates[0][0], list | tuple)
    return ",".join(f"({write_points(each)})" if inner else write_points(each) for each in coordinates)


PREDICATES = kinds.COMPARISONS | {"like", "between", "in", "isNull"}
CAPITALS = frozenset({"casei", "accenti", *times.NAMES, *kinds.EXPECTED, *kinds.ARRAY})
