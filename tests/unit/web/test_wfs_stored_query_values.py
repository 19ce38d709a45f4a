"""Values in the place of a stored query's parameters: whatever is in them, they stay values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gis_infra.errors import InvalidParameter
from gis_infra.web.wfs.stored_queries import types
from gis_infra.web.wfs.stored_queries.definitions import parse
from gis_infra.web.wfs.stored_queries.substituting import fill

WFS, FES = "http://www.opengis.net/wfs/2.0", "http://www.opengis.net/fes/2.0"
DEFINITION = f"""<StoredQueryDefinition xmlns="{WFS}" xmlns:f="{FES}" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
    xmlns:t="urn:gis-infra:infra" id="urn:x">
  <Parameter name="a" type="xsd:string"/><Parameter name="B" type="xsd:string"/>
  <QueryExpressionText returnFeatureTypes="" language="urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression">
    <Query typeNames="t:x" srsName="-${{a}}-${{B}}-"><f:Filter><f:Literal>${{a}}</f:Literal> ${{B}}!</f:Filter></Query>
  </QueryExpressionText>
</StoredQueryDefinition>"""
# All that XML can hold, and what would be markup among it.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
MARKUP = st.sampled_from(["<", ">", "&", "]]>", "${a}", "${B}", "<a/>", "&lt;", "'", '"', "<!--", "\u1ed1", " x "])
TEXTS = st.one_of(st.text(CHARACTERS), st.lists(MARKUP).map("".join)).filter(str.strip)


@given(TEXTS, TEXTS)
def test_a_value_is_one_text_wherever_it_stands(one, other):
    (query,) = fill(parse(DEFINITION, "hoa"), {"A": one, "b": other})
    assert [etree.QName(each).localname for each in query.iter()] == ["Query", "Filter", "Literal"]
    assert query.get("srsName") == f"-{one}-{other}-" and query.get("typeNames") == "t:x"
    assert query[0][0].text == one and query[0][0].tail == f" {other}!"
    again = etree.fromstring(etree.tostring(query))
    assert again[0][0].text == one and again.nsmap["t"] == "urn:gis-infra:infra"


@given(st.text(max_size=20))
def test_what_xml_cannot_hold_is_refused_and_the_rest_is_taken(text):
    try:
        etree.Element("a").text = text
        can_be_held = True
    except ValueError:
        can_be_held = False
    assert types.is_of_type(text, "string") == can_be_held


@given(st.integers())
def test_whole_numbers_are_told_from_others(number):
    for kind, expected in (("integer", True), ("nonNegativeInteger", number >= 0), ("positiveInteger", number > 0)):
        assert types.is_of_type(str(number), kind) == expected
    assert types.is_of_type(f"{number}.5", "decimal") and not types.is_of_type(f"{number}.5", "integer")


def test_a_definition_is_not_changed_by_being_asked():
    definition = parse(DEFINITION, "hoa")
    before = etree.tostring(definition.element)
    fill(definition, {"a": "x", "b": "y"})
    assert etree.tostring(definition.element) == before


def test_many_uses_of_a_long_value_are_refused():
    definition = parse(DEFINITION.replace("<f:Literal>", "<f:Literal>" + "${a}" * 100), "hoa")
    with pytest.raises(InvalidParameter, match="at most 2000000 letters"):
        fill(definition, {"a": "x" * 30_000, "b": "y"})
