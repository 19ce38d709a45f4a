"""The collector is off within, and afterwards as it was, also when the work fails."""

import gc

import pytest

from gis_infra.collector import collector_paused


def test_it_is_off_within_and_on_again_after_a_failure():
    with pytest.raises(ZeroDivisionError), collector_paused():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


def test_what_was_off_stays_off():
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
