// What the server offers of the register: pages of it, groups, one entry with its history, and steps to take.

import { ask, type ConflictProperties, getToken, type Severity } from "../api";

export const STATUSES = ["new", "active", "reviewed", "approved", "resolved"] as const;
export type Status = (typeof STATUSES)[number];

export interface EntryProperties extends ConflictProperties {
  id: number;
  status: Status;
  side: string | null;
  stretch: number;
  length_m: number | null;
  street: string | null;
  found_on: string;
  resolved_on: string | null;
  version: number;
  /** Told only to who is signed in, as are those below. */
  owner?: string | null;
  assignee?: string | null;
  due_on?: string | null;
  reason?: string | null;
  status_on?: string;
  status_by?: string | null;
}

export type Entry = GeoJSON.Feature<GeoJSON.Point, EntryProperties>;
export type EntryPage = GeoJSON.FeatureCollection<GeoJSON.Point, EntryProperties> & { numberMatched: number };

export const STEPS = ["comment", "review", "approve", "resolve", "reopen", "due", "assign", "own"] as const;
export type Action = (typeof STEPS)[number];

export interface EntryEvent {
  id: number;
  happened_at: string;
  action: string;
  actor: string;
  run: number | null;
  text: string | null;
  /** By column: its value before and after. */
  changes: Record<string, [unknown, unknown]>;
}

/** An entry with what became of it and what the user may do with it, whatever its status. */
export type WholeEntry = Entry & { history: EntryEvent[]; allowed: Action[] };

export interface EntryGroup {
  value: string | null;
  title?: { vi: string; en: string };
  conflicts: number;
  severities: Partial<Record<Severity, number>>;
  worst_m: number | null;
}

export interface Step {
  action: Action;
  text?: string;
  value?: string | null;
}

type Query = Record<string, string>;

export function getEntries(query: Query, signal: AbortSignal): Promise<EntryPage> {
  return ask(`ogc/conflicts?${new URLSearchParams(query)}`, { signal });
}

/** The groups of what matches, the largest first. */
export async function getGroups(by: string, query: Query, signal: AbortSignal): Promise<EntryGroup[]> {
  const answer = await ask<{ groups: EntryGroup[] }>(`ogc/conflicts/groups?${new URLSearchParams({ ...query, by })}`, { signal });
  return answer.groups;
}

/** Somebody whom a conflict may be given to. */
export interface Person {
  username: string;
  full_name: string;
  department: string | null;
}

export interface Department {
  code: string;
  title: { vi: string; en: string };
}

/** Whom the user may give a conflict to, and the departments there are. */
export interface Takers {
  people: Person[];
  departments: Department[];
}

export function getTakers(id: number, signal: AbortSignal): Promise<Takers> {
  return ask(`ogc/conflicts/${id}/assignees`, { signal });
}

export function getEntry(id: number, signal: AbortSignal): Promise<WholeEntry> {
  return ask(`ogc/conflicts/${id}`, { signal });
}

/** Takes a step with an entry as it was at `version`; null takes it whatever the entry is by now. */
export function takeStep(id: number, version: number | null, step: Step): Promise<WholeEntry> {
  const headers = {
    "Content-Type": "application/json",
    "X-CSRF-Token": getToken(),
    ...(version !== null && { "If-Match": `"${version}"` }),
  };
  return ask(`ogc/conflicts/${id}`, { method: "POST", headers, body: JSON.stringify(step) });
}
