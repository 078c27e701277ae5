/** Tests docs/reference/capacity.md, which `make bench` writes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { RawData } from "../../tools/bench/report.ts";
import { capacityPage, lastRun } from "../../tools/docs/capacity-page.ts";
import { pathOf, plotsOf } from "../../tools/docs/plots.ts";

/** Returns a row with two measurements of the engine and one of vsftpd. */
function rowOf(
  row: Omit<RawData["rows"][number], "title" | "figures">,
  [first, second, vsftpd]: readonly [number, number, number],
): RawData["rows"][number] {
  const figure = (one: number) => ({ value: one, ...(row.item === undefined ? {} : { cpuPerItem: one }) });
  const figures = { "ftp-operator": [figure(first), figure(second)], vsftpd: [figure(vsftpd)] };
  return { ...row, title: `title of row ${row.number}`, figures };
}

const DATA: RawData = {
  machine: "2 × CPU",
  versions: { "ftp-operator": "this commit", vsftpd: "3", proftpd: "1" },
  rows: [
    rowOf({ number: "1", unit: "MB/s", item: "GiB" }, [1, 1, 1]),
    rowOf({ number: "4", unit: "files/s", item: "file" }, [0.0002, 0.0004, 0.0001]),
    rowOf({ number: "5a", unit: "logins/s", item: "login" }, [0.001, 0.001, 0]),
    rowOf({ number: "6", unit: "KB/session" }, [8, 8, 160]),
    rowOf({ number: "3", unit: "MB/s", item: "GiB" }, [2, 4, 1]),
  ],
  starts: [0.2],
};

test("docs/reference/capacity.md matches docs/reference/benchmarks.json", () => {
  assert.equal(readFileSync(pathOf("capacity"), "utf8"), capacityPage(lastRun()), "run npm run generate");
});

test("the page about capacity converts memory and CPU time, and omits plain transfers", () => {
  const rows = capacityPage(DATA)
    .split("\n")
    .filter((line) => line.includes("title of row"));
  assert.deepEqual(rows, [
    "| 6 | title of row 6 | sessions/GiB | 134218 (134218–134218) | 6711 | – |",
    "| 4 | title of row 4 | files/s per core | 3750 (2500–5000) | 10000 | – |",
    "| 3 | title of row 3 | MiB/s per core | 384 (256–512) | 1024 | – |",
    "| 5a | title of row 5a | logins/s per core | 1000 (1000–1000) | – | – |",
    "| 6 | title of row 6 | 1000 sessions | 8 MiB |",
    "| 4 | title of row 4 | 100 files/s | 0.03 cores |",
    "| 3 | title of row 3 | 100 MiB/s | 0.26 cores |",
    "| 5a | title of row 5a | 100 logins/s | 0.10 cores |",
  ]);
});

test("the page about capacity shows a plot for each measure, and none before the first complete run", () => {
  const page = capacityPage(DATA);
  const shown = [...page.matchAll(/\(plots\/([^)]+)\)/gu)].map(([, file]) => file);
  assert.deepEqual([...plotsOf("capacity", page).keys()], shown);
  for (const [file, svg] of plotsOf("capacity", page)) assert.match(svg, /title of row/u, file);
  assert.equal(plotsOf("capacity", capacityPage(undefined)).size, 0);
});
