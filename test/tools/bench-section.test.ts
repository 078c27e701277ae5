import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Figure, type Job, JOBS, type Outcome, SHORT } from "../../tools/bench/object-storage/jobs.ts";
import { sectionOf } from "../../tools/bench/object-storage/section.ts";
import { sectionIn as inPage, sectionsIn, withSection as withIn } from "../../tools/bench/page-section.ts";

const sectionIn = (page: string): string => inPage(page, "Object storage");
const withSection = (page: string, section: string): string => withIn(page, "Object storage", section);
const PAGE = "# Benchmarks\n\ntable\n\n## Method\n\nnotes\n";

function outcomeWith(seconds: number, crowd: number): Outcome {
  const figures = (value: number): Map<Job, Figure[]> =>
    new Map(JOBS.map((job) => [job, [1, 2, 3].map((one) => ({ seconds: one * value, cpuSeconds: 1 }))]));
  const memory = { crowd, idleVolume: 1, idleBucket: 1 };
  return { sizes: SHORT, runs: 3, engine: figures(seconds), bare: figures(1), volume: figures(1), memory };
}

test("the section about object storage is added to a page, replaced, and followed by the method", () => {
  const first = sectionOf(outcomeWith(1, 1));
  const second = sectionOf(outcomeWith(2, 1));
  assert.equal(sectionIn(PAGE), "");
  assert.equal(sectionIn(withSection(PAGE, first)), first);
  assert.equal(withSection(withSection(PAGE, first), second), withSection(PAGE, second));
  assert.ok(withSection(PAGE, first).endsWith("\n\n## Method\n\nnotes\n"));
});

test("the sections of separate benchmarks keep their order on the page", () => {
  const [one, other] = ["## Object storage\n\none\n", "## Notifications\n\nother\n"];
  const page = withSection(withIn(PAGE, "Notifications", other), one);
  assert.equal(page, withIn(withSection(PAGE, one), "Notifications", other));
  assert.equal(sectionsIn(page), `${one}\n${other}`);
  assert.equal(withIn(page, "Notifications", other), page);
});

test("the section shows medians, and goals that are missed", () => {
  const section = sectionOf(outcomeWith(2, 257 * 2 ** 20));
  assert.match(section, /4\.00 \(2\.00–6\.00\) \| 2\.00 \(1\.00–3\.00\) .* 0\.50, goal ≥ 0\.9: missed/u);
  assert.match(section, /257 MiB \| ≤ 256 MiB: missed/u);
});

test("docs/reference/benchmarks.md has a row for each job (run `make bench-object-storage`)", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/reference/benchmarks.md"), "utf8");
  assert.equal(sectionIn(page).match(/^\| 16 \| (?:up|down)load/gmu)?.length, JOBS.length);
});
