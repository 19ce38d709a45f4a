// Where the map begins: ask the server what there is, draw it, and put the tools around it.

import "./styles/base.css";
import "./styles/layers.css";
import "./styles/identify.css";
import "./styles/panel.css";
import "./styles/results.css";
import "./styles/coverage.css";
import "./styles/register.css";
import "./styles/imports.css";
import "./styles/edit.css";
import "./styles/query.css";
import "./styles/search.css";
import "./styles/print.css";
import "./styles/phone.css";

import type { Map as MapLibreMap } from "maplibre-gl";

import { getConfig } from "./api";
import { App, getPalette } from "./app";
import { el } from "./dom";
import { createMap, placeMap } from "./map/create";
import { addLayers, arrange, repaint } from "./map/layers";
import { addOutside } from "./map/outside";
import { addOverlays } from "./map/overlays";
import { type Language, translate } from "./messages";
import { Page } from "./page";
import { parseHash } from "./state";

const LANGUAGE_KEY = "gis-infra.language";

function chooseLanguage(asked: Language | null): Language {
  const kept = localStorage.getItem(LANGUAGE_KEY);
  return asked ?? (kept === "en" ? "en" : "vi");
}

declare global {
  interface Window {
    /** The map itself, for a look from the browser's console and for the journeys that count what is drawn. */
    gisInfraMap?: MapLibreMap;
  }
}

function drawAll(map: MapLibreMap, app: App): void {
  window.gisInfraMap = map;
  addLayers(map, app.config, app.shown, getPalette());
  arrange(map, app.config, app.state.order, app.state.opacity);
  addOutside(map, app.config, app.state.ground !== "city");
  addOverlays(map);
  app.filters.draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaint(map, app.config, getPalette()));
}

/** Shows the page in another language; what is on the map stays. */
async function changeLanguage(app: App, page: Page, language: Language): Promise<void> {
  app.config = await getConfig(language);
  app.language = language;
  localStorage.setItem(LANGUAGE_KEY, language);
  app.saveState({ language });
  await app.filters.changeLanguage();
  page.translate();
}

async function start(root: HTMLElement): Promise<void> {
  const state = parseHash(location.hash);
  const language = chooseLanguage(state.language);
  document.documentElement.lang = language;
  const container = el("div", { class: "map", id: "map" });
  root.replaceChildren(el("p", { class: "loading", role: "status" }, translate(language, "app.loading")), container);
  try {
    // The map makes itself ready, its workers too, while the server tells what there is.
    const [config, map] = await Promise.all([getConfig(language), createMap(container, language)]);
    placeMap(map, config.bounds, state);
    const app = new App(map, config, language, state);
    await app.filters.open();
    drawAll(map, app);
    const page: Page = new Page(root, app, container, (chosen) => changeLanguage(app, page, chosen));
    page.open();
  } catch (error) {
    console.error(error);
    const reason = error instanceof Error ? error.message : String(error);
    root.replaceChildren(el("p", { class: "loading", role: "alert" }, translate(language, "app.failed", { reason })));
  }
}

void start(document.getElementById("app") as HTMLElement);
