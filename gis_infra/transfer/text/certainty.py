"""When text may be converted, and what a refusal says: the candidates, a value read by each, and the words to add."""

from gis_infra.errors import InvalidParameter
from gis_infra.transfer.text.guessing import TextGuess


def require_certain_text(text: TextGuess | None, name: str) -> None:
    """Return if the encoding is sure. name: of the source, for messages.

    Raises InvalidParameter, which names the candidates with a value read by each and the words to add, if it is not.
    """
    if text is None or text.is_certain:
        return
    column = f"{text.doubtful_column}=" if text.doubtful_column is not None else ""
    choices = "".join(
        f"; {encoding} reads {value!r}: --encoding {column}{encoding}" for encoding, value in text.candidates
    )
    raise InvalidParameter(f"the encoding of {name} is not sure: {text.reason}{choices}", where="encoding")
