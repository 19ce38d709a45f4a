"""Requests to the WFS that mean harm: XML that grows, nests, drags in files or goes on without end."""

from collections.abc import Iterator
from dataclasses import dataclass

OPERATIONS = (
    *("GetCapabilities", "DescribeFeatureType", "GetFeature", "GetPropertyValue", "Transaction", "LockFeature"),
    *("GetFeatureWithLock", "ListStoredQueries", "DescribeStoredQueries", "CreateStoredQuery", "DropStoredQuery"),
)
HUNDRED = " ".join(f'a{n}="1"' for n in range(99))
GROWING = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
FES = 'xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'


def wrap(operation: str, inside: str = "", attributes: str = "", before: str = "") -> bytes:
    """A request with something in it that does not belong there."""
    root = f'{operation} xmlns="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0" {attributes}'
    return f"{before}<{root}>{inside}</{operation}>".encode()


def list_traps(operation: str) -> dict[str, bytes]:
    """Documents that every operation refuses, by what they do."""
    numbered = range(20_000)
    return {
        "entities in entities": wrap(operation, "&j;", before=f'<!DOCTYPE x [<!ENTITY a "{"a" * 1000}">{GROWING}]>'),
        "one long entity often": wrap(operation, "&a;" * 9999, before=f'<!DOCTYPE x [<!ENTITY a "{"a" * 99_999}">]>'),
        "a file": wrap(operation, "&a;", before='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        "a parameter entity": wrap(operation, before='<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/">%a;]>'),
        "a DTD from elsewhere": wrap(operation, before='<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'),
        "an attribute declared": wrap(operation, before=f'<!DOCTYPE x [<!ATTLIST {operation} handle CDATA "a">]>'),
        "nesting": wrap(operation, "<a>" * 100_000 + "</a>" * 100_000),
        "attributes": wrap(operation, attributes=" ".join(f'a{n}="1"' for n in numbered)),
        "namespaces": wrap(operation, attributes=" ".join(f'xmlns:a{n}="u"' for n in numbered)),
        "a name of 100,000 letters": wrap(operation, f"<{'n' * 100_000}/>"),
        "UTF-16 that is none": b'<?xml version="1.0" encoding="utf-16"?>' + wrap(operation),
        "never closed": wrap(operation, "<b>")[:-4],
        "a zero byte": wrap(operation, "\0"),
    }


def list_large(operation: str) -> dict[str, bytes]:
    """Documents near the limit of size, by what is large about them."""
    name = "x" * 1_900_000
    types = 'typeNames="infra:building"'
    equal = "<PropertyIsEqualTo><ValueReference>name</ValueReference><Literal>x</Literal></PropertyIsEqualTo>"
    line = f"<gml:LineString><gml:posList>{'1 2 ' * 470_000}</gml:posList></gml:LineString>"
    filters = {
        "a filter of 15,000 conditions": f"<Or>{equal * 15_000}</Or>",
        "a path": f"<PropertyIsNull><ValueReference>{'a/' * 900_000}n</ValueReference></PropertyIsNull>",
        "a pattern": equal.replace("EqualTo", "Like").replace(">x<", f">{'*' * 1_900_000}<"),
        "coordinates": f"<Intersects><ValueReference>geom</ValueReference>{line}</Intersects>",
    }
    return {
        "an attribute": wrap(operation, attributes=f'handle="{name}"'),
        "a text": wrap(operation, f"<b>{name}</b>"),
        "character data": wrap(operation, f"<b><![CDATA[{name}]]></b>"),
        "attributes all over": wrap(operation, f"<b {HUNDRED}/>" * 2500),
        "elements": wrap(operation, "<b/>" * 490_000),
        "comments": wrap(operation, "<!-- -->" * 230_000),
        "instructions": wrap(operation, "<?a b?>" * 260_000),
        "type names": wrap(operation, f"<TypeName>{'infra:x,' * 230_000}</TypeName>"),
        **{
            key: wrap(operation, f"<Query {types}><Filter {FES}>{each}</Filter></Query>")
            for key, each in filters.items()
        },
    }


def list_largest() -> dict[str, bytes]:
    """Transactions near the limit that holds for who may change something."""
    building = f'<Insert><building xmlns="urn:gis-infra:infra"><name>{"x" * 900_000}</name></building></Insert>'
    ids = '<ResourceId rid="building.1"/>' * 380_000
    return {
        "elements": wrap("Transaction", "<b/>" * 399_000),
        "attributes all over": wrap("Transaction", f"<Insert {HUNDRED}/>" * 18_000),
        "an attribute": wrap("Transaction", attributes=f'handle="{"x" * 15_900_000}"'),
        "long values": wrap("Transaction", building * 17),
        "ids": wrap("Transaction", f'<Delete typeName="infra:building"><Filter {FES}>{ids}</Filter></Delete>'),
    }


@dataclass
class Stream:
    """A body of any size that is made as it is read, and knows how much of it was."""

    size: int
    given: int = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes, a megabyte at most."""
        left = self.size - self.given
        part = b"<a>" + b"x" * 999_997 if self.given == 0 else b"x" * 1_000_000
        part = part[: min(left, len(part), size if size >= 0 else left)]
        self.given += len(part)
        return part

    def readline(self, size: int = -1) -> bytes:
        """As `read`: there are no lines."""
        return self.read(size)

    def __iter__(self) -> Iterator[bytes]:
        while part := self.read():
            yield part
