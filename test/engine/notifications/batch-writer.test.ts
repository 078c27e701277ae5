/** Tests when events are written, and when the replies to clients stop waiting. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { OUTBOX_DIRECTORY } from "../../../src/api/engine-notifications.ts";
import { createMetrics } from "../../../src/engine/metrics/metrics.ts";
import { MAX_RECORD_WAIT, MAX_UNWRITTEN_BYTES } from "../../../src/engine/notifications/limits.ts";
import { Notifications } from "../../../src/engine/notifications/notifications.ts";
import { BatchWriter, type WriteBatch } from "../../../src/engine/notifications/outbox/batch-writer.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { testConfig, TestLog } from "../../support/engine/server.ts";
import { notificationsTo } from "../../support/notifications/notified-engine.ts";

/** Writer whose writes take until `end` is called, unless `isFast` is set. */
class TestWriter {
  readonly clock = new ManualClock();
  /** Lines of each write. */
  readonly writes: Record<string, readonly string[]>[] = [];
  readonly released: string[] = [];
  readonly writer: BatchWriter;
  isFast = false;
  end = (): void => undefined;

  constructor() {
    const write: WriteBatch = (batch) => {
      this.writes.push(Object.fromEntries(batch));
      if (this.isFast) return undefined;
      return new Promise((resolve) => (this.end = resolve));
    };
    this.writer = new BatchWriter(write, this.clock);
  }

  add(line: string, logs = ["one"]): void {
    const stored = this.writer.add(logs, line) ?? assert.fail();
    void stored.then(() => this.released.push(line));
  }
}

test("the lines from one event-loop tick share one write for each log", async () => {
  const tested = new TestWriter();
  tested.isFast = true;
  tested.add("a");
  await Promise.resolve();
  tested.add("b", ["one", "two"]);
  assert.deepEqual([tested.writes, tested.released], [[], []]);
  await nextTick();
  assert.deepEqual([tested.writes, tested.released], [[{ one: ["a", "b"], two: ["b"] }], ["a", "b"]]);
  assert.equal(tested.clock.pending, 0);
});

test("the lines that arrive during a write share the next write", async () => {
  const tested = new TestWriter();
  tested.add("a");
  await nextTick();
  for (const line of ["b", "c"]) tested.add(line);
  await nextTick();
  assert.deepEqual([tested.writes, tested.released], [[{ one: ["a"] }], []]);
  tested.end();
  await nextTick();
  assert.deepEqual([tested.writes, tested.released], [[{ one: ["a"] }, { one: ["b", "c"] }], ["a"]]);
  tested.end();
  await nextTick();
  assert.deepEqual(tested.released, ["a", "b", "c"]);
  assert.equal(tested.clock.pending, 0);
});

test("no line waits for longer than the maximum", async () => {
  const tested = new TestWriter();
  tested.add("a");
  await nextTick();
  tested.clock.advance(MAX_RECORD_WAIT / 2);
  tested.add("b");
  tested.clock.advance(MAX_RECORD_WAIT / 2 - 1);
  await nextTick();
  assert.deepEqual(tested.released, []);
  tested.clock.advance(1);
  await nextTick();
  assert.deepEqual(tested.released, ["a"]);
  tested.clock.advance(MAX_RECORD_WAIT / 2);
  await nextTick();
  assert.deepEqual(tested.released, ["a", "b"]);
});

test("waiting lines never exceed the maximum size", async () => {
  const tested = new TestWriter();
  const line = "x".repeat(MAX_UNWRITTEN_BYTES / 4);
  for (let index = 0; index < 2; index++) tested.add(line, ["one", "two"]);
  assert.equal(tested.writer.add(["one"], "x"), undefined);
  await nextTick();
  tested.add(line);
});

test("the end of a writer waits for all writes", async () => {
  const tested = new TestWriter();
  tested.add("a");
  const drained = tested.writer.drain();
  tested.add("b");
  await nextTick();
  assert.deepEqual(tested.writes, [{ one: ["a"] }]);
  for (const expected of [["a"], ["a", "b"]]) {
    tested.end();
    await nextTick();
    assert.deepEqual(tested.released, expected);
  }
  await drained;
  await nextTick();
  assert.equal(tested.writes.length, 2);
});

/** Returns the text of all stored events in an outbox. */
async function storedText(root: string): Promise<string> {
  const files = await readdir(join(root, OUTBOX_DIRECTORY), { recursive: true });
  const logs = files.filter((name) => name.endsWith(".log"));
  const texts = logs.map((name) => readFile(join(root, OUTBOX_DIRECTORY, name), "utf8"));
  return (await Promise.all(texts)).join("");
}

test("events that are lost while the outbox is being opened are reported until the next write", async () => {
  await inTemporaryFolder(async (root) => {
    const notifications = notificationsTo("http://127.0.0.1:9/", root);
    const parts = { clock: new ManualClock(), log: new TestLog(), observer: createMetrics() };
    const recorder = new Notifications(testConfig({ storage: { root }, notifications }), parts);
    await using _ends = { [Symbol.asyncDispose]: () => recorder.close() };
    const account = { name: "alice", homeDirectory: "/", mounts: [] };
    const path = `/${"x".repeat(4000)}`;
    const stored = Array.from({ length: Math.ceil(MAX_UNWRITTEN_BYTES / path.length) }, () =>
      recorder.record({ type: "FileUploaded", account, client: "192.0.2.1", path }),
    );
    assert.ok(stored.includes(undefined));
    assert.deepEqual(
      recorder.reports?.map(({ reason }) => reason),
      ["OutboxUnavailable"],
    );
    for (const one of stored) await one;
    assert.ok(recorder.reports?.every(({ reason }) => reason !== "OutboxUnavailable"));
  });
});

// The engine sends reply 226 after these promises have resolved.
test("events are in the outbox when their record ends", async () => {
  await inTemporaryFolder(async (root) => {
    const notifications = notificationsTo("http://127.0.0.1:9/", root);
    // The time of this clock does not advance. Each promise from `record` therefore resolves only after its event is
    // stored.
    const parts = { clock: new ManualClock(), log: new TestLog(), observer: createMetrics() };
    const recorder = new Notifications(testConfig({ storage: { root }, notifications }), parts);
    await using _ends = { [Symbol.asyncDispose]: () => recorder.close() };
    // While the outbox is being opened, no event is lost, so the report contains no failure.
    assert.deepEqual(recorder.reports, []);
    const account = { name: "alice", homeDirectory: "/", mounts: [] };
    for (let round = 0; round < 20; round++) {
      const names = Array.from({ length: 4 }, (_, index) => `/file-${round}-${index}`);
      await Promise.all(
        names.map(async (path) => {
          await recorder.record({ type: "FileUploaded", account, client: "192.0.2.1", path });
          assert.ok((await storedText(root)).includes(`"subject":"${path}"`), path);
        }),
      );
    }
  });
});
