"""One filter, put to the program in both languages and to the oracle."""

from typing import Any

from tests.conformance.cql2 import city
from tests.conformance.cql2.door import Door, list_ids
from tests.conformance.cql2.evaluation import select
from tests.conformance.cql2.kinds import Refused, Unspecified


def hold_to_oracle(door: Door, layer: str, document: Any, seed: int) -> None:
    """Ask in both languages, and compare with the oracle; where the standard is silent, only with each other."""
    by_text, by_json, text = door.ask_both(layer, document, seed)
    told = f"{layer}: {text}"
    assert (by_text.status_code, by_json.status_code) in ((200, 200), (400, 400)), (told, by_text.text, by_json.text)
    try:
        expected, doubtful = select(document, door.features[layer], city.LAYERS[layer])
    except Refused as error:
        assert by_text.status_code == 400, f"{told}: accepted, though {error}"
        return
    except Unspecified:
        if by_text.status_code == 200:
            assert list_ids(by_text) == list_ids(by_json), told
        return
    assert list_ids(by_text) - doubtful == expected - doubtful, told
    assert list_ids(by_json) - doubtful == expected - doubtful, told
