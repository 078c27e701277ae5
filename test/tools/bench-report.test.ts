/** Tests the tables and the raw data of `make bench`. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { median } from "../../tools/bench/cells.ts";
import {
  baselineTable,
  cpuTable,
  rawData,
  table,
  type Figure,
  type Result,
} from "../../tools/bench/report.ts";
import { rowsFor } from "../../tools/bench/rows.ts";
import { SHORT } from "../../tools/bench/files.ts";
import { BASELINE, SERVERS, type ServerName } from "../../tools/bench/setups.ts";

const rows = rowsFor(SHORT);
const smallFiles = rows.find(({ mostCpu }) => mostCpu !== undefined) ?? assert.fail("no row for small files");
const logins = rows.find(({ unit }) => unit === "logins/s") ?? assert.fail("no row for logins");
const crowd =
  rows.find(({ mostCost }) => mostCost !== undefined) ?? assert.fail("no row for simultaneous logins");
const idleMemory = rows.find(({ unit }) => unit === "KB/session") ?? assert.fail("no row for memory");

/** Returns measurements with CPU times in milliseconds. */
function figures(value: number, milliseconds: number): Figure[] {
  return [value, value * 2].map((one) => ({ value: one, cpuPerItem: milliseconds / 1000 }));
}

function resultOf(row: Result["row"], servers: Partial<Record<ServerName, Figure[]>>): Result {
  const names: readonly ServerName[] = [...SERVERS, BASELINE];
  const entries = names.flatMap((name): [ServerName, Figure[]][] => {
    const list = servers[name];
    return list === undefined ? [] : [[name, list]];
  });
  return { row, figures: new Map(entries), failed: new Set() };
}

describe("make bench", () => {
  test("uses the mean of the two middle values as the median of an even number of runs", () => {
    assert.deepEqual([median([4, 1, 3, 2]), median([3, 1, 2]), median([5])], [2.5, 2, 5]);
    assert.ok(Number.isNaN(median([])));
  });

  for (const [milliseconds, verdict] of [
    [2, "2.00 x vsftpd, goal ≤ 1.3: missed"],
    [1, "1.00 x vsftpd, goal ≤ 1.3: met"],
  ] as const)
    test(`compares ${milliseconds} ms of CPU time per file with vsftpd`, () => {
      const servers = { "ftp-operator": figures(10, milliseconds), vsftpd: figures(10, 1) };
      const table = cpuTable([resultOf(smallFiles, servers)]);
      assert.ok(table.includes(`| ${verdict} |`), table);
      assert.ok(table.includes("| ms/file |"), table);
    });

  test("compares logins with the best server, and with the better server that forks", () => {
    const servers = {
      "ftp-operator": figures(10, 1),
      vsftpd: figures(3, 1),
      proftpd: figures(1, 1),
      "pure-ftpd": figures(2, 1),
      pyftpdlib: figures(20, 1),
    };
    const verdict = "0.50, goal ≥ 1: missed; 5.00 x the better of proftpd and pure-ftpd, goal ≥ 10: missed";
    assert.match(table([resultOf(logins, servers)], []), new RegExp(`\\| ${verdict} \\|$`, "u"));
  });

  for (const [cost, verdict] of [
    [10, "1.50 x hashing on all cores (10.0 s), goal ≤ 1: missed"],
    [20, "0.75 x hashing on all cores (20.0 s), goal ≤ 1: met"],
  ] as const)
    test(`compares simultaneous logins with ${cost} s of hashing`, () => {
      const servers = {
        "ftp-operator": figures(10, 1).map((figure) => ({ ...figure, cost })),
        proftpd: figures(1, 1),
      };
      assert.ok(table([resultOf(crowd, servers)], []).endsWith(`| ${verdict} |`));
    });

  test("states that a comparison is invalid when a server failed", () => {
    const servers = { "ftp-operator": figures(10, 1), vsftpd: figures(1, 1) };
    const failed = new Set(["proftpd"] as const);
    assert.match(
      table([{ ...resultOf(smallFiles, servers), failed }], []),
      /\| invalid: proftpd failed \|$/u,
    );
  });

  test("states no ratio of the CPU time without the other server, or without CPU time", () => {
    for (const servers of [
      { "ftp-operator": figures(10, 1) },
      { "ftp-operator": figures(10, 1), vsftpd: figures(10, 0) },
    ])
      assert.match(cpuTable([resultOf(smallFiles, servers)]), /\| – \|$/u);
  });

  test("compares two builds by their results and by their CPU time", () => {
    const servers = { "ftp-operator": figures(30, 1), baseline: figures(20, 2) };
    assert.match(baselineTable([resultOf(smallFiles, servers)]), /\| 1\.50 x \| 0\.50 x \|$/u);
    assert.match(baselineTable([resultOf(idleMemory, servers)]), /\| 0\.67 x \| – \|$/u);
  });

  test("writes CPU times to the raw data only for rows with an item", () => {
    const servers = { "ftp-operator": figures(30, 1) };
    const results = [resultOf(smallFiles, servers), resultOf(idleMemory, servers)];
    const data = rawData({ results, starts: [], versions: new Map() });
    assert.deepEqual(
      data.rows.map((row) => row.figures),
      [servers, { "ftp-operator": [{ value: 30 }, { value: 60 }] }],
    );
  });
});
