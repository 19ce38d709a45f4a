// The layer in hand and the table of its rows as the page's address holds them: layer:open:sort:page:column,column. Pure.

/** columns: none for those the user keeps for the layer, or the usual ones. page: from 0. */
export interface TableState {
  layer: string;
  isOpen: boolean;
  sort: string | null;
  page: number;
  columns: readonly string[];
}

const NAME = /^[a-z]\w{0,62}$/;
const SORT = /^-?[a-z]\w{0,62}$/;
const MOST_PAGES = 20_000;
const MOST_COLUMNS = 100;

/** The text that `parseTable` reads back; it needs no escaping in an address. */
export function formatTable({ layer, isOpen, sort, page, columns }: TableState): string {
  const parts = [layer, isOpen ? "open" : "", sort ?? "", page > 0 ? String(page) : "", columns.join(",")];
  return parts.join(":").replace(/:+$/, "");
}

/** Reads the table of an address; null where that names no layer, defaults for what makes no sense. */
export function parseTable(text: string): TableState | null {
  const [layer = "", open = "", sort = "", page = "", columns = ""] = text.split(":");
  if (!NAME.test(layer)) {
    return null;
  }
  return {
    layer,
    isOpen: open === "open",
    sort: SORT.test(sort) ? sort : null,
    page: /^\d{1,5}$/.test(page) ? Math.min(Number(page), MOST_PAGES) : 0,
    columns: columns.split(",").filter((name) => NAME.test(name)).slice(0, MOST_COLUMNS),
  };
}
