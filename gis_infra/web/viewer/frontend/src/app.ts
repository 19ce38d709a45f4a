// What every part of the page shares: the map, what the server said, the language, and the view the address holds.

import type { Map as MapLibreMap } from "maplibre-gl";

import type { Config, LayerConfig } from "./config";
import { listLayers } from "./config";
import { formatDate, formatDistance, formatNumber } from "./format";
import { type Language, type MessageKey, translate, type Values } from "./messages";
import { DARK, LIGHT, type Palette } from "./map/background";
import { FilterBook } from "./query/book";
import { formatHash, type ViewState } from "./state";

export class App {
  /** Layers switched on now. */
  readonly shown: Set<string>;
  readonly filters = new FilterBook(this);

  constructor(
    readonly map: MapLibreMap,
    public config: Config,
    public language: Language,
    public state: ViewState,
  ) {
    this.shown = getShown(config, state);
  }

  t(key: MessageKey, values: Values = {}): string {
    return translate(this.language, key, values);
  }

  number(value: number, digits = 0): string {
    return formatNumber(this.language, value, digits);
  }

  distance(metres: number): string {
    return formatDistance(this.language, metres);
  }

  date(text: string): string {
    return formatDate(this.language, text);
  }

  /** Writes the view into the address, without a step in the history. */
  saveState(changes: Partial<ViewState> = {}): void {
    const center = this.map.getCenter();
    const defaults = new Map(listLayers(this.config).map((layer) => [layer.id, layer.shown]));
    this.state = {
      ...this.state,
      zoom: this.map.getZoom(),
      center: [center.lng, center.lat],
      on: [...this.shown].filter((id) => defaults.get(id) === false),
      off: [...defaults].filter(([id, shown]) => shown && !this.shown.has(id)).map(([id]) => id),
      ...changes,
    };
    history.replaceState(null, "", formatHash(this.state));
  }

  /** The layers switched on that hold something, in the order of the tree. */
  listShown(): LayerConfig[] {
    return listLayers(this.config).filter((layer) => this.shown.has(layer.id) && layer.count > 0);
  }
}

/** The layers that are on: those that are by default, but for what the address changes. */
export function getShown(config: Config, state: ViewState): Set<string> {
  const ids = listLayers(config)
    .filter((layer) => (layer.shown && !state.off.includes(layer.id)) || state.on.includes(layer.id))
    .map((layer) => layer.id);
  return new Set(ids);
}

/** The colours of the ground that suit the system: dark or light. */
export function getPalette(): Palette {
  return matchMedia("(prefers-color-scheme: dark)").matches ? DARK : LIGHT;
}
