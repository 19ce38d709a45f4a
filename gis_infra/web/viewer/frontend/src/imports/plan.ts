// What the person decides about one layer of a file, and the inputs of the import process it amounts to. Pure.

import type { Box } from "../config";
import type { ProcessInputs } from "../contract";
import type { ColumnGuess, Inspection, LayerField } from "./api";

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
  /** Column of the file -> value of it -> the code it means, where it was said. */
  codes: Map<string, Map<string, string>>;
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
    codes: new Map(),
  };
}

/** Where each column goes in a layer: as suggested for it, else nowhere. */
export function listFields(inspection: Inspection, layer: string): Map<string, string> {
  const guesses = getGuesses(inspection, layer);
  return new Map(
    inspection.fields.map(({ name }) => [name, guesses.find(({ column }) => column === name)?.field ?? ""]),
  );
}

/** Whether a layer was suggested for the file, its columns' places with it. */
export function isSuggested(inspection: Inspection, layer: string): boolean {
  return inspection.suggestions.some((each) => each.layer === layer);
}

/** Where columns go in a layer that nobody suggested: into the field of the same name or title, each field once. */
export function matchFields(inspection: Inspection, fields: readonly LayerField[]): Map<string, string> {
  const taken = new Set<string>();
  const find = (column: string): string => {
    const found = fields.find(({ name, title }) => !taken.has(name) && [name, title].some((each) => fold(each) === fold(column)));
    taken.add(found?.name ?? "");
    return found?.name ?? "";
  };
  return new Map(inspection.fields.map(({ name }) => [name, find(name)]));
}

/** A name without marks, case and whatever is no letter or digit. */
function fold(name: string): string {
  return name.normalize("NFD").toLowerCase().replace(/đ/g, "d").replace(/[^a-z0-9]/g, "");
}

/** Where the file lies as the plan reads it, longitude and latitude; null if nobody knows. */
export function findLanding(inspection: Inspection, plan: Plan): Box | null {
  const { choices, systems } = inspection.crs;
  const chosen = [...choices, ...systems].find((each) => formatSystem(each.srid, each.swap_xy) === plan.system);
  return plan.system === "" ? inspection.crs.box : (chosen?.box ?? null);
}

/** Says which code a value of a column means; "" takes it back. */
export function sayCode(plan: Plan, column: string, value: string, code: string): void {
  const said = plan.codes.get(column) ?? new Map<string, string>();
  plan.codes.set(column, said);
  if (code === "") {
    said.delete(value);
  } else {
    said.set(value, code);
  }
}

/** What was suggested for the columns in a layer; nothing for a layer that was not suggested. */
export function getGuesses(inspection: Inspection, layer: string): ColumnGuess[] {
  return inspection.suggestions.find((each) => each.layer === layer)?.columns ?? [];
}

/** How a choice of coordinate system is written: "EPSG:9210", "EPSG:9210 swapped". */
export function formatSystem(srid: number, swapped: boolean): string {
  return `EPSG:${srid}${swapped ? " swapped" : ""}`;
}

/** What the file leaves open and the person has not said yet; nothing when the plan may be carried out. */
export function listOpen(inspection: Inspection, plan: Plan): ("crs" | "text" | "target")[] {
  const isPlaced = inspection.crs.certain || plan.system !== "";
  const isReadable = inspection.text === null || inspection.text.certain || plan.encoding !== "";
  const open = { crs: !isPlaced, text: !isReadable, target: plan.layer === "" };
  return (["crs", "text", "target"] as const).filter((each) => open[each]);
}

/** The inputs of the process `import`. */
export function toInputs(upload: string, inspection: Inspection, plan: Plan, trial: boolean): ProcessInputs["import"] {
  const [crs, swapped] = plan.system.split(" ");
  const guesses = listFields(inspection, plan.layer);
  const changed = [...plan.fields].filter(([column, field]) => guesses.get(column) !== field);
  const codes = [...plan.codes].filter(([column, said]) => said.size > 0 && plan.fields.get(column) !== "");
  const inputs: { [Name in keyof ProcessInputs["import"]]: ProcessInputs["import"][Name] | undefined } = {
    upload,
    source_layer: plan.sourceLayer,
    layer: plan.layer,
    crs: crs || undefined,
    swap_xy: swapped === undefined ? undefined : true,
    encoding: plan.encoding || undefined,
    owner: plan.owner.trim() || undefined,
    // Of a layer that was not suggested all is said, so that the server maps nothing the person was not shown.
    map: Object.fromEntries(isSuggested(inspection, plan.layer) ? changed : plan.fields),
    codes: Object.fromEntries(codes.map(([column, said]) => [column, Object.fromEntries(said)])),
    units: Object.fromEntries([...plan.units].filter(([, unit]) => unit.trim() !== "")),
    on_duplicate: plan.duplicates,
    strict: plan.strict,
    replace: plan.replace,
    accept_outside: plan.acceptOutside,
    dry_run: trial,
  };
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined)) as ProcessInputs["import"];
}
