"""What the parts of OGC API - Features ask: every requirement of every class, and why some do not apply here.

`render` makes README.md of it and of the tests; `python -m tests.conformance.requirements` writes it, and a test fails
while it is stale. A test is of a requirement if its name is that of the requirement, or its docstring names it.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPEC = "http://www.opengis.net/spec"


@dataclass(frozen=True)
class Group:
    """The requirements of one class.

    uri: of the class as it is declared, after "/spec/". file: the tests of it. requirements: their ids after "/req/".
    """

    uri: str
    file: str
    requirements: tuple[str, ...]


def group(uri: str, file: str, *names: str, of: str = "") -> Group:
    """A class whose requirements begin with its own name, or with `of`."""
    own = of or uri.rpartition("/")[2]
    return Group(uri, file, tuple(name if "/" in name else f"{own}/{name}" for name in names))


PART1, PART2, PART3, PART4 = (f"ogcapi-features-{number}/1.0/conf" for number in (1, 2, 3, 4))
PART5 = "ogcapi-common-3/1.0/conf"
CORE, ENCODINGS, CRS = "test_part1_core.py", "test_part1_encodings.py", "test_part2_crs.py"
FILTERING, SCHEMAS = "test_part3_filtering.py", "test_part5_schemas.py"
WRITING, LOCKING = "test_part4_crud.py", "test_part4_locking.py"

GROUPS = (
    group(
        f"{PART1}/core", CORE, "root-op", "root-success", "api-definition-op", "api-definition-success",
        "conformance-op", "conformance-success", "http", "query-param-unknown", "query-param-invalid", "crs84",
        "fc-md-op", "fc-md-success", "fc-md-links", "fc-md-items", "fc-md-items-links", "fc-md-extent",
        "fc-md-extent-multi", "sfc-md-op", "sfc-md-success", "fc-op", "fc-limit-definition", "fc-limit-response-1",
        "fc-bbox-definition", "fc-bbox-response", "fc-time-definition", "fc-time-response", "fc-response", "fc-links",
        "fc-rel-type", "fc-timeStamp", "fc-numberMatched", "fc-numberReturned", "f-op", "f-success", "f-links",
    ),
    group(f"{PART1}/geojson", ENCODINGS, "definition", "content"),
    group(f"{PART1}/html", ENCODINGS, "definition", "content"),
    group(
        f"{PART1}/oas30", ENCODINGS, "oas-definition-1", "oas-definition-2", "oas-impl", "completeness",
        "exception-codes", "security",
    ),
    group(
        f"{PART2}/crs", CRS, "crs-uri", "fc-md-crs-list", "fc-md-crs-list-global", "fc-md-crs-list-defaultCrs",
        "fc-md-storageCrs", "fc-md-storageCrs-valid-value", "fc-crs-definition", "fc-crs-valid-value",
        "fc-crs-default-value", "fc-crs-action", "crs-exception", "fc-bbox-crs-definition", "fc-bbox-crs-valid-values",
        "fc-bbox-crs-default-value", "fc-bbox-crs-action", "bbox-crs-exception", "geojson", "ogc-crs-header",
        "ogc-crs-header-value",
    ),
    group(
        f"{PART3}/queryables", FILTERING, "queryables-link", "get-queryables-op", "get-queryables-response",
    ),
    group(f"{PART3}/queryables-query-parameters", FILTERING, "parameters"),
    group(
        f"{PART3}/filter", FILTERING, "filter-param", "filter-lang-param", "filter-crs-wgs84", "filter-crs-param",
        "mixing-expressions", "response", "expression-construction", "get-functions-operation",
        "get-functions-response-json",
    ),
    group(f"{PART3}/features-filter", FILTERING, "filter-on-items"),
    group(
        f"{PART4}/create-replace-delete", WRITING, "core/methods", "options-op", "options-response",
        "options-accept-post", "post-op", "post-body", "post-content-type", "post-response-rid", "post-response",
        "put-op", "put-body", "put-content-type", "put-response", "put-rid", "put-rid-exception", "delete-op",
        "delete-response",
    ),
    group(
        f"{PART4}/update", WRITING, "methods", "options-accept-patch", "update-patch-op", "update-patch-body",
        "patch-content-type", "update-patch-response", "rid",
    ),
    group(
        f"{PART4}/optimistic-locking-etags", LOCKING, "get-etag-response", "put-etag-response", "patch-etag-response",
        "ifmatch-put-op", "ifmatch-put-eval", "ifmatch-patch-op", "ifmatch-patch-eval", "ifmatch-delete-op",
        "ifmatch-delete-eval",
    ),
    group(
        f"{PART4}/optimistic-locking-timestamps", LOCKING, "lastmodified-get-response", "lastmodified-put-response",
        "lastmodified-patch-response", "ifunmodifiedsince-put-op", "ifunmodifiedsince-put-eval",
        "ifunmodifiedsince-patch-op", "ifunmodifiedsince-patch-eval", "ifunmodifiedsince-delete-op",
        "ifunmodifiedsince-delete-eval",
    ),
    group(f"{PART4}/handling", LOCKING, "prefer", "strict", "lenient", "preference-applied"),
    group(
        f"{PART4}/features", WRITING, "resources-endpoint", "resource-endpoint", "collection-endpoint", "crs-crs84",
        "content-crs-header", "default-crs", "crs-other-crs", "schema", "geojson-create-replace",
        "update-json-merge-patch", "geojson-jsonfg", "gml-create-replace", "gml-srsname",
    ),
    group(
        f"{PART5}/schemas", SCHEMAS, "json-schema", "properties", "additional-keywords", "role", "role-id",
        "property-seq", "unit", "definition", "nullvalues",
    ),
    group(
        f"{PART5}/advanced-property-roles", SCHEMAS, "role-primary-geometry", "role-primary-instant",
        "role-primary-interval-start", "role-primary-interval-end", "role-primary-interval",
        "primary-temporal-constraints", "role-type",
    ),
    group(f"{PART5}/returnables-and-receivables", SCHEMAS, "link", "op", "response"),
    group(f"{PART5}/queryables", SCHEMAS, "link", "op", "response"),
    group(f"{PART5}/sortables", SCHEMAS, "link", "op", "response"),
    group(f"{PART5}/profile-parameter", SCHEMAS, "profile-param", "profile-param-response"),
    group(f"{PART5}/profile-codelists", SCHEMAS, "consistency", "codelist-inline", "codelist-ref"),
    group(f"{PART5}/profile-domains", SCHEMAS, "consistency", "actual-domain"),
)  # fmt: skip

# Requirements that ask nothing of a server like this one, and why.
NOT_ASKED: Mapping[str, str] = {
    "features/crs-crs84": "asked only of servers without Part 2",
    "features/geojson-jsonfg": "asked only where the class JSON-FG in Web APIs is declared",
    "features/gml-create-replace": "asked only where GML is taken in; it is given out alone",
    "features/gml-srsname": "asked only where GML is taken in; it is given out alone",
}

# Where the classes of other specifications are tested, by what their addresses begin with.
ELSEWHERE: Mapping[str, str] = {
    "cql2/1.0": "tests/conformance/cql2/test_requirements.py",
    "json-fg-1/1.0": "tests/web/test_ogcapi_formats.py",
    "ogcapi-features-5/1.0": "as ogcapi-common-3/1.0, of which these are the addresses while it was a draft",
    "ogcapi-common-1/1.0": "as ogcapi-features-1/1.0, which asks the same of landing page, definition and encodings",
    "ogcapi-common-2/1.0": "as ogcapi-features-1/1.0, which asks the same of collections",
    "ogcapi-tiles-1/1.0": "tests/conformance/test_tiles.py, tests/web/test_tiles.py",
    "ogcapi-processes-1/1.0": "tests/web/test_processes.py, tests/web/test_jobs.py",
}

TITLE = """\
# Conformance, requirement by requirement

<!-- Made by python -m tests.conformance.requirements; do not edit. -->

One test a requirement of OGC API - Features, parts 1 to 5, its id in the test's name or docstring. The official suite
exists for parts 1 and 2 only: `script/conformance ogcapi-features` runs it. What is declared at `/ogc/conformance` and
stands in no table here is tested where the last table says."""


def find_tests(file: str) -> Iterator[tuple[str, str]]:
    """The name and the docstring of every test of a file of this folder."""
    for node in ast.parse((HERE / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, ast.get_docstring(node) or ""


def list_tests_of(requirement: str, file: str) -> list[str]:
    """The tests of a requirement, by name."""
    named = "test_req_" + re.sub(r"[/-]", "_", requirement).lower()
    told = re.compile(rf"/req/{re.escape(requirement)}(?![\w-])")
    return [name for name, docstring in find_tests(file) if name == named or told.search(docstring)]


def render() -> str:
    """The page: each class with its requirements and their tests."""
    lines = [TITLE]
    for each in GROUPS:
        lines += ["", f"## {SPEC}/{each.uri}", "", f"`{each.file}`", "", "| requirement | test |", "|---|---|"]
        lines += [f"| /req/{name} | {describe(name, each.file)} |" for name in each.requirements]
    lines += ["", "## Other specifications", "", "| classes of | tested in |", "|---|---|"]
    lines += [f"| {SPEC}/{begin} | {where} |" for begin, where in ELSEWHERE.items()]
    return "\n".join(lines) + "\n"


def describe(requirement: str, file: str) -> str:
    """The tests of a requirement, or why there is none."""
    if requirement in NOT_ASKED:
        return f"not asked: {NOT_ASKED[requirement]}"
    return ", ".join(f"`{name}`" for name in list_tests_of(requirement, file))


if __name__ == "__main__":
    (HERE / "README.md").write_text(render(), encoding="utf-8")
