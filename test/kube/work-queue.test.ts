import assert from "node:assert/strict";
import { mock, test } from "node:test";
import * as fc from "fast-check";
import { MAX_DELAY_MILLISECONDS, WorkQueue } from "../../src/kube/work-queue.ts";

const observer = { added: () => undefined, taken: () => undefined, retried: () => undefined };

type Step = { type: "add" | "done"; key: string } | { type: "take" };

const steps = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constantFrom("add" as const, "done" as const),
      key: fc.constantFrom("a", "b", "c"),
    }),
    fc.constant({ type: "take" as const }),
  ),
  { maxLength: 60 },
);

test("one key is never in two hands, and none is lost", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence: Step[]) => {
      const queue = new WorkQueue<string>(observer);
      const owed = new Set<string>();
      const held = new Set<string>();
      const hold = async (): Promise<void> => {
        const key = await queue.get();
        if (key === undefined) return;
        assert.ok(!held.has(key), `${key} is in two hands`);
        assert.ok(owed.delete(key), `${key} came without an add`);
        held.add(key);
      };
      const takers: Promise<void>[] = [];
      for (const step of sequence) {
        if (step.type === "take") takers.push(hold());
        else if (step.type === "done") {
          if (held.delete(step.key)) queue.done(step.key);
        } else {
          owed.add(step.key);
          queue.add(step.key);
        }
        await Promise.resolve();
        await Promise.resolve();
      }
      // Whatever is in work ends, and enough hands ask: each key that was added must come.
      for (let round = 0; round < 2; round++) {
        for (const key of held) queue.done(key);
        held.clear();
        takers.push(...["a", "b", "c"].map(hold));
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.deepEqual([...owed], []);
      queue.shutDown();
      await Promise.all(takers);
    }),
  );
});

test("of several later times the earliest counts, once", async (context) => {
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

test("a delay longer than timers can keep does not fire at once", (context) => {
  const delays: (number | undefined)[] = [];
  context.mock.method(globalThis, "setTimeout", (_: () => void, delay?: number) => void delays.push(delay));
  new WorkQueue<string>(observer).addAfter("a", 90 * 24 * 3600 * 1000);
  assert.deepEqual(delays, [MAX_DELAY_MILLISECONDS]);
});

test("failures of one key wait longer each time, at least as long as asked, until it is forgotten", (context) => {
  const delays: number[] = [];
  const queue = new WorkQueue<string>(observer, { firstMilliseconds: 8, maxMilliseconds: 20 });
  context.mock.method(queue, "addAfter", (_: string, delay: number) => void delays.push(delay));
  for (let failure = 1; failure <= 3; failure++) queue.addRateLimited("a");
  queue.addRateLimited("a", 60_000);
  queue.forget("a");
  queue.addRateLimited("a");
  const [first = 0, second = 0, third = 0, asked = 0, again = 0] = delays;
  for (const [delay, full] of [
    [first, 8],
    [second, 16],
    [third, 20],
    [again, 8],
  ] as const)
    assert.ok(delay >= full / 2 && delay <= full, `${delay} of ${full}`);
  assert.equal(asked, 60_000);
});

test("a closed queue gives undefined and takes nothing", async () => {
  const queue = new WorkQueue<string>(observer);
  const waiting = queue.get();
  queue.addAfter("later", 1);
  queue.shutDown();
  queue.add("a");
  assert.equal(await waiting, undefined);
  assert.equal(await queue.get(), undefined);
});
