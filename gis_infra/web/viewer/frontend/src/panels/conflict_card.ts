// One conflict as a row of a list: how bad, which rule, whose assets, how much is missing.

import type { Conflict } from "../api";
import type { App } from "../app";
import { getLayerTitle } from "../config";
import { el } from "../dom";
import { formatFound, formatGrounds } from "../format";
import { localize, translateCode } from "../messages";

/** The conflicts with the worst first: violations before what is less sure, then by how much is missing. */
export function orderByWorst(conflicts: Conflict[]): Conflict[] {
  const rank = { violation: 0, vertical_unknown: 1, possible: 2, opportunity: 3, clear: 4 };
  return [...conflicts].sort(
    (a, b) =>
      rank[a.properties.severity] - rank[b.properties.severity] ||
      getShortfall(b) - getShortfall(a) ||
      (a.properties.distance_m ?? 0) - (b.properties.distance_m ?? 0),
  );
}

function getShortfall({ properties }: Conflict): number {
  return (properties.required_m ?? 0) - (properties.distance_m ?? 0);
}

/** A button that shows the conflict and, when pressed, says so to `onSelect`. */
export function renderConflict(app: App, conflict: Conflict, selected: boolean, onSelect: () => void): HTMLElement {
  const { severity, rule_title, status } = conflict.properties;
  return el(
    "li",
    {},
    el(
      "button",
      { class: `conflict ${severity}`, type: "button", "aria-pressed": String(selected), onclick: onSelect },
      el(
        "span",
        { class: "line" },
        el("span", { class: "badge" }, app.t(`conflict.${severity}`)),
        el("span", { class: "title" }, localize(app.language, rule_title)),
        status ? el("span", { class: "aside" }, translateCode(app.language, "status", status)) : null,
      ),
      ...renderAssets(app, conflict),
      el("span", { class: "line figures" }, getFigures(app, conflict)),
    ),
    selected ? renderGrounds(app, conflict) : null,
  );
}

function renderAssets(app: App, { properties }: Conflict): HTMLElement[] {
  const sides = [
    [properties.left_layer, properties.left_id, properties.left_code, properties.left_owner] as const,
    [properties.right_layer, properties.right_id, properties.right_code, properties.right_owner] as const,
  ];
  return sides.flatMap(([layer, id, code, owner]) =>
    // Drawn works are not an asset of any layer yet, and some rules speak of one asset only.
    layer === null
      ? []
      : [
          el(
            "span",
            { class: "line asset" },
            el("span", {}, `${getLayerTitle(app.config, layer)} `, el("b", {}, code ?? `#${id}`)),
            el("span", { class: "aside" }, owner ?? app.t("works.owner_unknown")),
          ),
        ],
  );
}

function getFigures(app: App, { properties }: Conflict): string {
  const { required_m, distance_m, depth_unknown } = properties;
  const required = required_m === null ? null : app.t("conflict.required", { required: app.distance(required_m) });
  const found =
    distance_m === null
      ? null
      : distance_m <= 0
        ? app.t("conflict.overlap")
        : app.t("conflict.found", { distance: formatFound(app.language, distance_m, required_m) });
  const unsure = depth_unknown ? app.t("conflict.depth_unknown") : null;
  return [found, required, unsure].filter((part) => part !== null).join(" · ");
}

function renderGrounds(app: App, { properties }: Conflict): HTMLElement | null {
  const { source, clause, verified, found_on } = properties;
  const lines = [
    formatGrounds(app.language, source, clause),
    verified === false ? app.t("conflict.unverified") : null,
    found_on ? app.t("register.found_on", { date: app.date(found_on) }) : null,
  ].filter((line) => line !== null);
  return lines.length > 0 ? el("p", { class: "grounds" }, lines.join(" · ")) : null;
}
