// The table and its map as one: what is pointed at here lights up there.

import type { Map as MapLibreMap } from "maplibre-gl";

import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import type { PageMap } from "./map";

const LIT = "lit";
// Pixels around the pointer in which a thin line is still found.
const REACH_PX = 6;

/** Links every row of the table with its feature on the map. */
export function linkRows(page: PageMap): void {
  const rows = new Map<number, HTMLElement>();
  for (const row of document.querySelectorAll<HTMLElement>("tr[data-id]")) {
    const id = Number(row.dataset["id"]);
    rows.set(id, row);
    listenToRow(page, row, id);
  }
  listenToMap(page, rows);
}

function listenToRow(page: PageMap, row: HTMLElement, id: number): void {
  const feature = page.features.find((each) => each.id === id);
  const light = (on: boolean): void => showOverlay(page.map, "highlight", on && feature ? [feature] : []);
  row.addEventListener("mouseenter", () => light(true));
  row.addEventListener("mouseleave", () => light(false));
  row.addEventListener("focusin", () => light(true));
  row.addEventListener("focusout", () => light(false));
  row.addEventListener("click", (event) => {
    const box = feature && getBox(feature.geometry);
    // A link in the row goes where it says, and a reader who marks text wants no map.
    if (box && !(event.target as Element).closest("a") && getSelection()?.isCollapsed !== false) {
      zoomToBox(page.map, box);
    }
  });
}

function listenToMap(page: PageMap, rows: Map<number, HTMLElement>): void {
  let lit: HTMLElement | undefined;
  const light = (row: HTMLElement | undefined): void => {
    lit?.classList.remove(LIT);
    row?.classList.add(LIT);
    lit = row;
  };
  page.map.on("mousemove", ({ point }) => {
    const row = rows.get(findId(page, point.x, point.y));
    page.map.getCanvas().style.cursor = row === undefined ? "" : "pointer";
    light(row);
  });
  page.map.on("mouseout", () => light(undefined));
  page.map.on("click", ({ point }) => {
    const row = rows.get(findId(page, point.x, point.y));
    light(row);
    row?.scrollIntoView({ block: "nearest" });
    row?.querySelector("a")?.focus({ preventScroll: true });
  });
}

/** The id of the feature under a place of the map's window; NaN where there is none. */
function findId({ map, parts }: { map: MapLibreMap; parts: string[] }, x: number, y: number): number {
  const around: [[number, number], [number, number]] = [
    [x - REACH_PX, y - REACH_PX],
    [x + REACH_PX, y + REACH_PX],
  ];
  return Number(map.queryRenderedFeatures(around, { layers: parts })[0]?.id ?? NaN);
}
