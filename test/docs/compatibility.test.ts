import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { playEngine } from "../../tools/compat/servers.ts";
import { compatibilityPage, differences, PAGE, readMeasured } from "../../tools/compat/page.ts";
import { PROBES } from "../../tools/compat/probes.ts";
import { REASONS } from "../../tools/compat/reasons.ts";

describe("the comparison with vsftpd", () => {
  const measured = readMeasured();
  let ours: Map<string, string>;
  before(async () => void (ours = await playEngine(PROBES)));

  test("has an outcome of vsftpd for every probed line, and for no other line", () => {
    assert.deepEqual(
      Object.keys(measured.outcomes).toSorted(),
      [...PROBES.keys()].toSorted(),
      "run make compat",
    );
  });

  test("has a reason for every difference, and a difference for every reason", () => {
    const all = differences(measured, ours);
    const covering = (difference: (typeof all)[number]) => REASONS.find(({ covers }) => covers(difference));
    assert.deepEqual(
      all.filter((difference) => covering(difference) === undefined),
      [],
    );
    const used = new Set(all.map(covering));
    assert.deepEqual(
      REASONS.filter((reason) => !used.has(reason)).map(({ title }) => title),
      [],
    );
  });

  test("matches docs/reference/compatibility.md", () => {
    assert.equal(readFileSync(PAGE, "utf8"), compatibilityPage(measured, ours), "run npm run generate");
  });
});
