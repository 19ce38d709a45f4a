// What somebody is about to save: a feature as it was read, and what they changed since. Pure.

import type { Changes, Item, Read } from "./api";
import { type Field, findBroken, findFault, type Form, listFields, type Remark, type Value } from "./form";
import type { Language } from "../messages";
import { parseTyped, toTyped } from "./typed";

/** The name a shape goes by among properties. */
export const SHAPE = "geometry";

export class Draft {
  /** What was typed, by field; a field that nobody touched is not in it. */
  readonly typed = new Map<string, string>();
  /** The shape it is to have; null while there is none yet. */
  geometry: GeoJSON.Geometry | null;

  /** read: what is changed; null for a new feature. */
  constructor(
    public form: Form,
    public read: Read | null,
  ) {
    this.geometry = read?.item.geometry ?? null;
  }

  get id(): number | null {
    return this.read?.item.id ?? null;
  }

  get fields(): Field[] {
    return listFields(this.form);
  }

  /** What a field has now, as its input shows it. */
  getTyped(field: Field, language: Language): string {
    return this.typed.get(field.name) ?? toTyped(field, this.read?.item.properties[field.name], language);
  }

  /** Every value as it would be saved; what cannot be read counts as none. */
  getValues(): Record<string, Value> {
    const values: Record<string, Value> = { ...this.read?.item.properties };
    for (const field of this.fields) {
      const typed = this.typed.get(field.name);
      if (typed !== undefined) {
        values[field.name] = parseTyped(field, typed) ?? null;
      }
    }
    return values;
  }

  /** What is to be sent: only what differs from what was read. */
  getChanges(): Changes {
    const values = this.getValues();
    const before = this.read?.item.properties ?? {};
    const names = [...this.typed.keys()].filter((name) => !isSame(values[name], before[name]));
    const properties = Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
    const moved = this.geometry !== null && !isSame(this.geometry, this.read?.item.geometry ?? null);
    return { properties, ...(moved && { geometry: this.geometry as GeoJSON.Geometry }) };
  }

  get isChanged(): boolean {
    const { properties, geometry } = this.getChanges();
    return Object.keys(properties).length > 0 || geometry !== undefined || this.findFaults("vi").size > 0;
  }

  /** What is wrong with the fields that somebody touched, and of a new feature with those that must have a value. */
  findFaults(language: Language): Map<string, Remark> {
    const found = new Map<string, Remark>();
    for (const field of this.fields) {
      const touched = this.typed.has(field.name) || this.read === null;
      const fault = touched ? findFault(field, this.getTyped(field, language), language) : null;
      if (fault) {
        found.set(field.name, fault);
      }
    }
    return found;
  }

  /** What does not hold between the fields, told of the first that somebody touched. */
  findBroken(today: string): Map<string, Remark> {
    const found = new Map<string, Remark>();
    for (const check of findBroken(this.form, this.getValues(), today)) {
      const touched = check.fields.find((name) => this.typed.has(name));
      if (touched !== undefined) {
        const key = check.severity === "error" ? "edit.fault_check" : "edit.doubt_check";
        found.set(touched, { key, values: { title: check.title }, severity: check.severity });
      }
    }
    return found;
  }

  /** Everything to be told of what was typed, by field. */
  findRemarks(language: Language, today: string): Map<string, Remark> {
    return new Map([...this.findBroken(today), ...this.findFaults(language)]);
  }

  /** Makes a new feature of one that somebody else deleted: everything it had and all that was typed. */
  becomeNew(language: Language): void {
    for (const field of this.fields) {
      this.typed.set(field.name, this.getTyped(field, language));
    }
    this.read = null;
  }

  /** Takes the feature as somebody else saved it for what was read; of what both changed, theirs where it is said. */
  rebase(theirs: Read, keepTheirs: ReadonlySet<string>): void {
    const moved = this.getChanges().geometry !== undefined;
    for (const name of keepTheirs) {
      this.typed.delete(name);
    }
    if (!moved || keepTheirs.has(SHAPE)) {
      this.geometry = theirs.item.geometry;
    }
    this.read = theirs;
  }
}

/** What differs between what was read, what is to be saved, and what somebody else saved meanwhile. */
export interface Difference {
  /** A field, or SHAPE. */
  name: string;
  mine: boolean;
  theirs: boolean;
}

/** Where the two stand apart: by whom each field was changed, the fields in the order of the form, then the shape. */
export function compare(draft: Draft, theirs: Item): Difference[] {
  const changes = draft.getChanges();
  const before = draft.read?.item;
  const found = draft.fields.map(({ name }) => ({
    name,
    mine: name in changes.properties,
    theirs: !isSame(before?.properties[name], theirs.properties[name]),
  }));
  found.push({ name: SHAPE, mine: changes.geometry !== undefined, theirs: !isSame(before?.geometry, theirs.geometry) });
  return found.filter(({ mine, theirs: other }) => mine || other);
}

/** Whether two values are the same; nothing is the same as null. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
