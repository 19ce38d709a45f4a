// What the user may do with a conflict: the form, and what they have typed into it so far.

import { getAddress } from "../api";
import type { App } from "../app";
import { isDay, writeDay } from "../days";
import { el } from "../dom";
import { localize, type MessageKey } from "../messages";
import type { Action, Step, Takers, WholeEntry } from "../register/api";
import { listSteps } from "../register/query";
import { getDay, makeDayInput, withCalendar } from "./day_field";
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
  takers: Takers;
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
  const { app, draft, entry, takers } = form;
  const me = app.config.user?.name ?? "";
  const send = (): void => {
    const name = input.value.trim();
    if (name === "") {
      form.onMissing("step.need_name", "step-assignee");
    } else {
      form.onStep({ action: "assign", value: name });
    }
  };
  const { assignee } = entry.properties;
  const people = takers.people.map(({ username, full_name, department }): Choice => {
    const title = nameDepartment(app, takers, department);
    return [username, title === null ? full_name : `${full_name} – ${title}`];
  });
  const input = makeChoice(app, "step-assignee", people, draft.assignee || (assignee ?? ""), (name) => (draft.assignee = name));
  const give = (value: string | null) => () => form.onStep({ action: "assign", value });
  return renderField(form, "step.assign", input, [
    makeButton(form, "step-assign", "step.assign_set", send),
    assignee === me ? null : makeButton(form, "step-assign-me", "step.assign_me", give(me)),
    assignee ? makeButton(form, "step-assign-none", "step.assign_none", give(null)) : null,
  ]);
}

function renderDue(form: StepsForm): HTMLElement {
  const { app, draft, entry } = form;
  const input = makeDayInput(app, { id: "step-due", oninput: () => (draft.due = input.value) });
  input.value = draft.due ?? writeDay(entry.properties.due_on ?? "");
  const send = (): void => {
    const day = getDay(input);
    if (day !== "" && !isDay(day)) {
      form.onMissing("day.fault", "step-due");
    } else {
      form.onStep({ action: "due", value: day || null });
    }
  };
  const field = withCalendar(app, app.t("step.due"), input);
  return renderField(form, "step.due", field, [makeButton(form, "step-due-set", "step.set", send)], input.id);
}

function renderOwn(form: StepsForm): HTMLElement {
  const { app, draft, entry, takers } = form;
  const departments = takers.departments.map(({ code, title }): Choice => [code, localize(app.language, title)]);
  const owner = draft.owner || (entry.properties.owner ?? "");
  const input = makeChoice(app, "step-owner", departments, owner, (code) => (draft.owner = code));
  const send = (): void => form.onStep({ action: "own", value: input.value.trim() || null });
  return renderField(form, "step.own", input, [makeButton(form, "step-own-set", "step.own_set", send)]);
}

type Choice = readonly [value: string, words: string];

/** The names there are to choose from; where none can be had, a field for whoever knows one. */
function makeChoice(
  app: App,
  id: string,
  choices: Choice[],
  chosen: string,
  onChoose: (value: string) => void,
): HTMLSelectElement | HTMLInputElement {
  if (choices.length === 0) {
    const input = el("input", { id, autocomplete: "off", oninput: () => onChoose(input.value) });
    input.value = chosen;
    return input;
  }
  const known = chosen === "" || choices.some(([value]) => value === chosen);
  const all: Choice[] = [["", app.t("step.choose")], ...(known ? [] : [[chosen, chosen] as Choice]), ...choices];
  const options = all.map(([value, words]) => el("option", { value, selected: value === chosen }, words));
  const select = el("select", { id, onchange: () => onChoose(select.value) }, ...options);
  return select;
}

/** What a department is called; its code where its name is not known here. */
export function nameDepartment(app: App, { departments }: Takers, code: string | null): string | null {
  const known = departments.find((each) => each.code === code);
  return known ? localize(app.language, known.title) : code;
}

function renderField(form: StepsForm, key: MessageKey, input: HTMLElement, buttons: (HTMLElement | null)[], id = input.id): HTMLElement {
  const label = el("label", { for: id }, form.app.t(key));
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
