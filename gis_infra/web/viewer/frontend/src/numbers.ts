// Numbers as people type them: both decimal signs are read, and signs that set thousands apart where it is plain that they do. Pure.

// "1.000" or "1,000": a thousand, or one to three decimals. A nought before it is decimal for certain.
const TWOFOLD = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;

/** Whether a text reads as a number with three decimals and as one of thousands. */
export function isTwofold(text: string): boolean {
  return TWOFOLD.test(text);
}

/** The number that a text writes, undefined if it is none. countsWhole: what reads both ways is meant in thousands. */
export function readNumber(text: string, countsWhole: boolean): number | undefined {
  const bare = text.trim().replace(/(?<=\d)\s(?=\d{3}(\D|$))/g, "");
  return readDecimal(countsWhole && isTwofold(bare) ? bare.replace(/[.,]/, "") : ungroup(bare));
}

/** Takes out the signs that set thousands apart, where it is plain that they do: 2.500,5 and 1,000,000. */
function ungroup(text: string): string {
  const found = /^[+-]?\d{1,3}(?:([.,])\d{3}(?:\1\d{3})*)([.,]\d+)?$/.exec(text);
  const [, sign, rest] = found ?? [];
  const isPlain = sign !== undefined && (rest !== undefined ? rest[0] !== sign : text.split(sign).length > 2);
  return isPlain ? text.split(sign).join("") : text;
}

function readDecimal(text: string): number | undefined {
  const number = Number(text.replace(",", "."));
  return /^[+-]?\d+([.,]\d+)?$/.test(text) && Number.isFinite(number) ? number : undefined;
}
