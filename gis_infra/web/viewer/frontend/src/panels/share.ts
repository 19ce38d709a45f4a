// What the map shows now as a link that can be passed on. The address of the page holds it all.

import type { App } from "../app";
import { el } from "../dom";

/** Opens the link over the page, ready to be copied. warning: what the link does not hold, in words. */
export function openShare(app: App, warning: string | null = null): void {
  const link = el("input", { id: "share-link", readonly: true, onfocus: () => link.select() });
  link.value = location.href;
  const told = el("p", { role: "status" }, app.t("share.help"));
  const copy = async (): Promise<void> => {
    link.select();
    try {
      await navigator.clipboard.writeText(link.value);
      told.textContent = app.t("share.copied");
    } catch {
      // Refused, or a page without https, where browsers give no clipboard: the link stands marked to be copied by hand.
      told.textContent = app.t("share.by_hand");
    }
  };
  const dialog = el(
    "dialog",
    { class: "download", "aria-labelledby": "share-title" },
    el("h2", { id: "share-title" }, app.t("share.title")),
    warning && el("p", { class: "note error" }, warning),
    el("div", { class: "field" }, el("label", { for: link.id }, app.t("share.link")), link),
    told,
    el(
      "div",
      { class: "buttons" },
      el("button", { class: "main", type: "button", onclick: () => void copy() }, app.t("share.copy")),
      el("button", { type: "button", onclick: () => dialog.close() }, app.t("app.close")),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
