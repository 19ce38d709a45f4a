// Tabs within a panel, walked by the arrow keys.

import { el } from "../dom";

/** A row of tabs; `onChoose` is told the one that was taken up, by a click or by walking to it. */
export function renderTabs<T extends string>(label: string, tabs: [T, string][], chosen: T, onChoose: (tab: T) => void): HTMLElement {
  const buttons = tabs.map(([id, words]) =>
    el(
      "button",
      {
        id: `tab-${id}`,
        type: "button",
        role: "tab",
        "aria-selected": String(id === chosen),
        "aria-controls": id === chosen ? "tab-panel" : null,
        tabindex: id === chosen ? 0 : -1,
        onclick: () => onChoose(id),
      },
      words,
    ),
  );
  const list = el("div", { class: "tabs", role: "tablist", "aria-label": label }, ...buttons);
  list.addEventListener("keydown", (event) => {
    const next = tabs[findNext(event.key, tabs.findIndex(([id]) => id === chosen), tabs.length)];
    if (next) {
      event.preventDefault();
      onChoose(next[0]);
      document.getElementById(`tab-${next[0]}`)?.focus();
    }
  });
  return list;
}

/** The index a key leads to, -1 for another key. */
function findNext(key: string, now: number, count: number): number {
  const steps: Record<string, number> = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: count - 1 };
  const next = steps[key];
  return next === undefined ? -1 : (next + count) % count;
}

/** What the chosen tab shows. */
export function renderTabPanel(tab: string, ...parts: (Node | null)[]): HTMLElement {
  return el("div", { id: "tab-panel", role: "tabpanel", "aria-labelledby": `tab-${tab}` }, ...parts);
}
