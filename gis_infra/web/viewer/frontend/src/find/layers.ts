// Layers by what they are called: who types "trụ nước" may mean all of them. Pure.

import type { LayerConfig } from "../config";

const MOST = 4;
const SHORTEST = 3;

/** Letters without marks and case, as the server reads what is looked for. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();
}

/** The layers with something in them whose titles hold every word of a text, those that begin with it first. */
export function findLayers(text: string, layers: readonly LayerConfig[]): LayerConfig[] {
  const wanted = fold(text);
  if (wanted.length < SHORTEST) {
    return [];
  }
  const words = wanted.split(" ");
  const named = layers.filter(({ title, count }) => count > 0 && words.every((word) => ` ${fold(title)}`.includes(` ${word}`)));
  const rank = ({ title }: LayerConfig): number => Number(!fold(title).startsWith(wanted));
  return named.sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

/** Whether a text is written as coordinates are: numbers, their marks, and no other words. */
export function isLikeCoordinates(text: string): boolean {
  return /^[\d\s.,;:°º'’"”=+\-NSEWXYBĐ]+$/iu.test(text) && /\d/.test(text);
}
