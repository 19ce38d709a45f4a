// The layers for QGIS: a small window with the two files it opens, each a plain link.

import { getAddress } from "../api";
import type { App } from "../app";
import { el } from "../dom";

const FILES = ["qgs", "qlr"] as const;

/** Opens the window over the page; closing it gives the focus back. */
export function openQgis(app: App): void {
  const rows = FILES.map((suffix) => {
    const href = getAddress(`qgis/gis-infra.${suffix}?lang=${app.language}`);
    const link = el("a", { class: "main", href, download: true }, app.t(`qgis.${suffix}`));
    return el("div", { class: "field" }, link, el("p", {}, app.t(`qgis.${suffix}_help`)));
  });
  const dialog = el(
    "dialog",
    { class: "download", "aria-labelledby": "qgis-title" },
    el("h2", { id: "qgis-title" }, app.t("qgis.title")),
    ...rows,
    el("p", {}, app.t(app.config.user ? "qgis.signed_in" : "qgis.public")),
    el("div", { class: "buttons" }, el("button", { type: "button", onclick: () => dialog.close() }, app.t("app.close"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
