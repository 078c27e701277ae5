import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { factDays, timeValue } from "../../../src/engine/protocol/facts.ts";
import { listDays, listLine } from "../../../src/engine/protocol/list-lines.ts";

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
const NOW = Date.parse("2026-06-15T12:00:00Z");

/** Times in pairs that surround the start of a day, of a year and of the epoch. */
const TIMES = [
  "2026-06-14",
  "2026-06-15",
  "2024-02-29",
  "2026-01-01",
  "1970-01-01",
  "1969-12-31",
  "0000-01-01",
]
  .map((day) => Date.parse(`${day}T00:00:00Z`))
  .flatMap((start) => [start, start + SECOND - 1, start + DAY - 1, start + DAY, start + DAY - SECOND])
  .map((time) => new Date(time));

describe("times of a listing", () => {
  test("are those of each entry in MLSD", () => {
    const days = factDays();
    for (const time of TIMES)
      assert.equal(timeValue(time, days), time.toISOString().slice(0, 19).replaceAll(/[^\d]/gu, ""));
  });

  test("are those of each entry in LIST", () => {
    const days = listDays();
    for (const modified of TIMES) {
      const entry = { name: "f", type: "File", size: 0, modified, unique: "u", mode: 0o644 } as const;
      const [, day = "", month = "", year = "", clock = ""] = modified.toUTCString().split(" ");
      const isRecent = modified.getTime() <= NOW + DAY && modified.getTime() >= NOW - 180 * DAY;
      const expected = `${month} ${String(Number(day)).padStart(2)} ${isRecent ? clock.slice(0, 5) : ` ${year}`}`;
      assert.equal(
        listLine(entry, NOW, days),
        `-rw-r--r--    1 ftp      ftp                 0 ${expected} f`,
      );
    }
  });
});
