"""Values in the XML of QGIS, which names the type of each. Source: QGIS 3.22, QgsXmlUtils::writeVariant."""

from collections.abc import Mapping, Sequence

from lxml import etree

# Text, truth, number, a mapping of names, or a list of them.
Value = str | bool | int | float | Mapping[str, "Value"] | Sequence["Value"]


def add_options(parent: etree._Element, options: Mapping[str, Value]) -> None:
    """Write a mapping."""
    add_option(parent, None, options)


def add_option(parent: etree._Element, name: str | None, value: Value) -> None:
    """Write one value under a name, or in a list without one."""
    element = etree.SubElement(parent, "Option", {} if name is None else {"name": name})
    if isinstance(value, str):
        element.attrib.update({"type": "QString", "value": value})
    elif isinstance(value, Mapping):
        element.set("type", "Map")
        for key, each in value.items():
            add_option(element, key, each)
    elif isinstance(value, Sequence):
        element.set("type", "List")
        for each in value:
            add_option(element, None, each)
    else:
        element.attrib.update({"type": name_type(value), "value": str(value).lower()})


def name_type(value: bool | int | float) -> str:
    """What Qt calls the type."""
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "double"
