// How sure it is where an asset lies, in words: the quality level of its survey, what that means, and its accuracy.

import type { App } from "../app";
import type { Attribute, Config, Finding } from "../config";
import { el } from "../dom";
import { formatAttribute } from "../format";
import { translateCode } from "../messages";

/** The sectors whose assets lie where nobody sees them. */
const NETWORKS = new Set(["telecom", "power", "water", "drainage"]);
const GOOD = new Set(["a", "b1"]);
const MIDDLING = new Set(["b2", "b3"]);
const GROUNDS = ["horizontal_accuracy_m", "vertical_accuracy_m", "survey_date", "survey_method"] as const;

/** The block over an asset's attributes; null for what is no network and says nothing of its quality. */
export function renderQuality(app: App, layer: string, finding: Finding): HTMLElement | null {
  const level = find(finding, "quality_level");
  if (level === undefined && !isNetwork(app.config, layer)) {
    return null;
  }
  const grounds = GROUNDS.flatMap((name) => describeGround(app, find(finding, name)));
  return el(
    "div",
    { class: `quality ${rank(level)}` },
    el("b", {}, level ? formatAttribute(app.language, level) : app.t("quality.unknown")),
    el("p", {}, level ? translateCode(app.language, "quality", String(level.value)) : app.t("quality.unknown_help")),
    grounds.length > 0 && el("p", { class: "aside" }, grounds.join(" · ")),
  );
}

function find(finding: Finding, name: string): Attribute | undefined {
  return finding.attributes.find((attribute) => attribute.name === name);
}

function isNetwork(config: Config, layer: string): boolean {
  const sector = config.sectors.find(({ layers }) => layers.some(({ id }) => id === layer));
  return sector !== undefined && NETWORKS.has(sector.id);
}

function rank(level: Attribute | undefined): string {
  const code = String(level?.value);
  return GOOD.has(code) ? "good" : MIDDLING.has(code) ? "middling" : "poor";
}

function describeGround(app: App, attribute: Attribute | undefined): string[] {
  if (attribute === undefined) {
    return [];
  }
  const value = formatAttribute(app.language, attribute);
  return [`${attribute.title}: ${attribute.type === "number" ? "± " : ""}${value}`];
}
