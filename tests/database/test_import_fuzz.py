"""A few of the damaged files that `script/fuzz` tries by the thousand."""

from tests.fuzzing.run import run

# Spread over the seeds and damages; each is refused or loaded within 10 s and 1 GB, and the layer holds what was told.
NUMBERS = range(60)


def test_a_damaged_file_is_refused_in_words_or_loaded_as_reported(engine, database):
    outcome = run(engine, database.render_as_string(hide_password=False), NUMBERS)
    assert outcome.faults == []
    assert outcome.kinds["refused"] > 10 and outcome.kinds["loaded"] > 10
