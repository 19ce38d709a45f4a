// How an import goes about it: whose the rows are, what becomes of those that are there already, what counts as wrong.

import type { App } from "../app";
import { el } from "../dom";
import type { Plan } from "../imports/plan";
import type { MessageKey } from "../messages";
import { labelled, makeSelect } from "./import_fields";
import { note } from "./panel";

/** onChange: called when the plan changed. */
export function renderOptions(app: App, plan: Plan, onChange: () => void): HTMLElement[] {
  const owner = el("input", { id: "import-owner", value: plan.owner, maxlength: 200, "aria-describedby": "import-owner-why" });
  // Nothing else hangs on it, so nothing is built anew: the press of a button that ends the typing would be lost.
  owner.addEventListener("input", () => (plan.owner = owner.value));
  const why = el("p", { id: "import-owner-why", class: "note" }, app.t("imports.owner_why"));
  return [labelled(app, "imports.owner", owner), why, renderMore(app, plan, onChange)];
}

function renderMore(app: App, plan: Plan, onChange: () => void): HTMLElement {
  const ways = (["update", "skip", "reject"] as const).map((way) => [way, app.t(`imports.duplicates_${way}`)]);
  const duplicates = makeSelect("import-duplicates", ways, plan.duplicates, (value) => {
    plan.duplicates = value as Plan["duplicates"];
    onChange();
  });
  return el(
    "details",
    { class: "more" },
    el("summary", { id: "import-more" }, app.t("imports.options")),
    labelled(app, "imports.duplicates", duplicates),
    renderTick(app, plan, "strict", "imports.strict", onChange),
    renderTick(app, plan, "replace", "imports.replace", onChange),
    plan.replace && note(app.t("imports.replace_warning"), "bad"),
  );
}

/** A box to tick for a yes of the plan. */
export function renderTick(
  app: App,
  plan: Plan,
  name: "strict" | "replace" | "acceptOutside",
  key: MessageKey,
  onChange: () => void,
): HTMLElement {
  const box = el("input", { type: "checkbox", id: `import-${name}` });
  box.checked = plan[name];
  box.addEventListener("change", () => {
    plan[name] = box.checked;
    onChange();
  });
  return el("div", { class: "tick" }, box, el("label", { for: box.id }, app.t(key)));
}
