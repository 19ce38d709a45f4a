// What the person decides about one layer of a file, and the inputs of the import process it amounts to. Pure.

import type { ColumnGuess, Inspection } from "./api";

export interface Plan {
  sourceLayer: string;
  /** Layer of the city; "" until one is chosen. */
  layer: string;
  /** The coordinate system, as one of `listSystems`; "" for what the file says. */
  system: string;
  encoding: string;
  owner: string;
  duplicates: "update" | "skip" | "reject";
  strict: boolean;
  replace: boolean;
  acceptOutside: boolean;
  /** Column of the file -> field; "" for kept as it is. */
  fields: Map<string, string>;
  /** Column of the file -> unit of its numbers, where it was said. */
  units: Map<string, string>;
}

/** The plan that takes every suggestion there is; a guess that is not sure is left to the person. */
export function makePlan(inspection: Inspection, layers: string[]): Plan {
  const guess = inspection.suggestions.find((each) => layers.includes(each.layer));
  return {
    sourceLayer: inspection.source_layer ?? inspection.layer,
    layer: guess?.layer ?? "",
    system: "",
    encoding: "",
    owner: "",
    duplicates: "update",
    strict: false,
    replace: false,
    acceptOutside: false,
    fields: listFields(inspection, guess?.layer ?? ""),
    units: new Map(),
  };
}

/** Where each column goes in a layer: as suggested for it, else nowhere. */
export function listFields(inspection: Inspection, layer: string): Map<string, string> {
  const guesses = getGuesses(inspection, layer);
  return new Map(
    inspection.fields.map(({ name }) => [name, guesses.find(({ column }) => column === name)?.field ?? ""]),
  );
}

/** What was suggested for the columns in a layer; nothing for a layer that was not suggested. */
export function getGuesses(inspection: Inspection, layer: string): ColumnGuess[] {
  return inspection.suggestions.find((each) => each.layer === layer)?.columns ?? [];
}

/** How a choice of coordinate system is written: "EPSG:9210", "EPSG:9210 swapped". */
export function formatSystem(srid: number, swapped: boolean): string {
  return `EPSG:${srid}${swapped ? " swapped" : ""}`;
}

/** Whether the plan may be carried out: everything the file leaves open is said. */
export function isComplete(inspection: Inspection, plan: Plan): boolean {
  const placed = inspection.crs.certain || plan.system !== "";
  const readable = inspection.text === null || inspection.text.certain || plan.encoding !== "";
  return plan.layer !== "" && placed && readable;
}

/** The inputs of the process `import`. */
export function toInputs(upload: string, inspection: Inspection, plan: Plan, trial: boolean): Record<string, unknown> {
  const [crs, swapped] = plan.system.split(" ");
  const guesses = listFields(inspection, plan.layer);
  const changed = [...plan.fields].filter(([column, field]) => guesses.get(column) !== field);
  const suggested = inspection.suggestions.some((each) => each.layer === plan.layer);
  const inputs = {
    upload,
    source_layer: plan.sourceLayer,
    layer: plan.layer,
    crs: crs || undefined,
    swap_xy: swapped === undefined ? undefined : true,
    encoding: plan.encoding || undefined,
    owner: plan.owner.trim() || undefined,
    // For a layer that was not suggested nothing was shown but what the person chose; the server maps the rest.
    map: Object.fromEntries(suggested ? changed : [...plan.fields].filter(([, field]) => field !== "")),
    units: Object.fromEntries([...plan.units].filter(([, unit]) => unit.trim() !== "")),
    on_duplicate: plan.duplicates,
    strict: plan.strict,
    replace: plan.replace,
    accept_outside: plan.acceptOutside,
    dry_run: trial,
  };
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}
