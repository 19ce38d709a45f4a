"""Documents checked against the schemas of OGC in `ogc.zip`, and against the application schema that came with them."""

import zipfile
from functools import cache
from pathlib import Path

from lxml import etree

SCHEMAS = Path(__file__).with_name("ogc.zip")
XSD = "http://www.w3.org/2001/XMLSchema"
WFS = {
    "2.0.0": ("http://www.opengis.net/wfs/2.0", "http://schemas.opengis.net/wfs/2.0/wfs.xsd"),
    "1.1.0": ("http://www.opengis.net/wfs", "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd"),
    "1.0.0": ("http://www.opengis.net/wfs", "http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd"),
}
OWN = "memory:application.xsd"
DRIVER = "memory:all.xsd"


class Shelf(etree.Resolver):
    """What schemas import, from the zip or from what is given by hand; anything else is an error."""

    def __init__(self, given):
        self.given = given

    def resolve(self, url, public_id, context):
        content = self.given[url] if url in self.given else read_schema(url)
        return self.resolve_string(content, context, base_url=url)


@cache
def read_schema(url):
    """The content of a schema by its address."""
    with zipfile.ZipFile(SCHEMAS) as shelf:
        return shelf.read(url.partition("//")[2])


def load(*imports, **given):
    """The schema of several namespaces. imports: namespace and address of each; given: addresses that are no files."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Shelf(given))
    lines = [f'<xsd:import namespace="{namespace}" schemaLocation="{address}"/>' for namespace, address in imports]
    driver = f'<xsd:schema xmlns:xsd="{XSD}">{"".join(lines)}</xsd:schema>'
    return etree.XMLSchema(etree.fromstring(driver.encode(), parser, base_url=DRIVER))


def load_types(description, version):
    """The schema of a version of WFS together with the answer to a DescribeFeatureType."""
    namespace = etree.fromstring(description).get("targetNamespace")
    return load(WFS[version], (namespace, OWN), **{OWN: description})


def require_valid(schema, body):
    """Return the root of a document that is valid. Raises AssertionError, which says what is not."""
    root = etree.fromstring(body)
    assert schema.validate(root), schema.error_log
    return root
