"""Who may have coverage run and see it, and what cannot be asked."""

import dataclasses
import re

import pytest
from shapely import Point
from sqlalchemy import func, select

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.analysis.coverage.runs import reading, running
from gis_infra.analysis.coverage.runs.orders import Drawn, SitesOrder, WhatIf
from gis_infra.analysis.coverage.runs.planning import make_plan
from gis_infra.analysis.coverage.runs.tables import COVERAGE_UNIT
from gis_infra.analysis.coverage.runs.visibility import Reader, select_visible_rows
from gis_infra.errors import InvalidParameter, MissingError, NotPermitted, SignInNeeded
from tests.builders import make_actor
from tests.database.coverage_runs.scene import house, point, shifted

REFUSED = [
    ({"method": "zone"}, "post_office can be told by straight_line, streets, not by 'zone'"),
    ({"distance_m": 0.0}, "distance_m must be above 0 and at most 100000, got 0.0"),
    ({"distance_m": float("nan")}, "distance_m must be above 0"),
    ({"distance_m": 5.0, "minutes": 5.0}, "distance_m or minutes, not both"),
    ({"service": "base_station", "minutes": 5.0}, "not measured along streets; give distance_m"),
    ({"service": "water_connection", "distance_m": 5.0}, "told by connection, which has no reach"),
    ({"level": "street"}, "level must be one of province, district, commune, got 'street'"),
    ({"demand": "cats"}, "there is no demand 'cats'"),
    ({"title": "x" * 201}, "title may have at most 200 letters, got 201"),
    ({"what_if": WhatIf(without=tuple(range(10_001)))}, "at most 10,000 ids, got 10,001"),
    ({"what_if": WhatIf(closed=(1,))}, "no closed street changes; ask for the method streets"),
    ({"service": "base_station", "what_if": WhatIf(closing=Point(0, 0))}, "by sector, which no closed street changes"),
    ({"what_if": WhatIf(drawn=(Drawn(Point()),))}, "needs a shape"),
    ({"what_if": WhatIf(drawn=(Drawn(Point(0, 0), reach=0.0),))}, "reach above 0"),
    ({"what_if": WhatIf(drawn=(Drawn(Point(0, 0), capacity=-1.0),))}, "takes 0 people or more"),
    ({"sites": SitesOrder(n=0, source="nodes")}, "sites.n must be from 1 to 100, got 0"),
    ({"sites": SitesOrder(n=1, source="given")}, "sites from given needs points"),
    ({"sites": SitesOrder(n=1, source="grid", spacing_m=1.0)}, "sites.spacing_m must be from 10 to 100000"),
    ({"sites": SitesOrder(n=1, source="moon")}, "sites.from must be one of given"),
    ({"period": "week"}, "period must be one of month, half_year, year, got 'week'"),
    ({"period": "month", "distance_m": 5.0}, "as the standard says"),
]


@pytest.mark.parametrize(("wanted", "words"), REFUSED, ids=[words[:30] for _, words in REFUSED])
def test_what_cannot_be_asked_is_refused_in_words(connection, tables, book, order, wanted, words):
    with pytest.raises(InvalidParameter, match=re.escape(words)):
        running.check_order(connection, tables, book, order(**wanted))


def test_a_run_is_for_those_who_see_all_that_takes_part(connection, tables, book, order, lay, wards, run, catalogue):
    with pytest.raises(SignInNeeded):
        running.check_order(connection, tables, book, order(actor=ANONYMOUS))
    with pytest.raises(MissingError, match="there is no service 'x'; there are"):
        running.check_order(connection, tables, book, order("x"))
    with pytest.raises(MissingError, match="service 'distribution_transformer'; there are fire_hydrant"):
        running.check_order(connection, tables, book, order("distribution_transformer", actor=ANONYMOUS))
    with pytest.raises(NotPermitted, match="add to a series"):
        running.check_order(connection, tables, book, order(actor=make_actor(), period="month"))
    mine = run(actor=make_actor())
    assert (mine.run.official, mine.run.shared, mine.run.mine) == (False, False, True)
    for actor in (ANONYMOUS, dataclasses.replace(make_actor(username="hoa"), person_id=2)):
        assert reading.find_run(connection, mine.run.id, Reader(actor, catalogue)) is None
    assert reading.find_run(connection, mine.run.id, Reader(SYSTEM, catalogue)) is not None
    house(lay, 500, 500, 5, sensitivity="restricted")
    with pytest.raises(NotPermitted, match="every row that takes part"):
        running.check_order(connection, tables, book, order(actor=make_actor()))
    running.check_order(connection, tables, book, order(actor=make_actor(("building", "viewer"))))


@pytest.mark.parametrize("layer", ["post_office", "building", "admin_unit"])
def test_a_run_shows_only_to_those_who_see_every_row_in_it(connection, catalogue, lay, wards, run, layer):
    shape = point(500, 500) if layer == "post_office" else shifted(100, 100, 900, 900)
    level = {"level": "commune"} if layer == "admin_unit" else {}
    lay(layer, shape, sensitivity="restricted", **level)
    run_id = run().run.id
    for actor in (ANONYMOUS, make_actor(), make_actor(("water_pipe", "admin"))):
        reader = Reader(actor, catalogue)
        assert reading.read_latest(connection, ["post_office"], reader) == {}
        assert reading.list_runs(connection, "post_office", reader) == ()
        for ask in (reading.read_report, reading.read_places):
            with pytest.raises(MissingError, match=f"there is no coverage run {run_id}$"):
                ask(connection, run_id, reader)
        assert not connection.execute(
            select(COVERAGE_UNIT).where(select_visible_rows(catalogue, COVERAGE_UNIT, actor))
        ).all()
    reader = Reader(make_actor((layer, "viewer")), catalogue)
    report = reading.read_report(connection, run_id, reader)
    known = {each.layer for each in report.run.data if each.revision is not None}
    assert known == {layer}  # revisions count changes of rows they may not see
    seen = select(func.count()).select_from(COVERAGE_UNIT)
    visible = select_visible_rows(catalogue, COVERAGE_UNIT, reader.actor)
    assert connection.execute(seen.where(visible)).scalar_one() == 1 + len(report.units)


@pytest.mark.parametrize(
    ("what_if", "words"),
    [
        (WhatIf(without=(999_999, 999_998)), "post_office has no such row with the id 999998, 999999"),
        (WhatIf(closed=(999_999,)), "road_segment has no such row with the id 999999"),
    ],
)
def test_what_is_counted_out_or_closed_has_to_take_part(connection, tables, book, order, lay, what_if, words):
    lay("post_office", point(100, 100))
    asked = order(what_if=what_if, method="streets")
    with pytest.raises(InvalidParameter, match=words):
        running.require_ids(connection, tables, book, (make_plan(book, asked), asked))


def test_a_planned_facility_can_be_counted_out_where_planned_ones_count(connection, tables, book, order, lay):
    row = lay("post_office", point(100, 100), status="proposed")
    for planned in (True, False):
        asked = order(what_if=WhatIf(without=(row,), planned=planned))
        if planned:
            running.require_ids(connection, tables, book, (make_plan(book, asked), asked))
            continue
        with pytest.raises(InvalidParameter, match=str(row)):
            running.require_ids(connection, tables, book, (make_plan(book, asked), asked))
