// The versions of a feature beside their map: each can be looked at there, over the shape the feature has now.

import { ask } from "../api";
import { el } from "../dom";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import { type Language, translate } from "../messages";
import { type PageMap, toPath } from "./map";

/** Gives every version of the list a button that shows its shape. */
export function linkVersions(page: PageMap, language: Language): void {
  for (const item of document.querySelectorAll<HTMLElement>("[data-shape]")) {
    const press = (): void => void showVersion(page, item, button);
    const words = translate(language, "pages.show_shape");
    const label = `${words}: ${item.querySelector("h2")?.firstChild?.textContent?.trim() ?? ""}`;
    const attributes = { type: "button", class: "button", "aria-pressed": "false", "aria-label": label, onclick: press };
    const button = el("button", attributes, words);
    item.querySelector(".buttons")?.append(el("li", {}, button));
  }
}

async function showVersion(page: PageMap, item: HTMLElement, button: HTMLElement): Promise<void> {
  const feature = await ask<GeoJSON.Feature<GeoJSON.Geometry | null>>(toPath(item.dataset["shape"] ?? ""));
  document.querySelectorAll("[data-shape] [aria-pressed]").forEach((each) => each.setAttribute("aria-pressed", "false"));
  button.setAttribute("aria-pressed", "true");
  showOverlay(page.map, "highlight", feature.geometry === null ? [] : [feature as GeoJSON.Feature]);
  const box = feature.geometry && getBox(feature.geometry);
  if (box) {
    zoomToBox(page.map, box);
  }
}
