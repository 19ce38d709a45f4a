// What a script adds to the pages of the OGC API: maps, and buttons that copy. Everything else works without one.

import { el } from "./dom";
import { type Language, translate } from "./messages";

const COPIED_STAYS_MS = 2000;

function getLanguage(): Language {
  return document.documentElement.lang === "en" ? "en" : "vi";
}

/** A button beside an address that puts it on the clipboard, or selects it where the browser allows no more. */
function addCopyButton(code: HTMLElement): void {
  const language = getLanguage();
  const words = translate(language, "pages.copy");
  const said = el("span", { class: "visually-hidden", role: "status" });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
    } catch {
      // Without https there is no clipboard: the reader presses Ctrl+C.
      getSelection()?.selectAllChildren(code);
      return;
    }
    said.textContent = button.textContent = translate(language, "pages.copied");
    setTimeout(() => (button.textContent = words), COPIED_STAYS_MS);
  };
  const label = `${words}: ${code.getAttribute("aria-label") ?? ""}`;
  const button = el("button", { type: "button", class: "button", "aria-label": label, onclick: () => void copy() }, words);
  code.after(button, said);
}

async function drawMaps(): Promise<void> {
  const boxes = [...document.querySelectorAll<HTMLElement>(".map[data-layer]")];
  if (boxes.length === 0) {
    return;
  }
  const { drawMap } = await import("./pages/map");
  await Promise.all(boxes.map((box) => drawMap(box, getLanguage())));
}

document.querySelectorAll<HTMLElement>("code[data-copy]").forEach(addCopyButton);
void drawMaps();
