// The marks of coverage: of a target's answer, of what a facility is in a run, of a candidate.

import { CIRCLE, type MarkShape } from "../marks";
import type { Answer, FacilityState } from "./api";

const QUESTION = "M7.9 7.9a2.2 2.2 0 1 1 3.2 2c-.8.4-1.1.8-1.1 1.6M10 14.1v.3";

export const ANSWER_MARKS: Record<Answer, MarkShape> = {
  met: { color: "#1b7f3b", shape: CIRCLE, sign: "M5.8 10.2 9 13.2l5.2-6.2" },
  missed: { color: "#c62828", shape: "M10 1 19.5 18.5H.5Z", sign: "M10 7v5.6M10 15.4v.3" },
  not_known: { color: "#6a4bbd", shape: "M2 2h16v16H2Z", sign: QUESTION },
};

const DIAMOND = "M10 .5 19.5 10 10 19.5.5 10Z";

export const FACILITY_MARKS: Record<FacilityState, MarkShape> = {
  kept: { color: "#1b1b1b", shape: CIRCLE, sign: "M10 9.9v.2" },
  drawn: { color: "#b35f00", shape: DIAMOND, sign: "M10 5.5v9M5.5 10h9" },
  planned: { color: "#b35f00", shape: DIAMOND, sign: "M7.5 10h5" },
  out: { color: "#6d757d", shape: CIRCLE, sign: "M6.5 6.5l7 7M13.5 6.5l-7 7" },
};

/** The pictures that the map is given: facilities, and points among which sites are to be chosen. */
export const PICTURES: Record<FacilityState | "candidate", MarkShape> = {
  ...FACILITY_MARKS,
  candidate: { color: "#6a1b9a", shape: DIAMOND, sign: QUESTION },
};

/** What a layer of the map calls a picture. */
export function getFacilityImage(state: string): string {
  return `facility-${state}`;
}
