// What the server refuses or remarks, in a sentence of the reader's language. Pure.

import { type Language, type MessageKey, translate } from "../messages";
import { EditRefused, type Fault } from "./api";
import type { Check } from "./form";

// The server's words begin so; what else it says is told as it is.
const PATTERNS: [RegExp, MessageKey, string?][] = [
  [/^must have a value/, "edit.fault_required"],
  [/^is below the least allowed, (.*)$/, "edit.fault_below", "least"],
  [/^is above the greatest allowed, (.*)$/, "edit.fault_above", "most"],
  [/^is longer than the (\d+) letters/, "edit.fault_too_long", "most"],
  [/^does not have the form (.*)$/, "edit.fault_form", "form"],
  [/^is that of feature (\d+);/, "edit.fault_taken_by", "id"],
  [/^is taken;/, "edit.fault_taken"],
  [/^must have a shape/, "edit.fault_no_shape"],
  [/outside/, "edit.fault_outside"],
];

const BY_STATUS: Record<number, MessageKey> = {
  401: "edit.refused_sign_in",
  403: "edit.refused_right",
  404: "edit.refused_gone",
  423: "edit.refused_locked",
};

/** Why one field is not as it may be. */
export function explainFault(language: Language, fault: Fault, checks: Check[]): string {
  const check = checks.find((each) => fault.message.startsWith(`must hold: ${each.text} (`));
  if (check !== undefined) {
    return translate(language, check.severity === "error" ? "edit.fault_check" : "edit.doubt_check", { title: check.title });
  }
  for (const [pattern, key, place] of PATTERNS) {
    const found = pattern.exec(fault.message);
    if (found) {
      return translate(language, key, place ? { [place]: found[1] ?? "" } : {});
    }
  }
  return translate(language, "edit.fault_other", { reason: fault.message });
}

/** Why nothing was saved, as far as it is not told of a field. */
export function explainRefusal(language: Language, error: EditRefused): string {
  const key = BY_STATUS[error.status];
  if (error.message.startsWith("the place is an end of the line")) {
    return translate(language, "edit.split_end");
  }
  return key ? translate(language, key) : translate(language, "edit.refused_other", { reason: error.message });
}
