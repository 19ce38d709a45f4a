// The page around the map: the bar with the tools, the layers on one side, the tool's panel on the other.

import { getConfig, signOut } from "./api";
import { type App, getPalette } from "./app";
import { findLayer, type LayerConfig, listLayers } from "./config";
import { el } from "./dom";
import { SearchBox } from "./find/box";
import { FoundMark } from "./find/found";
import { formatDegrees, formatInGrid } from "./measure/words";
import { icon, type IconName } from "./icons";
import { LANGUAGES, type Language, type MessageKey } from "./messages";
import { arrange, reloadLayer, showLayer } from "./map/layers";
import { showOutside } from "./map/outside";
import { zoomToBox } from "./map/overlays";
import { CoveragePanel } from "./panels/coverage";
import { EditPanel } from "./panels/edit";
import { FilterMarks } from "./panels/filter_marks";
import { IdentifyPanel } from "./panels/identify";
import { ImportPanel } from "./panels/imports";
import { LayerTree } from "./panels/layer_tree";
import { MeasurePanel } from "./panels/measure";
import { getReason, PanelHost } from "./panels/panel";
import { PrintPanel } from "./panels/print";
import { QueryPanel } from "./panels/query";
import { RegisterPanel } from "./panels/register";
import { type StoredWorks, WorksPanel } from "./panels/works";
import { PHONE } from "./phone";
import { type Tool, TOOLS } from "./state";
import { PROJECTS } from "./works/saving";

const ERROR_STAYS_MS = 8000;
// Tools whose buttons stand on the map: the bar is for those of the day's work.
const ON_MAP: ReadonlySet<Tool> = new Set(["measure", "print"]);

export class Page {
  private readonly bar = el("header", { class: "bar" });
  private readonly controls = el("div", { class: "controls" });
  private readonly pointer = el("output", { class: "pointer", hidden: true });
  private readonly source = el("p", { class: "outside-source", hidden: true });
  private readonly errors = el("div", { class: "errors", role: "alert" });
  private readonly stage: HTMLElement;
  private readonly tree: LayerTree;
  private readonly host: PanelHost;
  private readonly filterMarks: FilterMarks;
  private readonly found: FoundMark;
  private readonly search: SearchBox;
  private identify!: IdentifyPanel;
  private query!: QueryPanel;
  private imports!: ImportPanel;
  private works!: WorksPanel;
  private editing!: EditPanel;

  /** onLanguage: asked to fetch and show everything in another language. */
  constructor(
    private readonly root: HTMLElement,
    private readonly app: App,
    container: HTMLElement,
    private readonly onLanguage: (language: Language) => Promise<void>,
  ) {
    this.tree = new LayerTree(app, (layer) => this.filter(layer), (error) => this.showError(error));
    this.host = new PanelHost(
      app,
      (host) => ({
        identify: (this.identify = new IdentifyPanel(app, host, (works) => this.checkWorks(works), (layer, id) => this.edit(layer, id))),
        edit: (this.editing = new EditPanel(app, host, (layer) => void this.reload(layer))),
        query: (this.query = new QueryPanel(app, host, (layer) => this.showLayer(layer))),
        works: (this.works = new WorksPanel(app, host, () => void this.reload(PROJECTS))),
        register: new RegisterPanel(app, host),
        coverage: new CoveragePanel(app, host),
        measure: new MeasurePanel(app, host),
        print: new PrintPanel(app, host),
        imports: (this.imports = new ImportPanel(app, host, (layer) => void this.reload(layer))),
      }),
      () => this.changeTool(),
    );
    this.filterMarks = new FilterMarks(app, (layer) => this.filter(layer));
    this.found = new FoundMark(app, (layer) => this.showFoundLayer(layer));
    this.search = new SearchBox(app, this.found, {
      onAsset: (layer, id, place) => this.showAsset(layer, id, place),
      onLayer: (layer) => void this.tree.zoomTo(layer),
      onError: (error) => this.showError(error),
    });
    this.stage = el("main", { class: "stage", "aria-busy": "true" }, container, this.search.element, this.controls, this.pointer, this.source, this.filterMarks.element, this.errors);
    root.replaceChildren(this.bar, this.tree.element, this.stage, this.host.element, this.query.table.element);
    // On a phone the layers would cover the map it was opened for.
    root.classList.toggle("with-layers", !PHONE.matches);
    this.listen();
  }

  /** Shows everything for the first time. */
  open(): void {
    const anywhere = this.app.state.center === null;
    this.translate();
    this.app.map.resize();
    if (anywhere) {
      // The map was made before the layers took their place beside it.
      this.app.map.fitBounds(this.app.config.bounds, { padding: 24, animate: false });
    }
    this.found.restore(!anywhere).catch((error: unknown) => this.showError(error));
    if (this.app.state.tool && this.listTools().includes(this.app.state.tool)) {
      this.host.show(this.app.state.tool);
    }
  }

  /** Builds all that has words in it anew, in the language of the app. */
  translate(): void {
    document.documentElement.lang = this.app.language;
    document.title = `${this.app.t("app.title")} – ${this.app.config.city}`;
    this.app.map.getCanvas().setAttribute("aria-label", this.app.t("map.label"));
    this.renderBar();
    this.renderControls();
    this.tree.render();
    this.search.translate();
    this.filterMarks.render();
    this.host.changeLanguage();
  }

  private listen(): void {
    const { map } = this.app;
    map.on("moveend", () => this.app.saveState());
    map.on("click", (event) => this.host.click(event));
    map.on("mousemove", ({ lngLat }) => {
      this.pointer.hidden = false;
      this.pointer.replaceChildren(...this.listCoordinates(lngLat));
    });
    map.on("render", () => this.stage.setAttribute("aria-busy", "true"));
    map.on("idle", () => this.stage.setAttribute("aria-busy", "false"));
    map.on("error", ({ error }) => this.showError(error));
    // Somebody has put another view into the address; the map itself writes it without this event.
    addEventListener("hashchange", () => location.reload());
    document.addEventListener("dragover", (event) => this.mayImport() && event.preventDefault());
    document.addEventListener("drop", (event) => this.drop(event));
    document.addEventListener("keydown", (event) => {
      // A dialog over the page closes itself, and only itself.
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) {
        this.host.escape();
      }
    });
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !this.host.takesEnter) {
        map.fire("click", { lngLat: map.getCenter(), point: map.project(map.getCenter()) });
      }
    });
  }

  private checkWorks(works: StoredWorks): void {
    this.host.show("works");
    this.works.checkStored(works);
  }

  /** The tools the user has a use for. */
  private listTools(): Tool[] {
    return TOOLS.filter((tool) => (tool !== "imports" || this.mayImport()) && (tool !== "edit" || this.mayEdit()));
  }

  private mayImport(): boolean {
    return listLayers(this.app.config).some((layer) => layer.may_import);
  }

  private mayEdit(): boolean {
    return listLayers(this.app.config).some((layer) => layer.may_edit);
  }

  private edit(layer: string, id: number): void {
    this.host.show("edit");
    this.editing.edit(layer, id);
  }

  private filter(layer: string): void {
    void this.query.choose(layer);
    this.host.show("query");
  }

  private showLayer(layer: LayerConfig): void {
    this.app.shown.add(layer.id);
    showLayer(this.app.map, layer, true);
    this.app.saveState();
    this.tree.render();
  }

  /** Switches on the layer of what was found, unless it is, or is one of the ground's. */
  private showFoundLayer(id: string): void {
    const layer = findLayer(this.app.config, id);
    if (layer !== undefined && !this.app.shown.has(id)) {
      this.showLayer(layer);
    }
  }

  /** Says what is known of an asset that was looked for, unless another tool is in hand. */
  private showAsset(layer: string, id: number, place: [number, number]): void {
    if (this.host.tool === null || this.host.tool === "identify") {
      this.host.show("identify");
      this.identify.showAsset({ layer, id }, place);
    }
  }

  private drop(event: DragEvent): void {
    const transfer = event.dataTransfer;
    if (transfer !== null && transfer.files.length > 0 && this.mayImport()) {
      event.preventDefault();
      this.host.show("imports");
      this.imports.drop(transfer).catch((error: unknown) => this.showError(error));
    }
  }

  /** Fetches counts and tiles anew after rows of a layer came or went. */
  private async reload(id: string): Promise<void> {
    this.app.config = await getConfig(this.app.language);
    const layer = findLayer(this.app.config, id);
    if (layer !== undefined && layer.count > 0) {
      reloadLayer(this.app.map, layer, this.app.shown.has(id), getPalette());
      arrange(this.app.map, this.app.config, this.app.state.order, this.app.state.opacity);
    }
    this.tree.render();
  }

  private changeTool(): void {
    this.renderBar();
    this.renderControls();
    const open = this.host.tool !== null;
    if (PHONE.matches && open) {
      this.root.classList.remove("with-layers");
    }
    // On a phone the panel covers the lower half: what the map centres on must stay in the upper one.
    const bottom = PHONE.matches && open ? this.host.element.offsetHeight : 0;
    this.app.map.easeTo({ padding: { top: 0, left: 0, right: 0, bottom }, duration: 0 });
  }

  private renderBar(): void {
    const focused = document.activeElement?.id;
    const { city } = this.app.config;
    this.bar.replaceChildren(
      el("button", { class: "skip", type: "button", onclick: () => this.app.map.getCanvas().focus() }, this.app.t("app.skip")),
      this.makeLayersButton(),
      el("h1", {}, el("b", {}, this.app.t("app.title")), el("span", {}, city)),
      el("nav", { class: "tools", "aria-label": this.app.t("app.tools") }, ...this.listTools().filter((tool) => !ON_MAP.has(tool)).map((tool) => this.makeTool(tool))),
      this.makeBoardLink(),
      this.makeLanguages(),
      this.makeUser(),
    );
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }

  private makeLayersButton(): HTMLElement {
    const toggle = (): void => {
      this.root.classList.toggle("with-layers");
      this.renderBar();
      this.app.map.resize();
    };
    const open = this.root.classList.contains("with-layers");
    return el(
      "button",
      { id: "tool-layers", type: "button", "aria-label": this.app.t("tool.layers"), "aria-expanded": String(open), "aria-controls": "layers", onclick: toggle },
      icon("layers"),
      el("span", {}, this.app.t("tool.layers")),
    );
  }

  private makeTool(tool: Tool): HTMLElement {
    const on = this.host?.tool === tool;
    const press = (): void => this.host.show(on ? null : tool);
    return el(
      "button",
      { id: `tool-${tool}`, type: "button", title: this.app.t(`tool.${tool}`), "aria-pressed": String(on), onclick: press },
      icon(tool),
      el("span", {}, this.app.t(`tool.${tool}`)),
    );
  }

  private makeLanguages(): HTMLElement {
    const buttons = (Object.keys(LANGUAGES) as Language[]).map((language) =>
      el(
        "button",
        {
          id: `language-${language}`,
          type: "button",
          lang: language,
          title: LANGUAGES[language],
          "aria-label": `${language.toUpperCase()}, ${LANGUAGES[language]}`,
          "aria-pressed": String(language === this.app.language),
          onclick: () => void this.onLanguage(language).catch((error: unknown) => this.showError(error)),
        },
        language.toUpperCase(),
      ),
    );
    return el("div", { class: "languages", role: "group", "aria-label": this.app.t("app.language") }, ...buttons);
  }

  private makeBoardLink(): HTMLElement {
    const words = this.app.t("app.board");
    const href = `dashboard?lang=${this.app.language}`;
    return el("a", { id: "board", href, title: words, "aria-label": words }, icon("board"), el("span", {}, words));
  }

  private makeUser(): HTMLElement {
    const { user } = this.app.config;
    if (user === null) {
      return el("a", { class: "user", href: `sign-in?lang=${this.app.language}` }, this.app.t("app.sign_in"));
    }
    const leave = (): void => void signOut().then(() => location.reload());
    return el(
      "div",
      { class: "user" },
      el("span", { title: user.department }, user.name),
      el("button", { type: "button", onclick: leave }, this.app.t("app.sign_out")),
    );
  }

  private renderControls(): void {
    const { map, config } = this.app;
    const focused = document.activeElement?.id;
    this.pointer.setAttribute("aria-label", this.app.t("map.pointer"));
    this.renderSource();
    this.controls.replaceChildren(
      this.makeControl("map.zoom_in", "plus", () => map.zoomIn()),
      this.makeControl("map.zoom_out", "minus", () => map.zoomOut()),
      this.makeControl("map.whole_city", "extent", () => zoomToBox(map, config.bounds)),
      this.makeMapTool("measure"),
      this.makeMapTool("print"),
      ...(config.background === null ? [] : [this.makeOutside()]),
    );
    if (focused && this.controls.querySelector(`#${focused}`)) {
      document.getElementById(focused)?.focus();
    }
  }

  /** Where the pointer is, in the city's grid and in degrees. */
  private listCoordinates({ lng, lat }: { lng: number; lat: number }): HTMLElement[] {
    const { config, language } = this.app;
    const words = [config.grid && formatInGrid(language, config.grid, lng, lat), formatDegrees(lng, lat)];
    return words.filter((each) => each !== null).map((each) => el("span", {}, each));
  }

  /** The button that shows the outside background, or puts it away. */
  private makeOutside(): HTMLElement {
    const { app } = this;
    const isOn = app.state.ground !== "city";
    const press = (): void => {
      app.saveState({ ground: isOn ? "city" : null });
      showOutside(app.map, !isOn);
      this.renderControls();
    };
    const words = app.t("map.outside");
    return el(
      "button",
      { id: "map-outside", type: "button", title: words, "aria-label": words, "aria-pressed": String(isOn), onclick: press },
      icon("outside"),
    );
  }

  /** Whose the outside background is, which its makers ask to be told wherever it is shown. */
  private renderSource(): void {
    const { background } = this.app.config;
    const isOn = background !== null && this.app.state.ground !== "city";
    this.source.hidden = !isOn;
    this.source.textContent = isOn ? this.app.t("map.outside_source", { source: background.attribution }) : "";
  }

  /** A button on the map that takes up a tool. */
  private makeMapTool(tool: Tool & IconName): HTMLElement {
    const words = this.app.t(`tool.${tool}`);
    const on = this.host.tool === tool;
    const press = (): void => this.host.show(on ? null : tool);
    return el(
      "button",
      { id: `tool-${tool}`, type: "button", title: words, "aria-label": words, "aria-pressed": String(on), onclick: press },
      icon(tool),
    );
  }

  private makeControl(key: MessageKey, name: IconName, press: () => void): HTMLElement {
    const words = this.app.t(key);
    return el("button", { type: "button", title: words, "aria-label": words, onclick: press }, icon(name));
  }

  private showError(error: unknown): void {
    const line = el("p", {}, getReason(this.app, error));
    this.errors.replaceChildren(line);
    setTimeout(() => line.remove(), ERROR_STAYS_MS);
  }
}
