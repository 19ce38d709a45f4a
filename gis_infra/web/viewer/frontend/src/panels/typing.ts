// What somebody is in the middle of, in a form that is built anew now and then: a press, a word, the way to the next field.

type TextInput = HTMLInputElement | HTMLTextAreaElement;

/** Watches what is done in an element, so that building it anew takes nothing away. */
export class Typing {
  private readonly holds = new Set<"press" | "change" | "word">();
  /** Fields with text that their form was not told of yet. */
  private readonly typed = new WeakSet<EventTarget>();
  /** Whether the element is being built anew: a field that goes is not left by anybody. */
  private isBuilding = false;

  /** onFree: called when nothing is in the middle any more. */
  constructor(
    private readonly body: HTMLElement,
    private readonly onFree: () => void,
  ) {
    this.watchPresses();
    this.watchWords();
  }

  /** Whether the element is not to be built anew now. */
  get isHeld(): boolean {
    return this.holds.size > 0;
  }

  /** To be called before the element is built anew; what it gives, afterwards: it takes up field, text and cursor again. */
  keep(): () => void {
    const before = document.activeElement;
    this.isBuilding = true;
    if (before === null || before.id === "" || !this.body.contains(before)) {
      return () => (this.isBuilding = false);
    }
    const isTyped = this.typed.has(before);
    return () => {
      this.isBuilding = false;
      const after = document.getElementById(before.id);
      after?.focus({ preventScroll: true });
      if (isText(before) && isText(after)) {
        this.takeUp(before, after, isTyped);
      }
    };
  }

  private takeUp(before: TextInput, after: TextInput, isTyped: boolean): void {
    if (isTyped) {
      after.value = before.value;
      this.typed.add(after);
      // The browser takes the text for what was always there, and tells nobody of it.
      const tell = (): void => {
        if (!this.isBuilding && this.typed.has(after)) {
          after.dispatchEvent(new Event("change", { bubbles: true }));
        }
      };
      after.addEventListener("blur", tell);
    }
    if (before.selectionStart !== null && after.selectionStart !== null) {
      after.setSelectionRange(before.selectionStart, before.selectionEnd);
    }
  }

  /**
   * A press takes a field's new value, which builds the panel anew; were that done before the pointer is up again, the
   * button under it would be gone, and the press lost.
   */
  private watchPresses(): void {
    this.body.addEventListener("pointerdown", () => this.holds.add("press"));
    addEventListener("click", () => this.holds.delete("press"), { capture: true });
    addEventListener("pointerup", () => this.endSoon("press"));
    addEventListener("pointercancel", () => this.end("press"));
  }

  /** A field is left by going to another, which must still be there; a letter put together of several is one. */
  private watchWords(): void {
    const { body } = this;
    body.addEventListener("input", ({ target }) => target && this.typed.add(target));
    body.addEventListener(
      "change",
      (event) => {
        if (this.isBuilding) {
          event.stopImmediatePropagation();
          return;
        }
        this.typed.delete(event.target as EventTarget);
        this.holds.add("change");
        this.endSoon("change");
      },
      { capture: true },
    );
    body.addEventListener("compositionstart", () => this.holds.add("word"));
    body.addEventListener("compositionend", () => this.endSoon("word"));
  }

  private endSoon(hold: "press" | "change" | "word"): void {
    setTimeout(() => this.end(hold));
  }

  private end(hold: "press" | "change" | "word"): void {
    this.holds.delete(hold);
    if (!this.isHeld) {
      this.onFree();
    }
  }
}

function isText(element: Element | null): element is TextInput {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}
