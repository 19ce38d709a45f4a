// Bringing a file in: hand it over, see what it is and where it lands, say what is open, try, import, take it back.

import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import * as api from "../imports/api";
import { type Job, run } from "../jobs";
import { listDropped, sift } from "../imports/dropping";
import { findLanding, isSuggested, listOpen, makePlan, matchFields, type Plan, sayCode, toInputs } from "../imports/plan";
import { getBox, makeBoxShape, showOverlay, zoomToBox } from "../map/overlays";
import { renderFile } from "./import_file";
import { renderImports, renderReport, renderUndone, type Undone } from "./import_report";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";

const PAST = 10;
const MOST_NAMED = 6;

/** What goes on and can be given up, with how far it is, from 0 to 1; null if nobody knows. */
interface Doing {
  words: string;
  /** How far it is, in the server's words. */
  aside: string;
  share: number | null;
}

export class ImportPanel implements Panel {
  private upload: api.Upload | null = null;
  private inspections: api.Inspection[] = [];
  private current: api.Inspection | null = null;
  private plan: Plan | null = null;
  private fields: api.LayerField[] = [];
  private report: api.Report | null = null;
  private reportJob: string | null = null;
  private undone: Undone | null = null;
  private past: api.PastImport[] = [];
  private doing: Doing | null = null;
  private failure: string | null = null;
  /** Files of a folder that no import has a use for. */
  private left: string[] = [];
  /** Whether a report has come that nobody has seen yet. */
  private told = false;
  private work = new AbortController();

  /** onLayer: called when rows of a layer came or went. */
  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
    private readonly onLayer: (layer: string) => void,
  ) {}

  open(): void {
    this.showSample();
    void this.attempt(() => this.loadPast());
  }

  close(): void {
    this.clearMap();
  }

  escape(): boolean {
    const busy = this.doing !== null;
    this.work.abort();
    return busy;
  }

  changeLanguage(): void {
    if (this.upload !== null && this.doing === null) {
      void this.attempt(() => this.inspectAnew());
    }
  }

  /** Takes what was dropped on the map: files, or folders of them. */
  async drop(transfer: DataTransfer): Promise<void> {
    const { files, left } = await listDropped(transfer);
    this.take(files, left);
  }

  /** Takes files that were dropped or chosen. */
  take(files: File[], left: string[] = []): void {
    if (this.doing !== null) {
      return;
    }
    this.left = left;
    if (files.length > 0) {
      void this.attempt(() => this.bring(files));
    } else if (left.length > 0) {
      this.failure = this.app.t("imports.nothing_taken");
      this.host.refresh();
    }
  }

  render(body: HTMLElement): void {
    if (this.failure !== null) {
      body.append(note(this.failure, "error"));
    }
    if (this.undone !== null) {
      const { undone } = this;
      body.append(...renderUndone(this.app, undone, () => void this.attempt(() => this.undo(undone.import, true))));
    }
    if (this.doing !== null) {
      body.append(this.renderDoing(this.doing));
    } else if (this.upload === null) {
      body.append(this.renderDrop());
    } else {
      body.append(...this.renderUpload(this.upload));
    }
    if (this.left.length > 0 && this.doing === null) {
      body.prepend(note(this.app.t("imports.left", { count: this.left.length, names: this.left.slice(0, MOST_NAMED).join(", ") })));
    }
    if (this.upload === null && this.doing === null) {
      body.append(renderImports(this.app, this.past, (id) => void this.attempt(() => this.undo(id))));
    }
  }

  private renderDrop(): HTMLElement {
    const input = el("input", {
      type: "file",
      id: "import-files",
      multiple: true,
      onchange: () => this.take([...(input.files ?? [])]),
    });
    const label = el("label", { class: "drop", for: "import-files" }, icon("imports"), this.app.t("imports.drop"));
    return el("div", { class: "drop-zone" }, label, input, this.renderFolder(), note(this.app.t("imports.formats")));
  }

  /** A way to choose a whole folder, where files cannot be dragged. */
  private renderFolder(): HTMLElement {
    const choose = (): void => {
      const { files, left } = sift([...(folder.files ?? [])]);
      this.take(files, left);
    };
    const folder = el("input", { type: "file", id: "import-folder", webkitdirectory: true, hidden: true, onchange: choose });
    const press = (): void => folder.click();
    const button = el("button", { type: "button", id: "import-choose-folder", onclick: press }, this.app.t("imports.folder"));
    return el("div", { class: "buttons" }, folder, button);
  }

  private renderDoing(doing: Doing): HTMLElement {
    const bar = el("progress", { max: 1, value: doing.share, "aria-label": doing.words });
    const stop = el("button", { type: "button", onclick: () => this.work.abort() }, this.app.t("imports.stop"));
    return el("div", { class: "doing" }, note(doing.words), bar, el("p", { class: "note" }, doing.aside), el("div", { class: "buttons" }, stop));
  }

  private renderUpload(upload: api.Upload): HTMLElement[] {
    const title = el("h3", {}, this.app.t("imports.file", { name: upload.name }));
    const away = el(
      "button",
      { type: "button", onclick: () => void this.attempt(() => this.discard()) },
      icon("trash"),
      this.app.t("imports.discard"),
    );
    const head = [title, el("div", { class: "buttons" }, away)];
    if (this.current === null || this.plan === null) {
      return head;
    }
    return [...head, ...this.renderLayerChoice(), ...this.renderLayer(this.current, this.plan)];
  }

  private renderLayerChoice(): HTMLElement[] {
    if (this.inspections.length < 2) {
      return [];
    }
    const options = this.inspections.map((each) =>
      el("option", { value: each.layer, selected: each.layer === this.current?.layer }, this.nameLayer(each)),
    );
    const select = el("select", { id: "import-source", onchange: () => this.choose(select.value) }, ...options);
    return [el("div", { class: "field" }, el("label", { for: select.id }, this.app.t("imports.source")), select)];
  }

  /** A layer of the file, with what became of it. */
  private nameLayer(each: api.Inspection): string {
    const isIn = this.upload?.imported.includes(each.source_layer ?? each.layer) ?? false;
    const state = each.error !== undefined ? "imports.unreadable" : isIn ? "imports.was_imported" : null;
    return state === null ? each.layer : `${each.layer} – ${this.app.t(state)}`;
  }

  private renderLayer(inspection: api.Inspection, plan: Plan): HTMLElement[] {
    if (inspection.error !== undefined) {
      return [note(inspection.error, "error")];
    }
    const parts = renderFile(this.app, inspection, plan, this.fields, (again) => this.change(again));
    const open = listOpen(inspection, plan);
    const ready = open.length === 0;
    const make = (key: "imports.try" | "imports.run", trial: boolean): HTMLElement =>
      el(
        "button",
        {
          type: "button",
          class: trial ? "" : "main",
          disabled: !ready,
          onclick: () => void this.attempt(() => this.run(inspection, plan, trial)),
        },
        this.app.t(key),
      );
    const buttons = el("div", { class: "buttons" }, make("imports.try", true), make("imports.run", false));
    if (this.report !== null && !this.report.dry_run) {
      return [...parts, ...this.renderOutcome(plan)];
    }
    const foot = el("div", { class: "import-foot" }, note(ready ? this.app.t("imports.ready") : this.app.t("imports.open", { what: open.map((each) => this.app.t(`imports.${each}`).toLowerCase()).join(", ") })), buttons);
    return [...parts, ...this.renderOutcome(plan), foot];
  }

  private renderOutcome(plan: Plan): HTMLElement[] {
    if (this.report === null) {
      return [];
    }
    return renderReport(this.app, this.report, this.reportJob, plan, this.fields, {
      onUndo: (id) => void this.attempt(() => this.undo(id)),
      onCode: (column, value, code) => {
        sayCode(plan, column, value, code);
        this.host.refresh();
      },
    });
  }

  private change(again: boolean): void {
    this.report = null;
    this.showLanding();
    if (again) {
      void this.attempt(() => this.loadFields());
    }
    this.host.refresh();
  }

  private async bring(files: File[]): Promise<void> {
    const { left } = this;
    await this.discard();
    this.left = left;
    const { language } = this.app;
    this.begin(this.app.t("imports.uploading"));
    this.upload = await api.upload(files, language, (share) => this.progress(share), this.work.signal);
    this.begin(this.app.t("imports.inspecting"));
    this.inspections = (await api.inspect(this.upload.id, language, this.work.signal)).layers;
    const first = this.inspections.find((each) => each.error === undefined) ?? this.inspections[0];
    this.choose(first?.layer ?? "");
  }

  /** Asks for the words of what is in hand in another language; what the person decided stays. */
  private async inspectAnew(): Promise<void> {
    if (this.upload === null) {
      return;
    }
    this.inspections = (await api.inspect(this.upload.id, this.app.language)).layers;
    this.current = this.inspections.find((each) => each.layer === this.current?.layer) ?? null;
    this.report = null;
    await this.loadFields();
  }

  private choose(layer: string): void {
    this.current = this.inspections.find((each) => each.layer === layer) ?? null;
    this.report = null;
    const mine = this.app.config.sectors.flatMap((sector) => sector.layers).filter((each) => each.may_import);
    const readable = this.current !== null && this.current.error === undefined;
    this.plan =
      this.current === null ? null : makePlan(readable ? this.current : { ...this.current, ...NOTHING }, mine.map(({ id }) => id));
    this.showSample();
    void this.attempt(() => this.loadFields());
  }

  private showSample(): void {
    const features = this.current?.sample?.features ?? [];
    showOverlay(this.app.map, "highlight", features);
    const geometries = features.map(({ geometry }) => geometry).filter((each) => each !== null);
    const box = getBox({ type: "GeometryCollection", geometries });
    this.showLanding();
    if (box !== null) {
      zoomToBox(this.app.map, box);
    }
  }

  /** Frames where the file lies as it is read now; of another system than its sample's it is all that is known. */
  private showLanding(): void {
    const { current, plan } = this;
    const box = current === null || plan === null || current.error !== undefined ? null : findLanding(current, plan);
    showOverlay(this.app.map, "frame", box === null ? [] : [makeBoxShape(box)]);
    if (box !== null && plan?.system !== "") {
      showOverlay(this.app.map, "highlight", []);
      zoomToBox(this.app.map, box);
    }
  }

  private clearMap(): void {
    showOverlay(this.app.map, "highlight", []);
    showOverlay(this.app.map, "frame", []);
  }

  private async loadFields(): Promise<void> {
    const { current, plan } = this;
    this.fields = plan?.layer ? await api.getFields(plan.layer, this.app.language) : [];
    if (current !== null && plan !== null && !isSuggested(current, plan.layer) && current.error === undefined) {
      const chosen = [...plan.fields.values()].some((field) => field !== "");
      plan.fields = chosen ? plan.fields : matchFields(current, this.fields);
    }
  }

  private async loadPast(): Promise<void> {
    this.past = await api.getImports(PAST);
  }

  private async run(inspection: api.Inspection, plan: Plan, trial: boolean): Promise<void> {
    this.report = null;
    this.begin(this.app.t(trial ? "imports.trying" : "imports.running"));
    const inputs = toInputs(this.upload?.id ?? "", inspection, plan, trial);
    const answer = await run<{ report: api.Report }, "import">("import", inputs, (job) => this.follow(job), this.work.signal, this.app.language);
    this.report = answer.report;
    this.told = true;
    if (!trial) {
      this.upload?.imported.push(plan.sourceLayer);
      this.onLayer(plan.layer);
      await this.loadPast();
    }
  }

  private async undo(id: number, keepLater = false): Promise<void> {
    this.undone = null;
    this.begin(this.app.t("imports.undoing"));
    const inputs = { import: id, keep_later: keepLater };
    const follow = (job: Job): void => this.follow(job);
    this.undone = (await run<{ report: Undone }, "undo-import">("undo-import", inputs, follow, this.work.signal, this.app.language)).report;
    const past = this.past.find((each) => each.id === id);
    this.report = null;
    this.told = true;
    if (past !== undefined) {
      this.onLayer(past.layer);
    }
    await this.loadPast();
  }

  private async discard(): Promise<void> {
    const { upload } = this;
    this.upload = null;
    this.inspections = [];
    this.current = null;
    this.plan = null;
    this.report = null;
    this.undone = null;
    this.left = [];
    this.clearMap();
    if (upload !== null) {
      await api.discard(upload.id);
    }
  }

  private follow(job: Job): void {
    this.reportJob = job.jobID;
    this.progress((job.progress ?? 0) / 100, job.message ?? "");
  }

  private begin(words: string): void {
    this.work = new AbortController();
    this.doing = { words, aside: "", share: null };
    this.host.refresh();
  }

  private progress(share: number, aside = ""): void {
    if (this.doing !== null) {
      this.doing.share = share;
      this.doing.aside = aside;
      this.host.refresh();
    }
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    this.failure = null;
    try {
      await step();
    } catch (error) {
      this.failure = isAbort(error) ? this.app.t("imports.stopped") : getReason(this.app, error);
    }
    this.doing = null;
    this.host.refresh();
    if (this.told) {
      // It stands below a long form, or above it.
      this.told = false;
      const told = document.getElementById("import-report") ?? document.getElementById("import-undone");
      told?.scrollIntoView({ block: "start" });
      told?.focus({ preventScroll: true });
    }
  }
}

// What is lacking in the inspection of a layer that cannot be read.
const NOTHING = { fields: [], suggestions: [] };
