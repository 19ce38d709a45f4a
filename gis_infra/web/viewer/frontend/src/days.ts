// Days as people write them: 25/12/2020, whatever the language of the browser. Kept and sent as 2020-12-25. Pure.

/** A day as it stands in its input; what is no day as it was typed. */
export function writeDay(day: string): string {
  return day.replace(/^(\d{4})-(\d{2})-(\d{2})$/, "$3/$2/$1");
}

/** The day that a text names, written 25/12/2020, with points or hyphens too, or 2020-12-25; undefined if there is no such day. */
export function readDay(text: string): string | undefined {
  const plain = text.trim();
  const european = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/.exec(plain);
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(plain);
  const parts = european ? [european[4], european[3], european[1]] : iso ? iso.slice(1) : null;
  if (parts === null) {
    return undefined;
  }
  const day = parts.map((part) => String(part).padStart(2, "0")).join("-");
  return isDay(day) ? day : undefined;
}

/** Whether a text is a day of the calendar, as 2020-12-25. */
export function isDay(text: string): boolean {
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  // A thirtieth of February would be taken for the first of March.
  return moment !== null && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}
