"""Filters made by chance: CQL2 JSON documents of bounded depth, most of them right, some of the wrong kinds."""

from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from shapely.geometry import mapping

from tests.conformance.cql2 import city, shapes, times
from tests.conformance.cql2.kinds import Kinds

Document = SearchStrategy[Any]
NUMBERS = (-3, -2, -1, 0, 1, 2, 3, 4, 8, 15, 50, 100, 150, 0.5, 0.25, 2.5)
# What has letters in the order of their codes in every collation.
ORDERED = ("asset_code", "status")
# Where an accent or a capital means the same to every implementation.
WITHOUT_ACCENTS = ("name", "owner")
CASELESS = ("name", "owner", "operator")
ORDER = ("<", ">", "<=", ">=")
EQUALITY = ("=", "<>")
DECOMPOSED = ("Nguye\u0302\u0303n Hue\u0323\u0302", "Le\u0302 Lo\u031b\u0323i")
PATTERNS = (
    "%",
    "_%",
    "",
    "%%",
    "\\%\\_",
    "50\\%%",
    "50_off",
    "50% off",
    "a\\_b",
    "a_b",
    "_",
    "%\\\\%",
    "%'%",
    "%\n%",
    "h0_",
    "%e%",
)


def make_conditions(kinds: Kinds, depth: int = 3) -> Document:
    """Conditions on a layer whose properties have these kinds."""
    return Filters(kinds).conditions(depth)


def name_properties(kinds: Kinds, kind: str, among: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """References to the properties of a kind, or to those among them."""
    return [{"property": name} for name in kinds if kinds[name] == kind and (not among or name in among)]


def operate(*names: str, of: Document) -> Document:
    """One of the operators over operands from `of`, a strategy of lists."""
    return st.builds(lambda name, operands: {"op": name, "args": operands}, st.sampled_from(names), of)


class Filters:
    """Strategies over the properties of one layer."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds

    def properties(self, kind: str, among: tuple[str, ...] = ()) -> Document:
        """References to properties of a kind."""
        return st.sampled_from(name_properties(self.kinds, kind, among))

    def conditions(self, depth: int) -> Document:
        """A predicate, or several joined."""
        if depth == 0:
            return self.predicates()
        inner = self.conditions(depth - 1)
        return st.one_of(
            self.predicates(),
            operate("and", "or", of=st.lists(inner, min_size=2, max_size=3)),
            operate("not", of=st.tuples(inner).map(list)),
        )

    def predicates(self) -> Document:
        """One condition."""
        choices = [
            self.number_predicates(),
            self.text_predicates(),
            self.time_comparisons(),
            self.temporal_predicates(),
            self.spatial_predicates(),
            self.array_predicates(),
            self.null_predicates(),
            self.function_predicates(),
            self.wrong_predicates(),
            st.booleans(),
        ]
        if name_properties(self.kinds, "boolean"):
            operand = st.one_of(self.properties("boolean"), st.booleans())
            choices.append(operate(*EQUALITY, *ORDER, of=st.tuples(operand, operand).map(list)))
        return st.one_of(choices)

    def numbers(self, depth: int = 2) -> Document:
        """A number, a property or a calculation."""
        plain = st.one_of(st.sampled_from(NUMBERS), self.properties("number"))
        if depth == 0:
            return plain
        inner = self.numbers(depth - 1)
        powers = st.tuples(plain, st.sampled_from((0, 1, 2, 3, -1, 0.5))).map(list)
        return st.one_of(
            plain,
            operate("+", "-", "*", "/", "div", "%", of=st.tuples(inner, inner).map(list)),
            operate("*", of=st.tuples(st.just(-1), self.properties("number")).map(list)),
            operate("^", of=powers),
        )

    def number_predicates(self) -> Document:
        """Comparisons, ranges and lists of numbers."""
        number = self.numbers()
        lists = st.lists(self.numbers(1), min_size=1, max_size=3)
        return st.one_of(
            operate(*EQUALITY, *ORDER, of=st.tuples(number, number).map(list)),
            operate("between", of=st.tuples(number, number, number).map(list)),
            operate("in", of=st.tuples(number, lists).map(list)),
        )

    def text_predicates(self) -> Document:
        """Comparisons, lists and patterns of text, folded and not."""
        plain = self.texts(("name", "owner", "operator", "remarks", "status"), city.NAMES + city.PATTERNED + DECOMPOSED)
        ordered = self.texts(ORDERED, city.SERIAL + city.STATUSES)
        return st.one_of(
            self.compare_texts(plain, *EQUALITY),
            self.compare_texts(ordered, *EQUALITY, *ORDER),
            self.compare_texts(self.fold("casei", self.texts(CASELESS, city.FOLDED + city.NAMES)), *EQUALITY),
            self.compare_texts(self.fold("accenti", self.texts(WITHOUT_ACCENTS, city.NAMES + DECOMPOSED)), *EQUALITY),
            self.compare_texts(self.fold_both(), *EQUALITY),
            self.patterns(),
        )

    def texts(self, among: tuple[str, ...], literals: tuple[str, ...]) -> Document:
        """One of these properties or literals."""
        return st.one_of(self.properties("text", among), st.sampled_from(literals))

    def fold(self, name: str, text: Document) -> Document:
        """The text folded."""
        return operate(name, of=st.tuples(text).map(list))

    def fold_both(self) -> Document:
        """Text without capitals and accents."""
        text = self.texts(WITHOUT_ACCENTS, city.NAMES + DECOMPOSED)
        return st.one_of(self.fold("casei", self.fold("accenti", text)), self.fold("accenti", self.fold("casei", text)))

    def compare_texts(self, text: Document, *signs: str) -> Document:
        """Two texts, or one among several."""
        return st.one_of(
            operate(*signs, of=st.tuples(text, text).map(list)),
            operate("in", of=st.tuples(text, st.lists(text, min_size=1, max_size=3)).map(list)),
        )

    def patterns(self) -> Document:
        """Texts that are like something."""
        pattern = st.sampled_from(PATTERNS + city.NAMES[:4] + ("%Hu_", "nguy%", "đường%", "STRA%", "%σ"))
        plain = operate("like", of=st.tuples(self.properties("text"), pattern).map(list))
        folded = [
            operate(
                "like",
                of=st.tuples(self.fold(name, self.properties("text", among)), self.fold(name, pattern)).map(list),
            )
            for name, among in (("casei", CASELESS), ("accenti", WITHOUT_ACCENTS))
        ]
        return st.one_of(plain, *folded)

    def instants(self, kind: str) -> Document:
        """Literals of a date or a timestamp."""
        return st.sampled_from([{kind: write_instant(each)} for each in MOMENTS_OF[kind]])

    def time_comparisons(self) -> Document:
        """Dates and timestamps compared as scalars."""
        return st.one_of(*(self.compare_times(kind) for kind in MOMENTS_OF))

    def compare_times(self, kind: str) -> Document:
        """Comparisons and lists of one kind of time."""
        time = st.one_of(self.properties(kind), self.instants(kind))
        return st.one_of(
            operate(*EQUALITY, *ORDER, of=st.tuples(time, time).map(list)),
            operate("in", of=st.tuples(time, st.lists(time, min_size=1, max_size=3)).map(list)),
        )

    def intervals(self, kind: str) -> Document:
        """Intervals with ends in order: of literals, open, or of a pair of properties."""
        written = [write_instant(each) for each in sorted(MOMENTS_OF[kind])]
        # Not by how they are written: a fraction of a second comes before "Z".
        ordered = st.tuples(*[st.integers(0, len(written) - 1)] * 2).map(
            lambda pair: [written[n] for n in sorted(pair)]
        )
        opened = st.sampled_from([[".."] * 2, *(pair for each in written for pair in ([each, ".."], ["..", each]))])
        pairs = [] if kind == "timestamp" else [("installed_on", "decommissioned_on"), ("planned_from", "planned_to")]
        named = [[{"property": each} for each in pair] for pair in pairs]
        half = [end for name in self.properties_of(kind) for end in ([name, ".."], ["..", name])]
        return st.one_of(ordered, opened, st.sampled_from([*named, *half])).map(lambda ends: {"interval": ends})

    def properties_of(self, kind: str) -> list[dict[str, str]]:
        """References to all properties of a kind."""
        return name_properties(self.kinds, kind)

    def temporal_predicates(self) -> Document:
        """Temporal functions of intervals and, most often where they may, of instants."""
        return st.one_of(*(self.relate_times(kind) for kind in MOMENTS_OF))

    def relate_times(self, kind: str) -> Document:
        """Temporal functions of one kind of time."""
        interval = self.intervals(kind)
        time = st.one_of(interval, self.properties(kind), self.instants(kind))
        return st.one_of(
            operate(*(times.SPELT.get(each, each) for each in times.NAMES), of=st.tuples(interval, interval).map(list)),
            operate(*sorted(times.ALSO_INSTANTS), of=st.tuples(time, time).map(list)),
            operate(*sorted(times.ALSO_INSTANTS), of=st.tuples(self.properties(kind), time).map(list)),
        )

    def spatial_predicates(self) -> Document:
        """Spatial functions of the geometry and a literal, either first."""
        geometry, literal = st.just({"property": "geometry"}), make_literals()
        pairs = st.one_of(st.tuples(geometry, literal), st.tuples(geometry, literal), st.tuples(literal, geometry))
        return operate(*shapes.RELATIONS, of=pairs.map(list))

    def array_predicates(self) -> Document:
        """Array functions; no layer has an array, so of arrays written out, with properties in them."""
        element = st.one_of(st.sampled_from(("a", "b", 1, 2, 0.5, True)), st.just({"date": "2020-01-01"}))
        array = st.lists(element, min_size=1, max_size=3)
        return operate("a_equals", "a_contains", "a_containedBy", "a_overlaps", of=st.tuples(array, array).map(list))

    def null_predicates(self) -> Document:
        """Whether a property has no value, or a calculation none."""
        reference = st.sampled_from([{"property": name} for name in self.kinds])
        return operate("isNull", of=st.tuples(st.one_of(reference, self.numbers(1))).map(list))

    def function_predicates(self) -> Document:
        """What functions give, compared."""
        geometry = st.just({"property": "geometry"})
        numbers = self.numbers(1)
        time = st.one_of(self.properties("date"), self.properties("timestamp"), self.instants("date"))
        text = self.texts(WITHOUT_ACCENTS, (" Lê Lợi ", *city.NAMES))
        size = {"length_m": "sewer_pipe", "area_m2": "building"}
        sizes = [
            operate(name, of=st.tuples(geometry).map(list)) for name in size if city.LAYERS[size[name]] is self.kinds
        ]
        found = st.one_of(
            operate("abs", "round", "floor", "ceil", of=st.tuples(numbers).map(list)),
            operate("year", "month", "day", of=st.tuples(time).map(list)),
            operate("length", of=st.tuples(text).map(list)),
            operate("distance_m", of=st.tuples(geometry, make_literals()).map(list)),
            *sizes,
        )
        texts = operate("lower", "upper", "trim", of=st.tuples(text).map(list))
        joined = operate("concat", of=st.tuples(text, text).map(list))
        return st.one_of(
            operate(*EQUALITY, *ORDER, of=st.tuples(found, self.numbers(1)).map(list)),
            operate(*EQUALITY, of=st.tuples(st.one_of(texts, joined), text).map(list)),
            operate("is_within_m", of=st.tuples(geometry, make_literals(), st.sampled_from((1, 1.5, 2, 3))).map(list)),
        )

    def wrong_predicates(self) -> Document:
        """Conditions that compare what cannot be compared, or name what is not there."""
        anything = st.one_of(
            st.sampled_from([{"property": name} for name in (*self.kinds, "no_such_property")]),
            st.sampled_from(("x", 5, True, {"date": "2020-01-01"}, {"timestamp": "2020-01-01T00:00:00Z"})),
        )
        names = (*EQUALITY, *ORDER, "like", "s_intersects", "t_before", "t_during", "a_equals")
        return operate(*names, of=st.tuples(anything, anything).map(list))


MOMENTS_OF = {"date": city.DAYS, "timestamp": city.MOMENTS}


def write_instant(instant: Any) -> str:
    """A date or a timestamp as CQL2 writes it."""
    return str(instant.isoformat().replace("+00:00", "Z"))


def make_literals() -> Document:
    """Geometry literals on the grid: of every type, and boxes."""
    return st.integers(0, 2**32).map(lambda seed: make_literal(Random(seed)))


def make_literal(chance: Random) -> dict[str, Any]:
    """One geometry literal."""
    kind = chance.choice(
        (
            "Point",
            "LineString",
            "Polygon",
            "MultiPoint",
            "MultiLineString",
            "MultiPolygon",
            "bbox",
            "bbox",
            "GeometryCollection",
        )
    )
    if kind == "bbox":
        return {"bbox": [round(each) for each in city.make_polygon(chance).bounds]}
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [to_json(MAKERS[each](chance)) for each in ("Point", "LineString")]}
    if kind in MAKERS:
        return to_json(MAKERS[kind](chance))
    if kind == "MultiPolygon":
        return to_json(city.make_polygons(chance))
    parts = [MAKERS[kind.removeprefix("Multi")](chance) for _ in range(2)]
    return {"type": kind, "coordinates": [to_json(each)["coordinates"] for each in parts]}


MAKERS = {"Point": city.make_point, "LineString": city.make_line, "Polygon": city.make_polygon}


def to_json(shape: Any) -> dict[str, Any]:
    """A geometry as GeoJSON with whole coordinates."""
    return {"type": shape.geom_type, "coordinates": to_whole(mapping(shape)["coordinates"])}


def to_whole(coordinates: Any) -> Any:
    """Coordinates, in lists, as whole numbers."""
    return [to_whole(each) for each in coordinates] if isinstance(coordinates, tuple | list) else round(coordinates)
