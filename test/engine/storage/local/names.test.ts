import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { IoScheduler } from "../../../../src/engine/storage/local/system/io-scheduler.ts";
import { readNames } from "../../../../src/engine/storage/local/system/names.ts";
import { TestHome } from "../../../support/engine/test-home.ts";

const home = new TestHome();

describe("readNames", () => {
  // id: hidden-names-2
  for (const kind of ["local", "remote"] as const)
    it(`yields each name once, with any bytes, on a ${kind} volume`, async () => {
      const scheduler = new IoScheduler(kind === "local");
      const expected: string[] = [];
      for (let index = 0; index < 300; index++) {
        for (const [bytes, text] of [
          ["plain", "plain"],
          ["\xc3\xa9", "é"],
          ["\xe9", "\udce9"],
          ["\xef\xbf\xbd", "\ufffd"],
        ] as const) {
          writeFileSync(Buffer.from(`${home.at()}/${index}${bytes}`, "latin1"), "");
          expected.push(`${index}${text}`);
        }
      }
      const batches = await Array.fromAsync(readNames(home.at(), 128, scheduler));
      assert.ok(batches.every((names) => names.length > 0 && names.length <= 128));
      assert.deepEqual(batches.flat().toSorted(), expected.toSorted());
    });
});
