// A draft sent to the server, and the feature as it is then: the server may have mended what it took.

import { changeItem, createItem, deleteItem, readItem, type Saved } from "./api";
import { Draft } from "./draft";
import { getLabel } from "./naming";
import { findBefore, type Save, type SaveKind } from "./saves";
import { splitItem } from "./split";
import type { Position } from "./vertices";

/** What became of a draft. */
export interface Kept {
  /** The feature as it was read again. */
  fresh: Draft;
  saved: Saved;
  save: Save;
}

/** Saves what was changed of a feature, or a new one. */
export async function keepDraft(draft: Draft): Promise<Kept> {
  const { id, read, form } = draft;
  const changes = draft.getChanges();
  const isNew = id === null || read === null;
  const saved = isNew ? await createItem(form.layer, changes) : await changeItem(form.layer, id, changes, read.etag);
  return settle(draft, saved, isNew ? "created" : "changed");
}

/** Splits a line in two at a place of it; what is read again is the longer half, which is still the asset it was. */
export async function splitDraft(draft: Draft, cut: Position, code: string): Promise<Kept> {
  const { kept, piece } = await splitItem(draft, cut, code);
  return settle(draft, kept, "split", piece);
}

async function settle({ form }: Draft, saved: Saved, kind: SaveKind, piece?: Saved): Promise<Kept> {
  const { layer } = form;
  const before = kind === "created" ? null : await findBefore(layer, saved.id, false);
  const fresh = new Draft(form, await readItem(layer, saved.id));
  const save = { kind, layer, id: saved.id, label: getLabel(fresh), etag: saved.etag, before, ...(piece && { piece }) };
  return { fresh, saved, save };
}

/** Takes a feature away that is still as it was read. */
export async function takeAway(draft: Draft): Promise<Save> {
  const { item, etag } = draft.read as NonNullable<Draft["read"]>;
  const { layer } = draft.form;
  await deleteItem(layer, item.id, etag);
  const before = await findBefore(layer, item.id, true);
  return { kind: "deleted", layer, id: item.id, label: getLabel(draft), etag: null, before };
}
