// The filters in force, by layer: the one place that map, table, files and address take them from.

import { ApiError } from "../api";
import type { App } from "../app";
import { getLayerTitle } from "../config";
import { drawFilter } from "../map/filters";
import { getFacts, type LayerFacts } from "./api";
import { toText } from "./cql2";
import { type Filter, NO_FILTER } from "./filter";
import { toSentence } from "./sentence";

export class FilterBook {
  private readonly facts = new Map<string, LayerFacts>();
  private readonly listeners: ((layer: string) => void)[] = [];

  constructor(private readonly app: App) {}

  /** The filter of a layer as the form has it, unfinished conditions included. */
  get(layer: string): Filter {
    return this.app.state.filters[layer] ?? NO_FILTER;
  }

  /** The layers of which not everything is shown. */
  list(): string[] {
    return Object.keys(this.app.state.filters).filter((layer) => this.getText(layer) !== null);
  }

  /** What the filter of a layer asks, as CQL2 text; null when all of it is shown. */
  getText(layer: string): string | null {
    return toText(this.get(layer), this.facts.get(layer)?.properties ?? []);
  }

  /** The filters in force, as CQL2 text by layer. */
  getTexts(): Record<string, string> {
    return Object.fromEntries(this.list().flatMap((layer) => this.getText(layer) === null ? [] : [[layer, this.getText(layer) as string]]));
  }

  /** The same as a sentence. */
  getSentence(layer: string): string {
    return toSentence(this.app.language, this.getTitle(layer), this.get(layer), this.facts.get(layer)?.properties ?? []);
  }

  getTitle(layer: string): string {
    return getLayerTitle(this.app.config, layer);
  }

  /** What is known of a layer, in the language of the page; fetched once. */
  async load(layer: string): Promise<LayerFacts> {
    const known = this.facts.get(layer);
    if (known !== undefined) {
      return known;
    }
    const { language } = this.app;
    const facts = await getFacts(layer, language);
    if (language === this.app.language) {
      this.facts.set(layer, facts);
    }
    return facts;
  }

  /** Fetches what the filters of the address need; those of layers one may not see are dropped. */
  async open(): Promise<void> {
    await Promise.all(Object.keys(this.app.state.filters).map((layer) => this.loadOrDrop(layer)));
  }

  private async loadOrDrop(layer: string): Promise<void> {
    try {
      await this.load(layer);
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      const { [layer]: _, ...rest } = this.app.state.filters;
      this.app.state = { ...this.app.state, filters: rest };
    }
  }

  /** Draws every layer as its filter says, when its tiles have just come to the map. */
  draw(): void {
    this.list().forEach((layer) => drawFilter(this.app.map, layer, this.getText(layer)));
  }

  /** Puts a filter on a layer whose facts are loaded; map, address and listeners follow. */
  set(layer: string, filter: Filter): void {
    const { [layer]: _, ...rest } = this.app.state.filters;
    this.app.saveState({ filters: filter.conditions.length === 0 ? rest : { ...rest, [layer]: filter } });
    drawFilter(this.app.map, layer, this.getText(layer));
    this.listeners.forEach((listener) => listener(layer));
  }

  /** Calls back whenever the filter of a layer has changed. */
  listen(listener: (layer: string) => void): void {
    this.listeners.push(listener);
  }

  /** Fetches again what is told in words. */
  async changeLanguage(): Promise<void> {
    this.facts.clear();
    await this.open();
  }
}
