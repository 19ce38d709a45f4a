// How much of what lies below shines through, layer by layer, in percent; what is not named is as its style says. Pure.

/** Layer id -> percent, from LEAST to 99. The ground of all background layers together is called BACKGROUND. */
export type Opacity = Readonly<Record<string, number>>;

export const BACKGROUND = "background";
/** What is fainter looks as if it were switched off. */
export const LEAST = 10;
export const STEP = 5;

/** Reads `water_pipe:40,tree:70`; what in it makes no sense is left out. */
export function parseOpacity(text: string): Opacity {
  const parts = text.split(",").map((part) => /^(\w+):(\d{1,3})$/.exec(part));
  const pairs = parts.flatMap((part) => (part ? [[part[1] as string, Number(part[2])] as const] : []));
  return Object.fromEntries(pairs.filter(([, percent]) => percent >= LEAST && percent < 100));
}

/** Writes what `parseOpacity` reads back; null where nothing is said. */
export function formatOpacity(opacity: Opacity): string | null {
  const parts = Object.entries(opacity).map(([id, percent]) => `${id}:${percent}`);
  return parts.join(",") || null;
}

/** The same with one layer at another percent. */
export function setOpacity(opacity: Opacity, id: string, percent: number): Opacity {
  const { [id]: _, ...others } = opacity;
  return percent < 100 ? { ...others, [id]: Math.max(LEAST, percent) } : others;
}
