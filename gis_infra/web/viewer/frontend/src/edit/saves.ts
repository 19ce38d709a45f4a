// What was saved since the map was opened, the last first, and how each is taken back: by the history of the feature.

import { deleteItem, getVersions, restoreVersion, type Saved, unsplitItem } from "./api";

export type SaveKind = "changed" | "created" | "deleted" | "split";

/** One thing that was saved. */
export interface Save {
  kind: SaveKind;
  layer: string;
  id: number;
  label: string;
  /** The version it left, null where the feature is gone. */
  etag: string | null;
  /** The number of the version that it ended, null for a feature that is new. */
  before: number | null;
  /** The other half of a line that was split. */
  piece?: { id: number; etag: string };
}

/** A save that cannot be taken back, because somebody has gone on from it. */
export class Overtaken extends Error {}

/** The number of the version that the last save of a feature ended. */
export async function findBefore(layer: string, id: number, isGone: boolean): Promise<number | null> {
  const { versions } = await getVersions(layer, id, 2);
  return versions[isGone ? 0 : 1]?.number ?? null;
}

/** Takes a save back; the feature as it is then, null where it is gone. Throws Overtaken, or what the server refuses. */
export async function takeBack(save: Save): Promise<Saved | null> {
  if (save.kind === "created" || save.before === null) {
    await deleteItem(save.layer, save.id, save.etag ?? "");
    return null;
  }
  if (save.kind === "deleted" && !(await getVersions(save.layer, save.id, 1)).deleted) {
    throw new Overtaken();
  }
  if (save.piece) {
    return unsplitItem(save.layer, save.id, { version: save.before, piece: save.piece.id, etag: save.piece.etag }, save.etag ?? "");
  }
  return restoreVersion(save.layer, save.id, save.before, save.etag);
}

/** The saves that are left when one was taken back, which made a new version: those before it rest on that. */
export function listLeft(saves: Save[], taken: Save, etag: string | null): Save[] {
  const rests = (each: Save): boolean => each.layer === taken.layer && each.id === taken.id;
  return saves.filter((each) => each !== taken).map((each) => (rests(each) ? { ...each, etag } : each));
}
