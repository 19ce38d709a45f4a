// What the user may do with a conflict: the form, and what they have typed into it so far.

import { getAddress } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import type { MessageKey } from "../messages";
import type { Action, Person, Step, WholeEntry } from "../register/api";
import { listSteps } from "../register/query";
import { note } from "./panel";

/** What was typed for one conflict and is not sent yet; it outlives a refusal. */
export interface Draft {
  text: string;
  due: string | null;
  assignee: string;
  owner: string;
}

export function makeDraft(): Draft {
  return { text: "", due: null, assignee: "", owner: "" };
}

// Steps that take the words of the one field above them.
const WORDED = ["comment", "review", "approve", "resolve", "reopen"] as const;

export interface StepsForm {
  app: App;
  entry: WholeEntry;
  draft: Draft;
  busy: boolean;
  /** Whom the conflict may be given to. */
  people: readonly Person[];
  onStep: (step: Step) => void;
  /** Asked to say why a step cannot be sent, and to bring the user to the field. */
  onMissing: (key: MessageKey, field: string) => void;
}

/** The buttons that the user has a right to, as far as the status allows them. */
export function renderSteps(form: StepsForm): HTMLElement {
  const { app, entry } = form;
  const open = listSteps(entry.allowed, entry.properties.status);
  if (app.config.user === null) {
    const address = getAddress(`sign-in?lang=${app.language}`);
    return el("p", { class: "note" }, el("a", { href: address }, app.t("step.sign_in")));
  }
  return el(
    "section",
    { class: "steps", "aria-busy": String(form.busy) },
    el("h3", {}, app.t("step.title")),
    entry.allowed.length === 1 ? note(app.t("step.only_comment")) : null,
    renderWords(form),
    el("div", { class: "buttons wrap" }, ...WORDED.filter((each) => open.has(each)).map((each) => makeWorded(form, each))),
    open.has("assign") ? renderAssign(form) : null,
    open.has("due") ? renderDue(form) : null,
    open.has("own") ? renderOwn(form) : null,
  );
}

function renderWords({ app, draft }: StepsForm): HTMLElement {
  const words = el("textarea", { id: "step-text", rows: 3, maxlength: 4000, oninput: () => (draft.text = words.value) });
  words.value = draft.text;
  return el("div", { class: "field" }, el("label", { for: "step-text" }, app.t("step.text")), words);
}

function makeWorded(form: StepsForm, action: (typeof WORDED)[number]): HTMLElement {
  const press = (): void => {
    const text = form.draft.text.trim();
    if (text === "" && (action === "comment" || action === "approve")) {
      form.onMissing(action === "comment" ? "step.need_text" : "step.need_reason", "step-text");
    } else {
      form.onStep({ action, ...(text !== "" && { text }) });
    }
  };
  return makeButton(form, `step-${action}`, `step.${action}`, press);
}

function makeButton(form: StepsForm, id: string, key: MessageKey, press: () => void): HTMLElement {
  return el("button", { id, type: "button", disabled: form.busy, onclick: press }, form.app.t(key));
}

function renderAssign(form: StepsForm): HTMLElement {
  const { app, draft, entry } = form;
  const me = app.config.user?.name ?? "";
  const send = (): void => {
    const name = draft.assignee.trim();
    if (name === "") {
      form.onMissing("step.need_name", "step-assignee");
    } else {
      form.onStep({ action: "assign", value: name });
    }
  };
  const input = el("input", { id: "step-assignee", list: "step-people", autocomplete: "off", oninput: () => (draft.assignee = input.value) });
  input.value = draft.assignee;
  const options = form.people.map(({ username, full_name, department }) =>
    el("option", { value: username }, department === null ? full_name : `${full_name} – ${department}`),
  );
  const { assignee } = entry.properties;
  const give = (value: string | null) => () => form.onStep({ action: "assign", value });
  return renderField(form, "step.assign", input, [
    makeButton(form, "step-assign", "step.assign_set", send),
    assignee === me ? null : makeButton(form, "step-assign-me", "step.assign_me", give(me)),
    assignee ? makeButton(form, "step-assign-none", "step.assign_none", give(null)) : null,
    el("datalist", { id: "step-people" }, ...options),
  ]);
}

function renderDue(form: StepsForm): HTMLElement {
  const { draft, entry } = form;
  const input = el("input", { id: "step-due", type: "date", oninput: () => (draft.due = input.value) });
  input.value = draft.due ?? entry.properties.due_on ?? "";
  const send = (): void => form.onStep({ action: "due", value: input.value || null });
  return renderField(form, "step.due", input, [makeButton(form, "step-due-set", "step.set", send)]);
}

function renderOwn(form: StepsForm): HTMLElement {
  const { draft } = form;
  const input = el("input", { id: "step-owner", autocomplete: "off", oninput: () => (draft.owner = input.value) });
  input.value = draft.owner;
  const send = (): void => form.onStep({ action: "own", value: draft.owner.trim() || null });
  return renderField(form, "step.own", input, [makeButton(form, "step-own-set", "step.own_set", send)]);
}

function renderField(form: StepsForm, key: MessageKey, input: HTMLElement, buttons: (HTMLElement | null)[]): HTMLElement {
  const label = el("label", { for: input.id }, form.app.t(key));
  return el("div", { class: "field with-button" }, label, el("div", { class: "buttons" }, input, ...buttons));
}

/** What a step that was taken has used up of a draft. */
export function clearDraft(draft: Draft, action: Action): void {
  if (action === "due") {
    draft.due = null;
  } else if (action === "assign") {
    draft.assignee = "";
  } else if (action === "own") {
    draft.owner = "";
  } else {
    draft.text = "";
  }
}
