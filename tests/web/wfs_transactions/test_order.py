"""Whatever actions stand in a document, in whatever order, they do what one after another would do, or nothing.

The oracle is a list of features in memory, on which the actions are done one by one.
"""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_infra.storage.transactions import writing
from tests.web import transaction_city as city
from tests.web.transaction_city import (
    by_id,
    hydrant,
    insert,
    read_fids,
    read_totals,
    remove,
    replace,
    transaction,
    update,
    where,
)

NAMES = ("a", "b", "c")
AT_FIRST = ("a", "a", "b")
TOTALS = {"insert": "totalInserted", "update": "totalUpdated", "replace": "totalReplaced", "delete": "totalDeleted"}

names = st.sampled_from(NAMES)
# Which features are meant: some of those that were there at first, by their places; or those of a name.
targets = st.one_of(st.lists(st.integers(0, 2), min_size=1, max_size=3).map(tuple), names)
actions = st.one_of(
    st.tuples(st.just("insert"), st.lists(names, min_size=1, max_size=2).map(tuple), st.none()),
    st.tuples(st.just("update"), names, targets),
    st.tuples(st.just("replace"), names, st.integers(0, 2).map(lambda place: (place,))),
    st.tuples(st.just("delete"), st.none(), targets),
)


class Refused(Exception):
    """A document is refused."""


def do_one_by_one(document):
    """The names of the features in the end, in the order of their making, and how often which kind was done.

    Raises Refused.
    """
    features = dict(enumerate(AT_FIRST))
    keys = itertools.count(len(AT_FIRST))
    done = {TOTALS[kind]: 0 for kind, _, _ in document}
    for kind, given_, target in document:
        if kind == "insert":
            features |= {next(keys): name for name in given_}
            done[TOTALS[kind]] += len(given_)
            continue
        meant = [key for key, name in features.items() if is_meant(key, name, target)]
        if kind == "replace" and len(meant) != 1:
            raise Refused
        done[TOTALS[kind]] += len(meant)
        for key in meant:
            if kind == "delete":
                del features[key]
            else:
                features[key] = given_
    return [features[key] for key in sorted(features)], done


def is_meant(key, name, target):
    """Whether a feature is one of those that are meant."""
    return name == target if isinstance(target, str) else key in target


def write(action, fids):
    """An action as XML."""
    kind, given_, target = action
    if kind == "insert":
        return insert(*(hydrant(name=name) for name in given_))
    filter_ = where("name", target) if isinstance(target, str) else by_id(*(fids[place] for place in target))
    if kind == "replace":
        return replace(filter_, hydrant(name=given_))
    return update(filter_, name=given_) if kind == "update" else remove(filter_)


@given(document=st.lists(actions, min_size=1, max_size=7))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_document_does_what_its_actions_would_do_one_after_another(send, rows, engine, tables, document):
    with writing(engine) as connection:
        city.empty(connection, tables)
    fids = read_fids(send(transaction(insert(*(hydrant(name=name) for name in AT_FIRST)))))
    text = transaction("".join(write(action, fids) for action in document))
    try:
        left, done = do_one_by_one(document)
    except Refused:
        send(text, 403)
        assert [row["name"] for row in rows()] == list(AT_FIRST)
        return
    assert read_totals(send(text)) == done
    assert [row["name"] for row in rows()] == left
