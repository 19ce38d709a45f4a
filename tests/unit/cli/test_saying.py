"""What is said of a file on the command line, as a value."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.cli.saying import options_named, parse_codes, parse_encodings, parse_pairs
from gis_infra.errors import InvalidParameter

COLUMN = st.text(min_size=1).filter(lambda name: "=" not in name and ":" not in name)


@given(st.dictionaries(COLUMN, st.text()))
def test_pairs_come_back_whatever_stands_behind_the_sign(pairs):
    assert parse_pairs([f"{column}={value}" for column, value in pairs.items()], "map", "") == pairs


@given(st.dictionaries(COLUMN, st.dictionaries(st.text(), st.sampled_from(["steel", ""]), min_size=1)))
def test_codes_come_back_whatever_the_value_holds(codes):
    texts = [f"{column}:{value}={code}" for column, said in codes.items() for value, code in said.items()]
    assert parse_codes(texts) == codes


@pytest.mark.parametrize(
    ("texts", "everywhere", "columns"),
    [
        ([], None, {}),
        (["VNI"], "VNI", {}),
        (["TEN=VNI", "GHI_CHU=TCVN3"], None, {"TEN": "VNI", "GHI_CHU": "TCVN3"}),
        (["TEN=VNI", "TCVN3"], "TCVN3", {"TEN": "VNI"}),
    ],
)
def test_an_encoding_is_of_all_text_or_of_a_column(texts, everywhere, columns):
    assert parse_encodings(texts) == (everywhere, columns)


@pytest.mark.parametrize(
    ("parse", "texts", "words"),
    [
        (lambda texts: parse_pairs(texts, "unit", "COLUMN=unit"), ["DK"], "--unit takes COLUMN=unit, got 'DK'"),
        (lambda texts: parse_pairs(texts, "unit", "COLUMN=unit"), ["=m"], "--unit takes COLUMN=unit, got '=m'"),
        (
            lambda texts: parse_pairs(texts, "unit", "COLUMN=unit"),
            ["DK=m", "DK=cm"],
            "--unit says two things of DK: 'm' and 'cm'",
        ),
        (parse_codes, ["DK:x"], "--code takes COLUMN:VALUE=code, got 'DK:x'"),
        (parse_codes, ["DK=x"], "--code takes COLUMN:VALUE=code, got 'DK=x'"),
        (parse_codes, [":a=x"], "--code takes COLUMN:VALUE=code, got ':a=x'"),
        (parse_encodings, ["VNI", "TCVN3"], "--encoding names one encoding for all text, got VNI and TCVN3"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_option(parse, texts, words):
    with pytest.raises(InvalidParameter, match=words):
        parse(texts)


@pytest.mark.parametrize(("where", "told"), [("crs", "--crs"), ("pipes.shp", "pipes.shp"), ("", "")])
def test_a_refusal_names_the_option_as_it_is_typed(where, told):
    command = click.Command("x", params=[click.Option(["--crs"])])
    with pytest.raises(InvalidParameter) as refused, options_named(command):
        raise InvalidParameter("no", where=where)
    assert refused.value.where == told
