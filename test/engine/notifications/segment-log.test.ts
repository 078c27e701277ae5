/** Tests undelivered events on a volume. */
import assert from "node:assert/strict";
import { appendFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { array, assert as check, asyncProperty, constantFrom } from "fast-check";
import { MAX_BYTES_AT_ONCE } from "../../../src/engine/notifications/limits.ts";
import { SegmentLog } from "../../../src/engine/notifications/outbox/volume/segment-log.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";

test("a log never exceeds its size and reports the discarded events", async () => {
  await inTemporaryFolder(async (directory) => {
    const log = await SegmentLog.open(directory, { segmentBytes: 1000, storedBytes: 5000 });
    let discarded = 0;
    for (let index = 0; index < 500; index++) {
      discarded += await log.append([`line ${index}`.padEnd(99)], false);
      assert.ok(log.bytes <= 5000 + 100);
    }
    assert.equal(log.pending + discarded, 500);
    const lines = await log.read();
    assert.equal(lines[0]?.text.trim(), `line ${discarded}`);
    await log.close();
  });
});

test("a log keeps the order of lines from synchronous and asynchronous writes, in memory and in files", async () => {
  await check(
    asyncProperty(
      array(constantFrom("now", "later", "read"), { maxLength: 60 }),
      async (steps) =>
        await inTemporaryFolder(async (directory) => {
          const limits = { segmentBytes: 200, storedBytes: 100_000, recentBytes: 100 };
          const log = await SegmentLog.open(directory, limits);
          const [expected, found]: [string[], string[]] = [[], []];
          for (const [index, step] of [...steps, ...steps.map(() => "read")].entries()) {
            if (step === "read") found.push(...(await log.read()).map(({ text }) => text));
            else if (step === "now" && log.appendNow([`line ${index}`, "文"]))
              expected.push(`line ${index}`, "文");
            else if (step === "later") {
              await log.append([`line ${index}`], false);
              expected.push(`line ${index}`);
            }
          }
          assert.deepEqual(found, expected);
          assert.equal(log.pending, expected.length);
          await log.close();
          const reopened = await SegmentLog.open(directory, limits);
          assert.equal(reopened.pending, expected.length);
          assert.equal(reopened.appendNow(["line"]), false);
          await reopened.close();
        }),
    ),
    { numRuns: 50 },
  );
});

test("a log rejects a synchronous write when its size would exceed the maximum", async () => {
  await inTemporaryFolder(async (directory) => {
    const log = await SegmentLog.open(directory, { storedBytes: 20 });
    await log.append(["line"], false);
    assert.equal(log.appendNow(["another line"]), true);
    assert.equal(log.appendNow(["another line"]), false);
    assert.equal(log.pending, 2);
    await log.close();
  });
});

test("a log rejects lines that exceed the maximum size of one synchronous write", async () => {
  await inTemporaryFolder(async (directory) => {
    const log = await SegmentLog.open(directory);
    await log.append(["line"], false);
    const lines = Array.from({ length: MAX_BYTES_AT_ONCE / 1024 }, () => "x".repeat(1023));
    assert.equal(log.appendNow([...lines, ""]), false);
    assert.equal(log.appendNow(lines), true);
    assert.equal(log.pending, 1 + lines.length);
    await log.close();
  });
});

test("a log ignores a line that a crash has truncated, and continues in a new file", async () => {
  await inTemporaryFolder(async (directory) => {
    const log = await SegmentLog.open(directory);
    await log.append(["one", "two"], true);
    await log.close();
    const [name = ""] = await readdir(directory);
    await appendFile(join(directory, name), "trunc");
    const next = await SegmentLog.open(directory);
    assert.equal(next.pending, 2);
    await next.append(["three"], false);
    const texts: string[] = [];
    for (let lines = await next.read(); lines.length > 0; lines = await next.read())
      texts.push(...lines.map(({ text }) => text));
    assert.deepEqual(texts, ["one", "two", "three"]);
    await next.close();
  });
});
