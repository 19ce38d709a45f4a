// Two charts: how far people have it, and how a share went from run to run. Each has its figures beside it in words.

import type { App } from "../app";
import { el, svg } from "../dom";
import type { DistanceClass, Figures, RunEntry, Share } from "./api";
import { sayDistance, sayPeople, sayShare } from "./words";

const WIDTH = 340;
const HEIGHT = 130;
const FOOT = 18;
const LEFT = 34;
const TOP = 8;
const GAP = 2;

/** People by distance; those beyond the reach are hatched by another class of the style sheet. Null without distances. */
export function renderHistogram(app: App, figures: Figures, reach: number | null): HTMLElement | null {
  const { classes, distance_unit } = figures;
  const most = Math.max(...classes.map(({ people }) => people), 0);
  if (classes.length === 0 || most === 0) {
    return null;
  }
  const step = (WIDTH - LEFT) / classes.length;
  const bars = classes.map((each, index) => drawBar(app, figures, each, { x: LEFT + index * step, step, most, reach }));
  const ticks = classes
    .filter((each, index) => index % 2 === 0 || each.to === null)
    .map((each) => drawTick(LEFT + classes.indexOf(each) * step, nameBound(app, each, distance_unit === "min")));
  const chart = svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": describeHistogram(app, figures) });
  chart.append(...drawAxis(sayPeople(app, most)), ...bars, ...ticks);
  return el(
    "section",
    {},
    el("h3", {}, app.t(distance_unit === "min" ? "coverage.chart_minutes" : "coverage.chart")),
    chart as unknown as HTMLElement,
    renderTable(app, figures),
  );
}

interface Bar {
  x: number;
  step: number;
  most: number;
  reach: number | null;
}

function drawBar(app: App, { distance_unit }: Figures, each: DistanceClass, { x, step, most, reach }: Bar): SVGElement {
  const height = ((HEIGHT - FOOT - TOP) * each.people) / most;
  const isBeyond = each.to === null || (reach !== null && each.from >= reach);
  const bar = svg("rect", {
    class: isBeyond ? "bar beyond" : "bar within",
    x: x + GAP / 2,
    y: HEIGHT - FOOT - height,
    width: step - GAP,
    height,
  });
  const words = `${nameClass(app, each, distance_unit)}: ${sayPeople(app, each.people)}`;
  bar.append(write(svg("title"), words));
  return bar;
}

function drawAxis(most: string): SVGElement[] {
  return [
    svg("line", { class: "axis", x1: LEFT, y1: HEIGHT - FOOT, x2: WIDTH, y2: HEIGHT - FOOT }),
    write(svg("text", { x: LEFT - 4, y: TOP + 8, "text-anchor": "end" }), most),
    write(svg("text", { x: LEFT - 4, y: HEIGHT - FOOT, "text-anchor": "end" }), "0"),
  ];
}

function drawTick(x: number, words: string): SVGElement {
  return write(svg("text", { x, y: HEIGHT - 5 }), words);
}

function write(element: SVGElement, words: string): SVGElement {
  element.textContent = words;
  return element;
}

/** The lower bound, short: the unit stands in the heading. */
function nameBound(app: App, { from, to }: DistanceClass, isMinutes: boolean): string {
  const words = app.number(from, isMinutes ? 1 : 0);
  return to === null ? `> ${words}` : words;
}

function nameClass(app: App, { from, to }: DistanceClass, unit: Figures["distance_unit"]): string {
  return to === null
    ? app.t("coverage.beyond", { from: sayDistance(app, from, unit) })
    : app.t("coverage.from_to", { from: sayDistance(app, from, unit), to: sayDistance(app, to, unit) });
}

function describeHistogram(app: App, figures: Figures): string {
  return app.t("coverage.chart_words", {
    median: sayDistance(app, figures.distance_median, figures.distance_unit),
    p90: sayDistance(app, figures.distance_p90, figures.distance_unit),
  });
}

function renderTable(app: App, { classes, distance_unit }: Figures): HTMLElement {
  const rows = classes.map((each) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, nameClass(app, each, distance_unit)),
      el("td", {}, sayPeople(app, each.people)),
      el("td", {}, app.number(each.places)),
    ),
  );
  const heads = (["coverage.distance", "coverage.people", "coverage.places"] as const).map((key) => el("th", { scope: "col" }, app.t(key)));
  return el(
    "details",
    { class: "more" },
    el("summary", { id: "coverage-classes" }, app.t("coverage.as_table")),
    el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)),
  );
}

/** A share from run to run, oldest first, with the least that a target asks; null for fewer than two runs. */
export function renderSeries(app: App, runs: RunEntry[], share: Share, least: number | null): HTMLElement | null {
  const points = runs.map((run) => ({ day: Date.parse(run.day), share: run.city[share], run })).filter((each) => each.share !== null);
  if (points.length < 2) {
    return null;
  }
  const days = points.map(({ day }) => day);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const toX = (day: number): number => LEFT + 6 + ((day - first) / Math.max(last - first, 1)) * (WIDTH - LEFT - 14);
  const toY = (value: number): number => TOP + (1 - value) * (HEIGHT - FOOT - TOP);
  const path = points.map((each, index) => `${index === 0 ? "M" : "L"}${toX(each.day).toFixed(1)} ${toY(each.share ?? 0).toFixed(1)}`);
  const words = points.map(({ run, share: value }) => `${app.date(run.day)}: ${sayShare(app, value)}`).join("; ");
  const chart = svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words });
  chart.append(...drawAxis(sayShare(app, 1)), svg("path", { class: "curve", d: path.join("") }));
  chart.append(...(least === null ? [] : [svg("line", { class: "least", x1: LEFT, x2: WIDTH, y1: toY(least), y2: toY(least) })]));
  for (const { day, share: value, run } of points) {
    const dot = svg("circle", { class: "dot", cx: toX(day), cy: toY(value ?? 0), r: 4 });
    dot.append(write(svg("title"), `${app.date(run.day)}: ${sayShare(app, value)}`));
    chart.append(dot);
  }
  const [oldest, newest] = [points[0], points[points.length - 1]];
  chart.append(
    write(svg("text", { x: LEFT, y: HEIGHT - 4 }), oldest ? app.date(oldest.run.day) : ""),
    write(svg("text", { x: WIDTH, y: HEIGHT - 4, "text-anchor": "end" }), newest ? app.date(newest.run.day) : ""),
  );
  const line = least === null ? null : el("p", { class: "aside" }, app.t("coverage.series_least", { value: sayShare(app, least) }));
  return el("section", {}, el("h3", {}, app.t("coverage.series")), chart as unknown as HTMLElement, line);
}
