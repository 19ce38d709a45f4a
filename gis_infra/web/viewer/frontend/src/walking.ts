// Lists walked by the arrow keys: Tab comes to one row, arrows, Home and End go on from there.

/** Lets the keys walk through the buttons of a list; onReach is told the index of the row one came to. */
export function letWalk(list: HTMLElement, selected: number, onReach?: (index: number) => void): void {
  const buttons = listButtons(list);
  setStop(buttons, Math.max(selected, 0));
  list.addEventListener("keydown", (event) => {
    const index = findNext(event.key, listButtons(list));
    if (index !== null) {
      event.preventDefault();
      reach(listButtons(list), index);
      onReach?.(index);
    }
  });
}

function listButtons(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-row]")];
}

function findNext(key: string, buttons: HTMLElement[]): number | null {
  const now = buttons.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = {
    ArrowDown: now + 1,
    ArrowRight: now + 1,
    ArrowUp: now - 1,
    ArrowLeft: now - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const next = steps[key];
  return next === undefined || now < 0 ? null : Math.min(Math.max(next, 0), buttons.length - 1);
}

function reach(buttons: HTMLElement[], index: number): void {
  setStop(buttons, index);
  buttons[index]?.focus({ preventScroll: true });
  buttons[index]?.scrollIntoView({ block: "nearest" });
}

function setStop(buttons: HTMLElement[], index: number): void {
  buttons.forEach((button, each) => (button.tabIndex = each === index ? 0 : -1));
}
