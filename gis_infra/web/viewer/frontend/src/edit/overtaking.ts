// Somebody else saved first: what they saved is read, both versions are shown, and the person says what is to stay.

import type { App } from "../app";
import { getVersions, readItem } from "./api";
import { type Conflict, renderConflict } from "./conflict_view";
import { Draft, SHAPE } from "./draft";

export interface OvertakingFrame {
  /** What is kept of theirs has changed. */
  onShape(): void;
  /** The draft rests on what they saved now; it is to be saved again, if anything is left of it. */
  onSettled(): void;
  /** Theirs is taken, all of it. */
  onTaken(draft: Draft): void;
}

export class Overtaking {
  conflict: Conflict | null = null;

  constructor(
    private readonly app: App,
    private readonly frame: OvertakingFrame,
  ) {}

  /** The shape they saved, where that is to stay. */
  get theirShape(): GeoJSON.Geometry | null {
    return this.conflict?.keepTheirs.has(SHAPE) ? this.conflict.theirs.item.geometry : null;
  }

  /** Reads what somebody else saved of a feature. */
  async compare({ form, id }: Draft): Promise<void> {
    const theirs = await readItem(form.layer, id as number);
    const { versions } = await getVersions(form.layer, id as number, 1);
    this.conflict = { theirs, version: versions[0] ?? null, keepTheirs: new Set() };
  }

  /** Both versions, where there are two. */
  render(draft: Draft): HTMLElement[] {
    const { app, conflict, frame } = this;
    if (conflict === null) {
      return [];
    }
    const onSave = (): void => {
      draft.rebase(conflict.theirs, conflict.keepTheirs);
      this.conflict = null;
      frame.onSettled();
    };
    const onDrop = (): void => frame.onTaken(new Draft(draft.form, conflict.theirs));
    return renderConflict({ app, draft, conflict, onSave, onDrop, onShape: () => frame.onShape() });
  }
}
