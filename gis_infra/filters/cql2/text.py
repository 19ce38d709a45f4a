"""CQL2 Text into the tree: a reader of one token ahead, whose time grows with the length of the text and no faster.

The parser of the package `cql2` is not used here: on a text that is wrong deep inside brackets it tries every way
anew, which takes 6 s for 127 characters and doubles with each further pair. It also keeps no places and turns whole
numbers into doubles. Tests hold this reader against it.
Source: OGC 21-065r2, annex B (BNF) and /req/cql2-text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from gis_infra.filters import tree
from gis_infra.filters.cql2 import geometries, moments
from gis_infra.filters.cql2.calls import MAX_DEPTH, Node, build, build_interval, require_bounded, take_condition
from gis_infra.filters.cql2.geometries import Frame
from gis_infra.filters.cql2.scanning import Token, scan
from gis_infra.filters.spots import FilterError, Spot, refuse

# How tightly operators hold their operands together.
OR, AND, NOT, RELATION, SUM, PRODUCT, POWER = range(1, 8)
BINARY: Mapping[str, int] = {
    "OR": OR,
    "AND": AND,
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">=", "LIKE", "BETWEEN", "IN", "IS", "NOT"), RELATION),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("*", "/", "%", "DIV"), PRODUCT),
    "^": POWER,
}
# Readings within one another: a part in brackets behind an operator takes two. Python stops at about 1,000 calls.
MAX_READS = 150
KEYWORDS = frozenset({"AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV"})
KINDS: Mapping[str, str] = {kind.upper(): kind for kind in (*geometries.LEVELS, geometries.COLLECTION)}
BOXES = frozenset({"BBOX", "ENVELOPE"})
DIMENSIONS = frozenset({"Z", "M", "ZM"})


def parse_text(text: str, frame: Frame, *, folds_like: bool = False) -> tree.Condition:
    """The condition a CQL2 text says.

    frame: the CRS and axis order of its geometries. folds_like: whether LIKE minds no capitals and may be spelt ILIKE,
    as GDAL means it.
    Raises FilterError, which points at the character, for a text that is too long, too deep or not CQL2.
    """
    reader = Reader(text, scan(text), frame, folds_like)
    node = reader.read_expression(0)
    reader.expect_end()
    condition = take_condition(node, reader.get_spot())
    require_bounded(condition)
    return condition


@dataclass
class Reader:
    """The tokens of a text and how far they are read."""

    text: str
    tokens: tuple[Token, ...]
    frame: Frame
    folds_like: bool = False
    position: int = 0
    depth: int = field(default=0)

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    @property
    def word(self) -> str:
        """The next token as an operator or keyword in capitals; "" if it is a value."""
        token = self.token
        word = token.value.upper() if token.kind in ("sign", "name") else ""
        return "LIKE" if word == "ILIKE" and self.folds_like else word

    def get_spot(self, token: Token | None = None) -> Spot:
        """Where a token stands, by default the next one."""
        return Spot(self.text, (token or self.token).start)

    def refuse(self, wanted: str) -> FilterError:
        """The error to raise where something else than `wanted` is next."""
        return refuse(f"{wanted} is expected, and {self.token.written[:40]} found", self.get_spot())

    def take(self) -> Token:
        """The next token, read."""
        token = self.token
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def accept(self, *words: str) -> bool:
        """Whether the next token is one of the words; it is read then."""
        if self.word not in words:
            return False
        self.take()
        return True

    def expect(self, word: str) -> Token:
        """The next token, which must be `word`. Raises FilterError."""
        if self.word != word:
            raise self.refuse(word)
        return self.take()

    def expect_end(self) -> None:
        """Return if everything is read. Raises FilterError."""
        if self.token.kind != "end":
            raise self.refuse("AND, OR, an operator or the end")

    def read_expression(self, least: int) -> Node:
        """What comes up to an operator that holds less tightly than `least`. Raises FilterError."""
        self.depth += 1
        if self.depth > MAX_READS:
            raise refuse(f"the filter has parts within more than {MAX_DEPTH} others", self.get_spot())
        node = self.read_prefixed()
        while BINARY.get(self.word, 0) > least:
            node = self.read_operation(node)
        self.depth -= 1
        return node

    def read_operation(self, left: Node) -> Node:
        """The next operator with what is before and behind it."""
        spot, level = self.get_spot(), BINARY[self.word]
        if level == RELATION:
            node = self.read_relation(left)
            if BINARY.get(self.word) == RELATION:
                raise self.refuse("AND, OR or the end")
            return node
        operator = self.take().value.lower()
        if level > AND:
            # The power binds to the right: 2 ^ 3 ^ 2 is 2 ^ 9.
            return build(operator, (left, self.read_expression(level - (level == POWER))), spot)
        operands = [left, self.read_expression(level)]
        while self.accept(operator.upper()):
            operands.append(self.read_expression(level))
        return build(operator, operands, spot)

    def read_relation(self, left: Node) -> Node:
        """A comparison of what is before, negated or not."""
        spot = self.get_spot()
        if self.word in ("LIKE", "BETWEEN", "IN", "NOT"):
            negated = self.accept("NOT")
            if self.word not in ("LIKE", "BETWEEN", "IN"):
                raise self.refuse("LIKE, BETWEEN or IN")
            node = self.read_list_relation(left, spot)
        elif self.accept("IS"):
            negated = self.accept("NOT")
            self.expect("NULL")
            node = build("isNull", (left,), spot)
        else:
            operator = self.take().value
            return build(operator, (left, self.read_expression(RELATION)), spot)
        return build("not", (node,), spot) if negated else node

    def read_list_relation(self, left: Node, spot: Spot) -> Node:
        """LIKE, BETWEEN or IN with what is behind it."""
        if self.accept("LIKE"):
            pair = (left, self.read_expression(RELATION))
            if self.folds_like:
                pair = (build("casei", pair[:1], spot), build("casei", pair[1:], spot))
            return build("like", pair, spot)
        if self.accept("BETWEEN"):
            low = self.read_expression(RELATION)
            self.expect("AND")
            return build("between", (left, low, self.read_expression(RELATION)), spot)
        self.expect("IN")
        options = self.read_items("(", ")")
        return build("in", (left, options), spot)

    def read_prefixed(self) -> Node:
        """An operand with the signs or NOT before it."""
        token, spot = self.token, self.get_spot()
        if self.accept("NOT"):
            return build("not", (self.read_expression(NOT),), spot)
        if self.accept("+"):
            return self.require_number(self.read_expression(POWER), "+", spot)
        if token.kind == "sign" and token.value == "-":
            self.take()
            return self.negate(self.read_expression(POWER), spot)
        return self.read_operand()

    def negate(self, node: Node, spot: Spot) -> Node:
        """The number with the other sign."""
        if isinstance(node, tree.Literal) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return tree.Literal(-node.value, spot)
        return build("*", (tree.Literal(-1, spot), node), spot)

    def require_number(self, node: Node, sign: str, spot: Spot) -> Node:
        """A number written with a sign. Raises FilterError for anything else."""
        if isinstance(node, tree.Literal) and isinstance(node.value, int | float):
            return node
        raise refuse(f"{sign} stands before numbers", spot)

    def read_operand(self) -> Node:
        """A value, a name, a function, or something in brackets. Raises FilterError."""
        token, spot = self.token, self.get_spot()
        if token.kind == "number":
            return tree.Literal(to_number(self.take().value, spot), spot)
        if token.kind == "text":
            return tree.Literal(self.take().value, spot)
        if token.kind == "quoted":
            return tree.Property(self.take().value, spot)
        if token.kind == "name":
            return self.read_name()
        if token.value in ("(", "["):
            return self.read_bracket()
        raise self.refuse("a value, a property, a function or a bracket")

    def read_name(self) -> Node:
        """A property, a truth value, or a function or literal with its arguments. Raises FilterError."""
        word, spot = self.word, self.get_spot()
        if word in ("TRUE", "FALSE"):
            self.take()
            return tree.Literal(word == "TRUE", spot)
        if word == "NULL":
            raise refuse("NULL is no value; ask with IS NULL", spot)
        if word in KEYWORDS:
            raise self.refuse("a value or a property")
        following = self.tokens[self.position + 1]
        if word in KINDS and (following.value == "(" or following.value.upper() in {*DIMENSIONS, "EMPTY"}):
            return geometries.to_shape(self.read_geometry(), self.frame, spot)
        if following.kind != "sign" or following.value != "(":
            return tree.Property(self.take().value, spot)
        if word in BOXES:
            self.take()
            return geometries.build_box(self.read_numbers(), self.frame, spot)
        return self.read_call()

    def read_call(self) -> Node:
        """A function or constructor with its arguments."""
        spot, name = self.get_spot(), self.take().value
        if name.upper() in ("DATE", "TIMESTAMP"):
            return self.read_moment(name.upper(), spot)
        if name.upper() == "INTERVAL":
            return self.read_interval(spot)
        return build(name, self.read_items("(", ")").items, spot)

    def read_moment(self, name: str, spot: Spot) -> tree.Literal:
        """The text in DATE(...) or TIMESTAMP(...). Raises FilterError."""
        self.expect("(")
        if self.token.kind != "text":
            raise self.refuse("a text in quotes")
        token = self.take()
        self.expect(")")
        parse = moments.parse_date if name == "DATE" else moments.parse_timestamp
        return parse(token.value, self.get_spot(token))

    def read_interval(self, spot: Spot) -> tree.Interval:
        """The two ends in INTERVAL(...). Raises FilterError."""
        self.expect("(")
        start = self.read_end()
        self.expect(",")
        end = self.read_end()
        self.expect(")")
        return build_interval(start, end, spot)

    def read_end(self) -> Node:
        """One end of an interval."""
        if self.token.kind == "text":
            token = self.take()
            return moments.parse_end(token.value, self.get_spot(token))
        return self.read_expression(RELATION)

    def read_bracket(self) -> Node:
        """An expression in brackets, or an array. Raises FilterError."""
        if self.word == "[":
            return self.read_items("[", "]")
        spot = self.get_spot()
        self.take()
        if self.accept(")"):
            return tree.Items((), spot)
        node = self.read_expression(0)
        if self.word != ",":
            self.expect(")")
            return node
        items = [node]
        while self.accept(","):
            items.append(self.read_expression(0))
        self.expect(")")
        return build_items(items, spot)

    def read_items(self, opening: str, closing: str) -> tree.Items:
        """A list in brackets. Raises FilterError."""
        spot = self.get_spot()
        self.expect(opening)
        items: list[Node] = []
        if not self.accept(closing):
            items.append(self.read_expression(0))
            while self.accept(","):
                items.append(self.read_expression(0))
            self.expect(closing)
        return build_items(items, spot)

    def read_geometry(self) -> BaseGeometry:
        """A geometry as WKT. Raises FilterError."""
        spot, kind = self.get_spot(), KINDS[self.take().value.upper()]
        self.accept(*DIMENSIONS)
        if self.accept("EMPTY"):
            raise refuse(f"the {kind} is empty, and relates to nothing", spot)
        if kind != geometries.COLLECTION:
            lists = self.read_positions(geometries.LEVELS[kind], kind)
            return geometries.build_simple(kind, lists, self.frame, spot)
        self.expect("(")
        parts = [self.read_part()]
        while self.accept(","):
            parts.append(self.read_part())
        self.expect(")")
        return shapely.GeometryCollection(parts)

    def read_part(self) -> BaseGeometry:
        """A geometry within a collection. Raises FilterError."""
        if self.word not in KINDS:
            raise self.refuse("a geometry")
        return self.read_geometry()

    def read_positions(self, level: int, kind: str) -> list[object]:
        """The positions of a geometry in their brackets, `level` lists around each. Raises FilterError."""
        self.expect("(")
        if level == 0 or (level == 1 and not (kind == "MultiPoint" and self.word == "(")):
            positions: list[object] = [self.read_position()]
            while level and self.accept(","):
                positions.append(self.read_position())
            self.expect(")")
            return positions if level else positions[0]  # type: ignore[return-value]
        lists: list[object] = [self.read_positions(level - 1, "")]
        while self.accept(","):
            lists.append(self.read_positions(level - 1, ""))
        self.expect(")")
        return lists

    def read_position(self) -> list[float]:
        """Numbers one after the other."""
        numbers = [self.read_number()]
        while self.token.kind == "number" or self.word in ("-", "+"):
            numbers.append(self.read_number())
        return numbers

    def read_numbers(self) -> list[float]:
        """Numbers with commas between them, in brackets. Raises FilterError."""
        self.expect("(")
        numbers = [self.read_number()]
        while self.accept(","):
            numbers.append(self.read_number())
        self.expect(")")
        return numbers

    def read_number(self) -> float:
        """A number with its sign. Raises FilterError."""
        sign = -1 if self.word == "-" else 1
        self.accept("-", "+")
        if self.token.kind != "number":
            raise self.refuse("a number")
        spot = self.get_spot()
        return sign * to_number(self.take().value, spot)


def build_items(nodes: list[Node], spot: Spot) -> tree.Items:
    """A list of values. Raises FilterError if one is a condition."""
    items = []
    for node in nodes:
        if isinstance(node, tree.Truth):
            node = node.expression
        if isinstance(node, tree.Condition):
            raise refuse("a list holds values, and got a condition", spot)
        items.append(node)
    return tree.Items(tuple(items), spot)


def to_number(written: str, spot: Spot) -> int | float:
    """The number; a whole one keeps its digits. Raises FilterError for one that no double can hold."""
    number = int(written) if written.isdigit() else float(written)
    if abs(number) > 1.7e308:
        raise refuse("the number is larger than any that can be compared", spot)
    return number
