"""What script/conformance makes of the official suite's report, and of its absence."""

import pytest

from tests.conformance.official import find_reason, read_outcomes, tell

REPORT = b"""<?xml version="1.0" encoding="UTF-8"?>
<testng-results ignored="0" total="4" passed="1" failed="1" skipped="2">
<suite name="s"><test name="Core"><class name="c">
<test-method is-config="true" status="PASS" name="setUp" signature="setUp()"/>
<test-method status="PASS" name="landingPage" signature="landingPage()"/>
<test-method status="FAIL" name="limit" signature="limit()"><exception class="java.lang.AssertionError">
<message><![CDATA[ expected 10
 found 11 ]]></message></exception></test-method>
<test-method status="SKIP" name="time" signature="time()"><exception><message>no temporal extent</message></exception>
</test-method>
<test-method status="SKIP" name="time" signature="time()"><exception><message>no temporal extent</message></exception>
</test-method></class></test></suite></testng-results>"""


def test_outcomes_are_those_of_tests_with_their_reasons():
    found = read_outcomes(REPORT)
    assert [each.status for each in found] == ["PASS", "FAIL", "SKIP", "SKIP"]
    assert found[1].reason == "expected 10 found 11"


def test_what_did_not_pass_is_told_once_with_how_often(capsys):
    assert tell(read_outcomes(REPORT)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("1 passed, 1 failed, 2 skipped")
    assert lines[1:] == ["FAIL limit (1): expected 10 found 11", "SKIP time (2): no temporal extent"]


@pytest.mark.parametrize("statuses", [[], ["SKIP"]])
def test_a_run_in_which_nothing_passed_is_no_success(statuses, capsys):
    assert tell([each for each in read_outcomes(REPORT) if each.status in statuses]) == 1


def test_the_reason_is_maven_s():
    said = "[ERROR] Failed to execute goal: Could not find artifact a:b:jar:1.9 in central (https://x) -> [Help 1]\n"
    assert find_reason(said) == "Could not find artifact a:b:jar:1.9 in central (https://x)"
    assert find_reason("") == "Maven did not say why"
