// Whom to ask about a feature and what became of it, fetched when somebody opens it.

import { type Contact, ask, getAddress } from "../api";
import type { App } from "../app";
import type { Finding, FindingGroup } from "../config";
import { el } from "../dom";
import { renderContact } from "../works/answer";
import { getReason, note } from "./panel";

interface Version {
  number: number;
  began: string;
  /** By whom and by what road, in words. */
  made: string;
  is_first: boolean;
  changes: { title: string; old: string; new: string }[];
  /** What became of the shape, in words. */
  shape: string;
}

interface Facts {
  history: { count: number; page: string; versions: Version[] } | null;
  contacts: (Contact & { owner: string })[];
  contacts_of: "owner" | "sector" | null;
}

export class FindingFacts {
  private known = new Map<string, Promise<Facts>>();

  constructor(private readonly app: App) {}

  /** Lets go of all that was fetched: another place, or another language. */
  forget(): void {
    this.known = new Map();
  }

  /** An empty place that `fill` fills. */
  makePlace(): HTMLElement {
    return el("div", { class: "facts" });
  }

  /** Fetches the facts of a feature, once, and shows them. */
  async fill(place: HTMLElement, group: FindingGroup, finding: Finding): Promise<void> {
    const path = `viewer/facts/${group.id}/${finding.id}?lang=${this.app.language}`;
    const asked = this.known.get(path) ?? ask<Facts>(path);
    this.known.set(path, asked);
    try {
      const facts = await asked;
      place.replaceChildren(...this.renderContacts(finding, facts), ...this.renderHistory(facts));
    } catch (error) {
      this.known.delete(path);
      place.replaceChildren(note(getReason(this.app, error), "error"));
    }
  }

  private renderContacts(finding: Finding, { contacts, contacts_of }: Facts): HTMLElement[] {
    const owner = finding.attributes.find(({ name }) => name === "owner")?.value;
    const title = el("h4", {}, this.app.t("facts.contacts"));
    if (contacts.length > 0) {
      const rows = contacts.flatMap((contact) => [el("dt", {}, contact.owner), renderContact(contact)]);
      const why = contacts_of === "sector" ? [el("p", { class: "aside" }, this.app.t("facts.of_sector"))] : [];
      return [title, ...why, el("dl", { class: "owners" }, el("div", {}, ...rows))];
    }
    if (owner === undefined) {
      return [];
    }
    const key = this.app.config.user === null ? "facts.sign_in" : "facts.no_contact";
    return [title, el("p", { class: "aside" }, this.app.t(key, { owner: String(owner) }))];
  }

  private renderHistory({ history }: Facts): HTMLElement[] {
    if (history === null) {
      return [];
    }
    const versions = history.versions.map((version) => this.renderVersion(version));
    const link = el("a", { href: getAddress(history.page), target: "_blank", rel: "noopener" }, this.app.t("facts.whole_history"));
    const summary = el("summary", {}, this.app.t("facts.history", { count: this.app.number(history.count) }));
    return [el("details", { class: "more versions" }, summary, el("ol", {}, ...versions), link)];
  }

  private renderVersion(version: Version): HTMLElement {
    const head = [version.began, version.made].filter(Boolean).join(", ");
    const changes = version.changes.map((change) =>
      el("li", {}, `${change.title}: `, el("span", { class: "old" }, change.old || "–"), " → ", el("b", {}, change.new || "–")),
    );
    const lines = [
      ...(version.is_first ? [el("li", {}, this.app.t("facts.created"))] : []),
      ...changes,
      ...(version.shape ? [el("li", {}, version.shape)] : []),
    ];
    return el("li", { value: version.number }, head, el("ul", {}, ...lines));
  }
}
