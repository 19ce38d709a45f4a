// One conflict as a row of a list: how bad, which rule, whose assets, how much is missing.

import type { Conflict, ConflictProperties } from "../api";
import type { App } from "../app";
import { getLayerTitle } from "../config";
import { el } from "../dom";
import { formatGrounds } from "../format";
import { drawMark } from "../marks";
import { localize, translateCode } from "../messages";
import { describeFound, hasLeast } from "../register/facts";

export interface RowState {
  selected: boolean;
  /** Whether Tab stops here; of a list walked by arrows only one row is. */
  stop: boolean;
}

/** A button that shows the conflict and, when pressed, says so to `onPress`. */
export function renderConflict(app: App, conflict: Conflict, state: RowState, onPress: () => void): HTMLElement {
  const { severity, rule_title, status, verified } = conflict.properties;
  return el(
    "li",
    {},
    el(
      "button",
      {
        class: `conflict ${severity}`,
        type: "button",
        "aria-pressed": String(state.selected),
        tabindex: state.stop ? 0 : -1,
        "data-id": conflict.properties.id,
        onclick: onPress,
      },
      el(
        "span",
        { class: "line" },
        renderBadge(app, conflict.properties),
        status ? el("span", { class: "aside" }, translateCode(app.language, "status", status)) : null,
      ),
      el("span", { class: "line title" }, localize(app.language, rule_title)),
      ...renderAssets(app, conflict),
      el("span", { class: "line figures" }, getFigures(app, conflict.properties)),
      verified === false ? el("span", { class: "line aside" }, app.t("conflict.unverified")) : null,
    ),
  );
}

/** The mark of a conflict's answer, and the answer in words. */
export function renderBadge(app: App, { severity }: ConflictProperties): HTMLElement {
  return el("span", { class: `badge ${severity}` }, drawMark(severity), app.t(`conflict.${severity}`));
}

/** Where the required figure is from, as a line below a row; null if nothing is said. */
export function renderGrounds(app: App, { source, clause }: ConflictProperties): HTMLElement | null {
  const grounds = formatGrounds(app.language, source, clause);
  return grounds === null ? null : el("p", { class: "grounds" }, grounds);
}

function renderAssets(app: App, { properties }: Conflict): HTMLElement[] {
  return (["left", "right"] as const).flatMap((side) =>
    // Drawn works are not an asset of any layer yet, and some rules speak of one asset only.
    properties[`${side}_layer`] === null
      ? []
      : [
          el(
            "span",
            { class: "line asset" },
            el("span", {}, ...nameAsset(app, properties, side)),
            el("span", { class: "aside" }, properties[`${side}_owner`] ?? app.t("works.owner_unknown")),
          ),
        ],
  );
}

/** What the asset on one side is called: the title of its layer, and its code or else its number. */
export function nameAsset(app: App, properties: ConflictProperties, side: "left" | "right"): [string, HTMLElement] {
  const code = properties[`${side}_code`] ?? `#${properties[`${side}_id`]}`;
  return [`${getLayerTitle(app.config, properties[`${side}_layer`] ?? "")} `, el("b", {}, code)];
}

function getFigures(app: App, properties: ConflictProperties): string {
  const { required_m, distance_m, depth_unknown, severity } = properties;
  const found = distance_m === null ? null : describeFound(app.language, properties);
  const measured = found !== null && hasLeast(properties) && (distance_m ?? 0) > 0;
  const parts = [
    measured ? app.t(properties.kind === "cover" ? "conflict.buried" : "conflict.found", { distance: found }) : found,
    hasLeast(properties) && required_m !== null ? app.t("conflict.required", { required: app.distance(required_m) }) : null,
    depth_unknown && severity !== "vertical_unknown" ? app.t("conflict.depth_unknown") : null,
  ];
  return parts.filter((part) => part !== null).join(" · ");
}
