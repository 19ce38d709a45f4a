// Bringing a file in: hand it over, see what it is and where it lands, say what is open, try, import, take it back.

import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import * as api from "../imports/api";
import { type Job, run } from "../jobs";
import { isComplete, makePlan, type Plan, toInputs } from "../imports/plan";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import { renderFile } from "./import_file";
import { renderImports, renderReport, renderUndone, type Undone } from "./import_report";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";

const PAST = 10;

/** What goes on and can be given up, with how far it is, from 0 to 1; null if nobody knows. */
interface Doing {
  words: string;
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
    showOverlay(this.app.map, "highlight", []);
  }

  escape(): boolean {
    const busy = this.doing !== null;
    this.work.abort();
    return busy;
  }

  changeLanguage(): void {
    if (this.plan?.layer) {
      void this.attempt(() => this.loadFields());
    }
  }

  /** Takes files that were dropped or chosen. */
  take(files: File[]): void {
    if (files.length > 0 && this.doing === null) {
      void this.attempt(() => this.bring(files));
    }
  }

  render(body: HTMLElement): void {
    if (this.failure !== null) {
      body.append(note(this.failure, "error"));
    }
    if (this.doing !== null) {
      body.append(this.renderDoing(this.doing));
    } else if (this.upload === null) {
      body.append(this.renderDrop());
    } else {
      body.append(...this.renderUpload(this.upload));
    }
    if (this.undone !== null) {
      const { undone } = this;
      body.append(...renderUndone(this.app, undone, () => void this.attempt(() => this.undo(undone.import, true))));
    }
    if (this.report === null && this.doing === null) {
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
    return el("div", { class: "drop-zone" }, label, input, note(this.app.t("imports.formats")));
  }

  private renderDoing(doing: Doing): HTMLElement {
    const bar = el("progress", { max: 1, value: doing.share, "aria-label": doing.words });
    const stop = el("button", { type: "button", onclick: () => this.work.abort() }, this.app.t("imports.stop"));
    return el("div", { class: "doing" }, note(doing.words), bar, el("div", { class: "buttons" }, stop));
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
      el("option", { value: each.layer, selected: each.layer === this.current?.layer }, each.layer),
    );
    const select = el("select", { id: "import-source", onchange: () => this.choose(select.value) }, ...options);
    return [el("div", { class: "field" }, el("label", { for: select.id }, this.app.t("imports.source")), select)];
  }

  private renderLayer(inspection: api.Inspection, plan: Plan): HTMLElement[] {
    if (inspection.error !== undefined) {
      return [note(inspection.error, "error")];
    }
    const parts = renderFile(this.app, inspection, plan, this.fields, (again) => this.change(again));
    const ready = isComplete(inspection, plan);
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
    const open = ready ? [] : [note(this.app.t("imports.open"))];
    return [...parts, ...open, buttons, ...this.renderOutcome()];
  }

  private renderOutcome(): HTMLElement[] {
    if (this.report === null) {
      return [];
    }
    const { report } = this;
    return renderReport(this.app, report, this.reportJob, (id) => void this.attempt(() => this.undo(id)));
  }

  private change(again: boolean): void {
    this.report = null;
    if (again) {
      void this.attempt(() => this.loadFields());
    }
    this.host.refresh();
  }

  private async bring(files: File[]): Promise<void> {
    await this.discard();
    this.begin(this.app.t("imports.uploading"));
    this.upload = await api.upload(files, (share) => this.progress(share), this.work.signal);
    this.begin(this.app.t("imports.inspecting"));
    this.inspections = await api.inspect(this.upload.id, this.work.signal);
    this.choose(this.inspections[0]?.layer ?? "");
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
    if (box !== null) {
      zoomToBox(this.app.map, box);
    }
  }

  private async loadFields(): Promise<void> {
    this.fields = this.plan?.layer ? await api.getFields(this.plan.layer, this.app.language) : [];
  }

  private async loadPast(): Promise<void> {
    this.past = await api.getImports(PAST);
  }

  private async run(inspection: api.Inspection, plan: Plan, trial: boolean): Promise<void> {
    this.report = null;
    this.begin(this.app.t(trial ? "imports.trying" : "imports.running"));
    const inputs = toInputs(this.upload?.id ?? "", inspection, plan, trial);
    const answer = await run<{ report: api.Report }>("import", inputs, (job) => this.follow(job), this.work.signal);
    this.report = answer.report;
    this.told = true;
    if (!trial) {
      this.onLayer(plan.layer);
      await this.loadPast();
    }
  }

  private async undo(id: number, keepLater = false): Promise<void> {
    this.undone = null;
    this.begin(this.app.t("imports.undoing"));
    const inputs = { import: id, keep_later: keepLater };
    const follow = (job: Job): void => this.follow(job);
    this.undone = (await run<{ report: Undone }>("undo-import", inputs, follow, this.work.signal)).report;
    const past = this.past.find((each) => each.id === id);
    this.report = null;
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
    showOverlay(this.app.map, "highlight", []);
    if (upload !== null) {
      await api.discard(upload.id);
    }
  }

  private follow(job: Job): void {
    this.reportJob = job.jobID;
    this.progress((job.progress ?? 0) / 100);
  }

  private begin(words: string): void {
    this.work = new AbortController();
    this.doing = { words, share: null };
    this.host.refresh();
  }

  private progress(share: number): void {
    if (this.doing !== null) {
      this.doing.share = share;
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
      // It stands below a long form.
      this.told = false;
      document.getElementById("import-report")?.scrollIntoView({ block: "start" });
    }
  }
}

// What is lacking in the inspection of a layer that cannot be read.
const NOTHING = { fields: [], suggestions: [] };
