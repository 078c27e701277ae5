import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import * as fc from "fast-check";
import {
  LoginQueue,
  MAX_WAITING,
  MAX_WAITING_PER_CLIENT,
  type QueuedLogin,
} from "../../../src/engine/auth/login-queue.ts";
import { SNAT_KEY } from "../../../src/engine/client-address.ts";
import { EngineError } from "../../../src/engine/errors.ts";
import { settle } from "../../support/engine/world.ts";

/** A login queue whose verifications end only when the test calls `finish`. */
class Bench {
  readonly queue = new LoginQueue();
  /** Logins whose verification has started, in start order. */
  readonly started: string[] = [];
  readonly #running = new Set<() => void>();

  /** Starts a login. `id` is `namespace/user@client`, or only `client` for an unknown user name. */
  login(id: string, change: Partial<QueuedLogin> = {}): Promise<string> {
    const [, namespace, user, client = id] = /^(.*)\/(.*)@(.*)$/u.exec(id) ?? [];
    const owner = user === undefined ? ["nobody", client] : [`namespace ${namespace}`, user, client];
    return this.queue.run(
      async () => {
        this.started.push(id);
        await new Promise<void>((resolve) => this.#running.add(resolve));
        return id;
      },
      { owner, client, expensive: false, signal: undefined, ...change },
    );
  }

  /** Finishes up to `count` running verifications, oldest first. */
  async finish(count = Infinity): Promise<void> {
    for (let ended = 0; ended < count; ended += 1) {
      await settle();
      const [oldest] = this.#running;
      if (oldest === undefined) return;
      this.#running.delete(oldest);
      oldest();
    }
    await settle();
  }
}

function many(count: number, id: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => id(index));
}

async function assertBusy(login: Promise<unknown>): Promise<void> {
  await assert.rejects(login, (error) => error instanceof EngineError && error.code === "TooManyLogins");
}

// id: login-flood
describe("the login queue delays a user by few verifications", () => {
  for (const [what, flood] of [
    ["of one client with many names of users", many(100, (index) => `/user${index}@192.0.2.1`)],
    ["of one client with many names that nobody has", many(100, () => "192.0.2.1")],
    ["of many clients with one name", many(300, (index) => `/bob@client${index}`)],
    ["of many clients with names that nobody has", many(300, (index) => `client${index}`)],
    [
      "of another namespace with many users and clients",
      many(300, (index) => `team/user${index}@client${index}`),
    ],
  ] as const) {
    test(what, async () => {
      const bench = new Bench();
      const logins = flood.map((id) => bench.login(id));
      const alice = bench.login("/alice@198.51.100.1");
      await bench.finish(6);
      assert.ok(bench.started.includes("/alice@198.51.100.1"), `${bench.started.length} came before alice`);
      await bench.finish();
      assert.equal(await alice, "/alice@198.51.100.1");
      assert.equal((await Promise.all(logins)).length, flood.length, "the others are served, too");
    });
  }

  test("with expensive hashes, each of which is verified alone", async () => {
    const bench = new Bench();
    const tenant = many(20, (index) => `team/user${index}@client${index}`);
    const logins = tenant.map((id) => bench.login(id, { expensive: true }));
    void bench.login("/alice@198.51.100.1");
    await settle();
    assert.equal(bench.started.length, 1, "nothing is verified beside an expensive hash");
    await bench.finish(1);
    assert.equal(bench.started[1], "/alice@198.51.100.1");
    assert.equal(bench.started.length, 2, "no expensive hash is verified beside another");
    await bench.finish();
    await Promise.all(logins);
  });
});

describe("the login queue is limited", () => {
  test("for each client, without an effect on others", async () => {
    const bench = new Bench();
    const running = 2;
    const logins = many(MAX_WAITING_PER_CLIENT + running, () => "192.0.2.1").map((id) => bench.login(id));
    await assertBusy(bench.login("192.0.2.1"));
    const other = bench.login("192.0.2.2");
    await bench.finish();
    assert.equal(await other, "192.0.2.2");
    await Promise.all(logins);
    await Promise.all([bench.login("192.0.2.1"), bench.finish()]);
  });

  // id: login-flood-2
  test("in total, and a SNAT source can use the total limit until other clients arrive", async () => {
    const bench = new Bench();
    const masked = many(MAX_WAITING + 2, (index) => `/user${index}@${SNAT_KEY}`).map((id) => bench.login(id));
    const results = Promise.allSettled(masked);
    await assertBusy(bench.login(`/late@${SNAT_KEY}`));
    const alice = bench.login("/alice@198.51.100.1");
    await bench.finish();
    assert.equal(await alice, "/alice@198.51.100.1");
    const rejected = (await results).flatMap(({ status }, index) => (status === "rejected" ? [index] : []));
    assert.deepEqual(rejected, [MAX_WAITING + 1], "the newest of the largest client gives way");
  });

  test("in total, and a client with the same number of logins as others does not displace them", async () => {
    const bench = new Bench();
    const logins = many(MAX_WAITING + 2, (index) => `client${index}`).map((id) => bench.login(id));
    await assertBusy(bench.login("one-more"));
    await bench.finish();
    await Promise.all(logins);
  });
});

describe("an aborted login", () => {
  test("leaves the queue without verification, and frees its place", async () => {
    const bench = new Bench();
    const first = [bench.login("a"), bench.login("b")];
    const gone = new AbortController();
    const waiting = bench.login("c", { signal: gone.signal });
    const reason = new EngineError("ConnectionLost", "gone");
    gone.abort(reason);
    await assert.rejects(waiting, reason);
    await assert.rejects(bench.login("d", { signal: gone.signal }), reason);
    await bench.finish();
    await Promise.all(first);
    assert.deepEqual(bench.started, ["a", "b"]);
  });

  test("is verified when it does not need to wait", async () => {
    const bench = new Bench();
    const hungUp = AbortSignal.abort(new Error("hung up"));
    const login = bench.login("a", { signal: hungUp });
    await bench.finish();
    assert.equal(await login, "a");
  });
});

test("no permit is lost when logins are aborted, fail or are rejected", async () => {
  const step = fc.record({
    client: fc.constantFrom("a", "b", "c", SNAT_KEY),
    user: fc.constantFrom("x", "y"),
    expensive: fc.boolean(),
    fails: fc.boolean(),
    abortedAfter: fc.option(fc.nat(3), { nil: undefined }),
    ticks: fc.nat(2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const queue = new LoginQueue();
      let [running, most, mostExpensive, expensiveRunning] = [0, 0, 0, 0];
      const logins = steps.map(async ({ client, user, expensive, fails, abortedAfter, ticks }) => {
        const session = new AbortController();
        const login = queue.run(
          async () => {
            most = Math.max(most, ++running);
            if (expensive) mostExpensive = Math.max(mostExpensive, ++expensiveRunning);
            for (let tick = 0; tick <= ticks; tick += 1) await nextTick();
            running -= 1;
            if (expensive) expensiveRunning -= 1;
            if (fails) throw new Error("the thread has died");
          },
          { owner: ["", user, client], client, expensive, signal: session.signal },
        );
        const ended = Promise.allSettled([login]);
        for (let tick = 0; tick < (abortedAfter ?? 0); tick += 1) await nextTick();
        if (abortedAfter !== undefined) session.abort(new Error("the session has ended"));
        await ended;
      });
      await Promise.all(logins);
      assert.ok(most <= 2 && mostExpensive <= 1);
      let started = 0;
      const hold = Promise.withResolvers<void>();
      const both = ["a", "b"].map((client) =>
        queue.run(
          async () => {
            started += 1;
            await hold.promise;
          },
          { owner: ["", "x", client], client, expensive: false, signal: undefined },
        ),
      );
      assert.equal(started, 2, "both places are free at once");
      hold.resolve();
      await Promise.all(both);
    }),
    { numRuns: 50 },
  );
});
