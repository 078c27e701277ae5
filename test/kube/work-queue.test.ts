import assert from "node:assert/strict";
import { mock, test } from "node:test";
import * as fc from "fast-check";
import { MAX_DELAY_MILLISECONDS, WorkQueue } from "../../src/kube/work-queue.ts";

const observer = { added: () => undefined, taken: () => undefined, retried: () => undefined };

type Step = { type: "add" | "done"; key: string } | { type: "get" };

const steps = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constantFrom("add" as const, "done" as const),
      key: fc.constantFrom("a", "b", "c"),
    }),
    fc.constant({ type: "get" as const }),
  ),
  { maxLength: 60 },
);

test("a work queue gives a key to one worker at a time and loses none", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence: Step[]) => {
      const queue = new WorkQueue<string>(observer);
      const added = new Set<string>();
      const processing = new Set<string>();
      const work = async (): Promise<void> => {
        const key = await queue.get();
        if (key === undefined) return;
        assert.ok(!processing.has(key), `two workers process ${key}`);
        assert.ok(added.delete(key), `${key} was not added`);
        processing.add(key);
      };
      const workers: Promise<void>[] = [];
      for (const step of sequence) {
        if (step.type === "get") workers.push(work());
        else if (step.type === "done") {
          if (processing.delete(step.key)) queue.done(step.key);
        } else {
          added.add(step.key);
          queue.add(step.key);
        }
        await Promise.resolve();
        await Promise.resolve();
      }
      // All keys have been processed, and three workers are waiting. The workers must process each key that is added
      // now.
      for (let repeat = 0; repeat < 2; repeat++) {
        for (const key of processing) queue.done(key);
        processing.clear();
        workers.push(...["a", "b", "c"].map(work));
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.deepEqual([...added], []);
      queue.shutDown();
      await Promise.all(workers);
    }),
  );
});

test("addAfter adds a key once, at the earliest of several times", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const queue = new WorkQueue<string>(observer);
  const taken = mock.fn<(key: string | undefined) => void>();
  void queue.get().then(taken);
  queue.addAfter("a", 1000);
  queue.addAfter("a", 100);
  queue.addAfter("a", 500);
  context.mock.timers.tick(99);
  await Promise.resolve();
  assert.equal(taken.mock.callCount(), 0);
  context.mock.timers.tick(1);
  await Promise.resolve();
  assert.deepEqual(taken.mock.calls[0]?.arguments, ["a"]);
  queue.done("a");
  void queue.get().then(taken);
  context.mock.timers.tick(5000);
  await Promise.resolve();
  assert.equal(taken.mock.callCount(), 1);
});

test("addAfter limits a delay to the longest delay of a timer", (context) => {
  const delays: (number | undefined)[] = [];
  context.mock.method(globalThis, "setTimeout", (_: () => void, delay?: number) => void delays.push(delay));
  new WorkQueue<string>(observer).addAfter("a", 90 * 24 * 3600 * 1000);
  assert.deepEqual(delays, [MAX_DELAY_MILLISECONDS]);
});

test("addRateLimited doubles the delay with each failure, respects the minimum, and starts again after forget", (context) => {
  const delays: number[] = [];
  const queue = new WorkQueue<string>(observer, { firstMilliseconds: 8, maxMilliseconds: 20 });
  context.mock.method(queue, "addAfter", (_: string, delay: number) => void delays.push(delay));
  for (let failure = 1; failure <= 3; failure++) queue.addRateLimited("a");
  queue.addRateLimited("a", 60_000);
  queue.forget("a");
  queue.addRateLimited("a");
  const [first = 0, second = 0, third = 0, withMinimum = 0, afterForget = 0] = delays;
  for (const [delay, full] of [
    [first, 8],
    [second, 16],
    [third, 20],
    [afterForget, 8],
  ] as const)
    assert.ok(delay >= full / 2 && delay <= full, `${delay} of ${full}`);
  assert.equal(withMinimum, 60_000);
});

test("a work queue that is shut down returns undefined and ignores further keys", async () => {
  const queue = new WorkQueue<string>(observer);
  const waiting = queue.get();
  queue.addAfter("delayed", 1);
  queue.shutDown();
  queue.add("a");
  assert.equal(await waiting, undefined);
  assert.equal(await queue.get(), undefined);
});
