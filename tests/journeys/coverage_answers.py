"""Made answers of the server about coverage, for what a small city never shows: many wards, a run that takes its time.

They stand where the quarter of `scene` does, in the form that `gis_infra.reports.coverage.documents` writes.
"""

import copy
import json
import re
from typing import Any

from playwright.sync_api import Page, Route
from shapely import Point

from tests.coverage_found import EAST, NORTH, collect, make_feature, make_found

Json = dict[str, Any]
DEMANDS = [
    {"id": "residents", "title": {"vi": "Dân số theo nhà", "en": "Residents by building"}, "kind": "column"},
    {"id": "buildings", "title": {"vi": "Nhà", "en": "Buildings"}, "kind": "count"},
]
LEVELS = [
    {"id": "commune", "title": {"vi": "Cấp xã", "en": "Commune"}},
    {"id": "province", "title": {"vi": "Cấp tỉnh", "en": "Province"}},
]
NOTHING: Json = {"vi": [], "en": []}


def make_service(*, may_run: bool = True) -> Json:
    """The hydrants' service."""
    found = make_found()
    return {
        **found["service"],
        "method": "straight_line",
        "methods": ["straight_line", "streets"],
        "distance": {"value": 150.0, "unit": "m"},
        "demand": "residents",
        "demands": DEMANDS,
        "levels": LEVELS,
        "targets": [],
        "note": "",
        "latest_run": {"id": 17, "finished_at": "2026-11-23T08:00:03+07:00", "city": found["city"]},
        "may_run": may_run,
    }


def make_report(run_id: int = 17, **run: Any) -> Json:
    """A run of the city as it is; run: what is told of it otherwise."""
    found = make_found()
    sites = collect([], bound=None, share_of_bound=None)
    told = {**found["run"], "what_if": NOTHING, "id": run_id, "mine": False, **run}
    return {**found, "run": told, "sites": sites if run_id == 17 else found["sites"]}


def make_entry(run_id: int, day: str, share: float, **more: Any) -> Json:
    """A run as the list of runs tells it."""
    report = make_report(run_id)
    city = {**report["city"], "people_share": share}
    return {**report["run"], "official": True, "day": day, "city": city, **more}


def list_runs() -> list[Json]:
    """Three runs of the series and one that assumes something."""
    assumed = {"vi": ["1 cơ sở vẽ thêm"], "en": ["1 facilities drawn"]}
    return [
        make_entry(21, "2026-11-23", 0.86, official=False, mine=True, title="Thêm ở Hàng Ngựa", what_if=assumed),
        make_entry(17, "2026-11-23", 0.8123),
        make_entry(9, "2026-06-30", 0.74),
        make_entry(4, "2025-12-31", 0.7),
    ]


def make_change(before: Json | None, after: Json | None, **more: Any) -> Json:
    """One unit before and after."""
    known = after or before or {}
    change = {"code": known["code"], "name": known["name"], "state": "same"}
    for side, figures in (("before", before), ("after", after)):
        people, served = (figures["people"], figures["people_served"]) if figures else (0.0, 0.0)
        share = served / people if people else None
        change |= {f"people_{side}": people, f"served_{side}": served, f"share_{side}": share}
    moved = change["served_after"] - change["served_before"]
    return {**change, "came": 0.0, "went": 0.0, "changed": 0.0, "newly": moved, "no_longer": 0.0, **more}


def make_comparison(before: int, after: int) -> Json:
    """Two runs: every ward but one serves a tenth more, one is new."""
    units = []
    for at, unit in enumerate(make_report()["units"]["features"]):
        now = unit["properties"]
        was = {**now, "people_served": max(now["people_served"] - 0.1 * at * now["people"], 0)}
        change = make_change(None, now, state="new") if at == 1 else make_change(was, now)
        units.append({**unit, "properties": change})
    city = make_report()["city"]
    return {
        "before": make_entry(before, "2026-06-30", 0.74),
        "after": make_entry(after, "2026-11-23", 0.8123),
        "city": make_change({**city, "people_served": 33300.0}, city, came=120.0),
        "units": collect(units),
        "reasons": {"vi": ["3 trụ nước mới"], "en": ["3 new hydrants"]},
    }


def make_places() -> Json:
    """Forty places along a line, further and further off."""
    points = [
        make_feature(Point(EAST + 400 + 12 * at, NORTH + 300), id=at + 1, unit="26700", people=5.0, facility=1,
                     distance=None if at == 39 else 6.0 * at, served=1.0 if 6.0 * at <= 150 else 0.0)
        for at in range(40)
    ]  # fmt: skip
    return collect(points)


class Server:
    """Answers in the place of the server. orders: what runs were asked for; patience: polls before a job ends."""

    def __init__(self, page: Page, *, may_run: bool = True, patience: int = 1) -> None:
        self.orders: list[Json] = []
        self.polls = 0
        self.stopped = False
        self.failure: str | None = None
        self.may_run, self.patience = may_run, patience
        page.route(re.compile(r"/analysis/coverage"), self.answer_coverage)
        page.route(re.compile(r"/ogc/processes/coverage/execution"), self.start)
        page.route(re.compile(r"/ogc/jobs/made"), self.answer_job)

    def answer_coverage(self, route: Route) -> None:
        """Answer what is asked of services and runs."""
        path = route.request.url.split("/analysis/coverage")[1]
        answers = (
            (r"$", lambda: [make_service(may_run=self.may_run)]),
            (r"/runs/17$", make_report),
            (r"/runs/(9|4)$", lambda: make_report(9, day="2026-06-30")),
            (r"/runs/21$", self.make_assumed),
            (r"/runs/\d+/places", make_places),
            (r"/compare\?before=(\d+)&after=(\d+)", lambda: make_comparison(9, 17)),
            (r"/fire_hydrant/runs$", list_runs),
            (r"/fire_hydrant$", make_report),
        )
        make = next(make for pattern, make in answers if re.match(pattern, path))
        route.fulfill(json=make())

    def make_assumed(self) -> Json:
        """A run that assumed one more hydrant."""
        report = make_report(21, official=False, mine=True, title=None, what_if=list_runs()[0]["what_if"])
        more = copy.deepcopy(report)
        more["city"]["people_served"] += 640
        return more

    def start(self, route: Route) -> None:
        """Take an order in."""
        self.orders.append(json.loads(route.request.post_data or "{}")["inputs"])
        self.polls = 0
        route.fulfill(status=201, json={"jobID": "made", "status": "accepted"})

    def answer_job(self, route: Route) -> None:
        """Tell how far the job is, end it, or give what it came to."""
        if route.request.method == "DELETE":
            self.stopped = True
            route.fulfill(json={"jobID": "made", "status": "dismissed"})
        elif "/results" in route.request.url:
            self.give_results(route)
        else:
            self.polls += 1
            status = "successful" if self.polls > self.patience else "running"
            route.fulfill(json={"jobID": "made", "status": status, "progress": min(25 * self.polls, 100)})

    def give_results(self, route: Route) -> None:
        """Give the run that was asked for last, or say why it failed."""
        if self.failure is not None:
            route.fulfill(status=409, json={"title": "Conflict", "detail": self.failure})
            return
        order = self.orders[-1]
        report = self.make_assumed() if "what_if" in order or "sites" in order else make_report()
        route.fulfill(json={"coverage": report})
