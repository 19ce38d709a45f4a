// What the panel works with: the services, the run that is shown, those there are, a comparison, and what is computed.

import type { App } from "../app";
import { type Job, run } from "../jobs";
import type { MessageKey } from "../messages";
import { getReason, isAbort } from "../panels/panel";
import * as api from "./api";
import type { Doing } from "./running";

export class Session {
  services: api.Service[] | null = null;
  report: api.Report | null = null;
  /** The run that was shown before something was assumed, to hold it against. */
  baseline: api.Report | null = null;
  runs: api.RunEntry[] | null = null;
  comparison: api.Comparison | null = null;
  doing: Doing | null = null;
  failure: string | null = null;
  busy = false;
  private request = new AbortController();
  private work = new AbortController();

  /** onChange: called when anything here is other than before. onProgress: when a run has only come further. */
  constructor(
    private readonly app: App,
    private readonly onChange: () => void,
    private readonly onProgress: (doing: Doing) => void,
  ) {}

  /** The service the address names, if there is one of that name. */
  get service(): api.Service | null {
    return this.services?.find((each) => each.id === this.app.state.service) ?? null;
  }

  /** Fetches the services, and the run the address names. */
  async load(): Promise<void> {
    await this.attempt(async (signal) => {
      this.services = await api.getServices();
      await this.loadReport(this.app.state.run, signal);
    });
  }

  /** Turns to another service, or to none. */
  async choose(service: string | null): Promise<void> {
    this.app.saveState({ service, run: null });
    this.report = null;
    this.baseline = null;
    this.comparison = null;
    this.runs = null;
    await this.attempt((signal) => this.loadReport(null, signal));
  }

  /** Shows a run; null for the latest of the city as it is. */
  async openRun(id: number | null): Promise<void> {
    await this.attempt(async (signal) => {
      await this.loadReport(id, signal);
      this.comparison = null;
      this.app.saveState({ run: id });
    });
  }

  private async loadReport(id: number | null, signal: AbortSignal): Promise<void> {
    const { service } = this;
    if (service === null || (id === null && service.latest_run === null)) {
      this.report = null;
      return;
    }
    const report = id === null ? await api.getLatest(service.id, signal) : await api.getReport(id, signal);
    // An address may name a run of another service, by mistake.
    this.report = report.run.service === service.id ? report : null;
  }

  async loadRuns(): Promise<void> {
    const { service } = this;
    if (service !== null && this.runs === null) {
      await this.attempt(async (signal) => {
        this.runs = await api.getRuns(service.id, signal);
      });
    }
  }

  async compare(before: number, after: number): Promise<void> {
    await this.attempt(async (signal) => {
      this.comparison = await api.getComparison(before, after, signal);
    });
  }

  closeComparison(): void {
    this.comparison = null;
    this.onChange();
  }

  /** Computes what is ordered and shows it; whether it came to an end. */
  async compute(order: api.Order, key: MessageKey): Promise<boolean> {
    this.work = new AbortController();
    this.doing = { key, share: null };
    this.failure = null;
    this.onChange();
    const before = this.report;
    try {
      const answer = await run<{ coverage: api.Report }>("coverage", order, (job) => this.follow(job), this.work.signal);
      this.take(answer.coverage, before, order);
      this.services = await api.getServices();
      return true;
    } catch (error) {
      this.failure = isAbort(error) ? this.app.t("coverage.stopped") : getReason(this.app, error);
      return false;
    } finally {
      this.doing = null;
      this.onChange();
    }
  }

  private take(report: api.Report, before: api.Report | null, { service, what_if }: api.Order): void {
    if (service !== this.app.state.service) {
      // The user has turned to another service meanwhile; the run is in the list of its own.
      return;
    }
    this.report = report;
    this.comparison = null;
    this.runs = null;
    // One assumption after the other is held against the same run of the city as it is.
    this.baseline = what_if === undefined ? null : before && hasAssumed(before) ? this.baseline : before;
    this.app.saveState({ run: report.run.id });
  }

  private follow({ progress }: Job): void {
    if (this.doing !== null) {
      this.doing.share = progress ? progress / 100 : null;
      this.onProgress(this.doing);
    }
  }

  /** Gives up what is being computed. */
  stop(): void {
    this.work.abort();
  }

  /** Gives up what is being fetched. */
  leave(): void {
    this.request.abort();
  }

  fail(error: unknown): void {
    this.failure = getReason(this.app, error);
    this.onChange();
  }

  private async attempt(step: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.request.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    this.busy = true;
    this.failure = null;
    this.onChange();
    try {
      await step(signal);
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      this.failure = getReason(this.app, error);
    }
    this.busy = false;
    this.onChange();
  }
}

/** Whether a run is of the city otherwise than it is. */
export function hasAssumed({ run: { what_if } }: api.Report): boolean {
  return what_if.vi.length > 0;
}
