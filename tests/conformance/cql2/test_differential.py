"""The program and the oracle, given the same filters and the same features, find the same ones.

GIS_INFRA_CONFORMANCE_CASES sets how many filters are tried (script/conformance cql2: thousands, over several sets of
features); each is asked in both languages.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.cql2 import city
from tests.conformance.cql2.holding import hold_to_oracle
from tests.conformance.cql2.strategies import make_conditions

CASES = int(os.environ.get("GIS_INFRA_CONFORMANCE_CASES", "200"))
# The everyday suite must not depend on the day: the long run takes new filters every time.
EVERYDAY = CASES <= 200
BOTH = settings(
    max_examples=CASES // len(city.LAYERS),
    deadline=None,
    derandomize=EVERYDAY,
    print_blob=not EVERYDAY,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("layer", city.LAYERS)
def test_a_filter_in_either_language_finds_what_the_oracle_finds(door, layer):
    @BOTH
    @given(make_conditions(city.LAYERS[layer]), st.integers(0, 99))
    def check(document, seed):
        hold_to_oracle(door, layer, document, seed)

    check()


def test_features_of_every_kind_are_tried(door):
    for layer, kinds in city.LAYERS.items():
        for name in kinds:
            values = [each.properties[name] for each in door.features[layer]]
            assert any(each is not None for each in values), f"{layer}.{name}"
            assert name in ("id", "asset_code", "created_at", "updated_at") or None in values, f"{layer}.{name}"
