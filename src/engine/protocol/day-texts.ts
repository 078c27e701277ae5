const DAY_MILLISECONDS = 24 * 3600 * 1000;
/** Texts for the numbers from 0 to 99. A table is faster than `padStart`. */
const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));

/**
 * Formats the UTC days of the entries in a listing. Keeps the text for the day of the previous entry, because entries
 * often have the same day.
 */
export class DayTexts {
  readonly #format: (time: Date) => string;
  #day = Number.NaN;
  #text = "";

  /** @param format returns the text for the day of a time */
  constructor(format: (time: Date) => string) {
    this.#format = format;
  }

  /** Returns the text for the day of a time. */
  of(time: Date): string {
    const day = dayOf(time);
    if (day === this.#day) return this.#text;
    this.#day = day;
    return (this.#text = this.#format(time));
  }
}

/** Returns the number of complete seconds since the start of the UTC day. */
export function secondOfDay(time: Date): number {
  return Math.floor((time.getTime() - dayOf(time) * DAY_MILLISECONDS) / 1000);
}

/** Returns the number of days since the epoch. */
function dayOf(time: Date): number {
  return Math.floor(time.getTime() / DAY_MILLISECONDS);
}

/** Returns a number from 0 to 99 with two digits. */
export function twoDigits(number: number): string {
  return TWO_DIGITS[number] ?? "";
}
