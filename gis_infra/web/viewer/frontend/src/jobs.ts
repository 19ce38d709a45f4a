// Long work of the server's: start a process as a job, follow it, give it up.

import { ask, getToken } from "./api";
import type { Job, ProcessInputs } from "./contract";
import type { Language } from "./messages";

const POLL_MS = 700;

export type { Job };

/** Runs a process as a job and waits for its end; its outputs. Aborting the signal ends the job too. */
// language: of what the job says, where it says anything in words.
export async function run<T, Name extends keyof ProcessInputs = keyof ProcessInputs>(
  process: Name,
  inputs: ProcessInputs[Name],
  onJob: (job: Job) => void,
  signal: AbortSignal,
  language?: Language,
): Promise<T> {
  const words = language === undefined ? "" : `lang=${language}`;
  const headers = { "Content-Type": "application/json", Prefer: "respond-async", "X-CSRF-Token": getToken() };
  const body = JSON.stringify({ inputs });
  let job = await ask<Job>(`ogc/processes/${process}/execution?${words}`, { method: "POST", headers, body });
  while (job.status === "accepted" || job.status === "running") {
    onJob(job);
    await wait(POLL_MS, signal);
    if (signal.aborted) {
      await ask(`ogc/jobs/${job.jobID}`, { method: "DELETE", headers: { "X-CSRF-Token": getToken() } });
      throw new DOMException("given up", "AbortError");
    }
    job = await ask<Job>(`ogc/jobs/${job.jobID}?f=json&${words}`);
  }
  return ask<T>(`ogc/jobs/${job.jobID}/results?f=json&${words}`);
}

/** Waits so long, or until the signal. */
function wait(time_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, time_ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
