// Why a step was not taken, in a sentence. Pure.

import { ApiError } from "../api";
import { type Language, type MessageKey, translate } from "../messages";
import type { Step } from "./api";

const BY_STATUS: Record<number, MessageKey> = {
  401: "step.refused_sign_in",
  403: "step.refused_right",
  404: "step.refused_gone",
  409: "step.refused_status",
  412: "step.refused_stale",
};

/** Whether the entry is no longer what the user saw when they decided. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 412);
}

/** What a refusal of the server means. step: what was asked for. */
export function explainRefusal(language: Language, error: ApiError, step: Step): string {
  const key = BY_STATUS[error.status];
  if (key !== undefined) {
    return translate(language, key);
  }
  if (error.status === 400 && step.value && (step.action === "assign" || step.action === "own")) {
    const kind = step.action === "assign" ? "person" : "department";
    return translate(language, `step.refused_${kind}`, { name: step.value });
  }
  return translate(language, "step.refused_other", { reason: error.message });
}
