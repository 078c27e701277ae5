import assert from "node:assert/strict";
import { test } from "node:test";
import { casesFor, FULL } from "../../tools/bench/fairness/cases.ts";
import type { Figure } from "../../tools/bench/fairness/measurement.ts";
import { type Result, sectionOf } from "../../tools/bench/fairness/section.ts";

const MIB = 2 ** 20;

function figure(p99: number, max: number, memory: number): Figure {
  return { noop: { p99, max }, healthz: { p99: 1, max: 2 }, memory: memory * MIB };
}

function rowsWith(engine: Figure[]): string[] {
  const results = casesFor(FULL).map(
    (one): Result => ({ ...one, engine, vsftpd: one.hasPeer ? [figure(3, 4, 5)] : [] }),
  );
  return sectionOf(results, engine.length)
    .split("\n")
    .filter((line) => line.startsWith("| 15 |"));
}

test("the section about fairness has a row with medians for each load", () => {
  const rows = rowsWith([figure(20, 90, 250), figure(10, 100, 256), figure(30, 300, 300)]);
  assert.equal(rows.length, casesFor(FULL).length);
  const cells = "20.00 (10.00–30.00) | 100.00 (90.00–300.00) | 1.00 (1.00–1.00) | 2.00 (2.00–2.00) | 256";
  assert.equal(rows[0], `| 15 | none | ${cells} | 3.00 (3.00–3.00) | 4.00 (4.00–4.00) | met |`);
  assert.equal(rows[2], `| 15 | MLSD of 100000 entries | ${cells} | – | – | met |`);
});

test("the section about fairness shows missed goals", () => {
  for (const missed of [figure(20.1, 90, 250), figure(20, 101, 250), figure(20, 90, 257)])
    assert.match(rowsWith([missed])[0] ?? "", /\| missed \|$/u);
});
