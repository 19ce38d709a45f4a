// The few icons of the tool bar, drawn as strokes on a 20 × 20 grid in the colour of the text beside them.

import { svg } from "./dom";

const PATHS = {
  layers: "M10 3 3 7l7 4 7-4-7-4ZM3.5 10.5 10 14l6.5-3.5M3.5 13.5 10 17l6.5-3.5",
  identify: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 9v5M10 6v.5",
  query: "M3 4h14l-5.5 6.5V16l-3 1.5v-7L3 4Z",
  edit: "M4 16l.7-3.2L13.5 4l2.5 2.5-8.8 8.8L4 16ZM11.8 5.7l2.5 2.5",
  works: "M3 16.5h14M5 16.5V9l5-5 5 5v7.5M8 16.5v-4h4v4",
  register: "M10 3 2.5 16.5h15L10 3ZM10 8v4M10 14v.5",
  coverage: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  board: "M3.5 16.5h13M5 13.5v-3h2v3zM9 13.5v-6h2v6zM13 13.5V4h2v9.5z",
  imports: "M10 3v9M6.5 8.5 10 12l3.5-3.5M3.5 13v3.5h13V13",
  download: "M10 3v8M7 8l3 3 3-3M4 14.5v2h12v-2",
  close: "M5 5l10 10M15 5 5 15",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  extent: "M3.5 7V3.5H7M13 3.5h3.5V7M16.5 13v3.5H13M7 16.5H3.5V13M7.5 7.5h5v5h-5z",
  zoom: "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM12.5 12.5 17 17M8.5 6v5M6 8.5h5",
  measure: "M2.5 13.5 13.5 2.5l4 4-11 11-4-4ZM5.5 10.5l2 2M8.5 7.5l2 2M11.5 4.5l2 2",
  place: "M10 18s5.5-5.6 5.5-9.7a5.5 5.5 0 0 0-11 0C4.5 12.4 10 18 10 18ZM10 10.2a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  print: "M6 7V3h8v4M6 14H3.5V8.5c0-.8.7-1.5 1.5-1.5h10c.8 0 1.5.7 1.5 1.5V14H14M6 12h8v5H6z",
  outside: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM2.5 10h15M10 2.5c-5 5-5 10 0 15M10 2.5c5 5 5 10 0 15",
  search: "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM12.5 12.5 17 17",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  chevron: "M6 8l4 4 4-4",
  up: "M6 12l4-4 4 4",
  first: "M14 5 9 10l5 5M6 5v10",
  before: "M12.5 5l-5 5 5 5",
  after: "M7.5 5l5 5-5 5",
  grip: "M4 7h12M4 10h12M4 13h12",
  line: "M3.5 16 8 8l5 4 3.5-8",
  street: "M5 17 8 3M15 17 12 3M10 4v2.5M10 9v2.5M10 14v2.5",
  polygon: "M4 6.5 11 3.5l5.5 5-3 7.5-8 .5L4 6.5Z",
  calendar: "M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3M13 3v3",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon that says nothing to a screen reader; the button around it has the words. */
export function icon(name: IconName): SVGElement {
  const shape = svg("path", { d: PATHS[name] });
  return svg("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" }, shape);
}
