"""Captures of what QGIS and the WFS said to each other, as pages to read and to be asked again.

A page has every request whole, laid out in lines, and of long answers the beginning. Features have other ids wherever
it is asked again, so an id is written as the asset code that the client was first told with it: `fire_hydrant.{H1}`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from tests.qgis.recording import Exchange

ADDRESS = "http://city.example"
LONGEST_LINES = 30
WIDEST = 240
COUNTS = ("numberMatched", "numberReturned", "numberOfFeatures")
MEMBERS = ("member", "featureMember", "featureMembers")
REPORTED = ("Exception", "ServiceException")
ASKED = re.compile(
    r"^(?P<who>Somebody signed in|Nobody signed in) asks:\n\n```http\n(?P<method>[A-Z]+) (?P<target>\S+)\n```\n"
    r"(?:\n```xml\n(?P<body>.*?)```\n)?\nAnswered: `(?P<answered>[^`]*)`$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Asked:
    """A request of a capture, and what its answer must tell."""

    method: str
    target: str
    body: str
    signed_in: bool
    answered: str


@dataclass
class Names:
    """The asset codes by which the ids of features are known, as a client learns them from its answers."""

    codes: dict[str, str] = field(default_factory=dict)

    def learn(self, answer: str) -> None:
        """Note the features of an answer; the first code of a feature stays its name."""
        for feature in etree.fromstring(answer.encode()).iter("{urn:gis-infra:infra}*"):
            code = feature.findtext("{urn:gis-infra:infra}asset_code")
            ids = [value for name, value in feature.attrib.items() if etree.QName(name).localname in ("id", "fid")]
            if ids and code:
                self.codes.setdefault(ids[0], code)

    def hide(self, text: str) -> str:
        """The text with codes in place of ids."""
        return re.sub(r"\b(\w+)\.(\d+)\b", self.find_name, text)

    def find_name(self, found: re.Match[str]) -> str:
        """What stands in a page for an id."""
        code = self.codes.get(found[0])
        return f"{found[1]}.{{{code}}}" if code else found[0]

    def show(self, text: str) -> str:
        """The text with ids in place of codes."""
        ids = {f"{id_.partition('.')[0]}.{{{code}}}": id_ for id_, code in self.codes.items()}
        return re.sub(r"\w+\.\{\w+\}", lambda found: ids[found[0]], text)


def tell_answer(status: int, answer: str, layer: str) -> str:
    """What a client goes by: the status, the element, and how many or of which kind; layer: what it works with."""
    root = etree.fromstring(answer.encode())
    name = etree.QName(root).localname
    told = [str(status), name]
    if name == "WFS_Capabilities":
        names = [each.text for each in root.iterfind(".//{*}FeatureType/{*}Name")]
        told += [root.get("version", ""), f"{names.count(f'infra:{layer}')} of {layer}"]
    elif name == "schema":
        told.append(f"{len(root.findall(f'{{*}}element[@name={layer!r}]'))} of {layer}")
    elif name == "FeatureCollection":
        told += [f"{each}={root.get(each)}" for each in COUNTS if root.get(each) is not None]
        told.append(f"features={count_features(root)}")
    elif name.endswith("TransactionResponse"):
        told += tell_transaction(root)
    told += [
        str(each.get("exceptionCode") or each.get("code")) for each in root.iter("{*}Exception", "{*}ServiceException")
    ]
    return ", ".join(told)


def count_features(root: etree._Element) -> int:
    """How many features a collection holds."""
    holders = [each for each in root if etree.QName(each).localname in MEMBERS]
    return sum(len(each) for each in holders)


def tell_transaction(root: etree._Element) -> Iterator[str]:
    """What was done: totals, whether it went well, how many ids were given."""
    for each in root.iter():
        name = etree.QName(each).localname
        if name.startswith("total"):
            yield f"{name}={each.text}"
        if name in ("SUCCESS", "FAILED"):
            yield name
    inserted = [
        each
        for part in root.iter("{*}InsertResult", "{*}InsertResults")
        for each in part.iter("{*}FeatureId", "{*}ResourceId")
    ]
    yield f"ids given={len(inserted)}"


def render_exchange(exchange: Exchange, names: Names, address: str, layer: str) -> str:
    """A request and its answer as a part of a page. address: where the server was."""
    target = names.hide(f"{exchange.path}?{exchange.query}")
    body = names.hide(lay_out(exchange.body)) if exchange.body else ""
    names.learn(exchange.answer)
    who = "Somebody signed in" if exchange.signed_in else "Nobody signed in"
    parts = [f"{who} asks:", f"```http\n{exchange.method} {target}\n```"]
    parts += [f"```xml\n{body}```"] if body else []
    answered = tell_answer(int(exchange.status.split()[0]), exchange.answer, layer)
    answer = names.hide(shorten(lay_out(exchange.answer)))
    return "\n\n".join([*parts, f"Answered: `{answered}`", f"```xml\n{answer}```"]).replace(address, ADDRESS)


def lay_out(text: str) -> str:
    """A document in lines."""
    root = etree.fromstring(text.encode(), etree.XMLParser(remove_blank_text=True))
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def shorten(text: str) -> str:
    """The beginning of a document that is long, and how much there is more."""
    lines = [line if len(line) <= WIDEST else f"{line[:WIDEST]} …" for line in text.splitlines()]
    if len(lines) > LONGEST_LINES:
        lines = [*lines[:LONGEST_LINES], f"… {len(lines) - LONGEST_LINES} lines more"]
    return "".join(f"{line}\n" for line in lines)


def render_page(title: str, intro: str, parts: Mapping[str, list[str]]) -> str:
    """A page of a capture. parts: what was done, and what was said meanwhile."""
    lines = [f"# {title}", intro]
    for number, (name, said) in enumerate(parts.items(), 1):
        lines += [f"## {number}. {name}", *said]
    return "\n\n".join(lines) + "\n"


def parse_page(text: str) -> list[Asked]:
    """The requests of a page, in order."""
    return [
        Asked(each["method"], each["target"], each["body"] or "", each["who"].startswith("Somebody"), each["answered"])
        for each in ASKED.finditer(text)
    ]
