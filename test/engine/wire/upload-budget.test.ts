/** Tests uploads over TLS while the transfers have used their time in the event-loop tick. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, type TestContext, test } from "node:test";
import { deflateSync } from "node:zlib";
import type { TickBudget } from "../../../src/common/tick-budget.ts";
import { clientOf, type FtpsClient, startTlsServer } from "../../support/engine/tls-world.ts";

/** Content that TYPE A does not change and MODE Z hardly compresses. */
const CONTENT = Buffer.from(randomBytes(2 << 20).toString("base64"));
/** Maximum number of bytes that the receiver reads before it waits for the budget: 64 KiB and one TLS record. */
const STRETCH = 64 * 1024 + 16 * 1024;
/** Number of STAT commands during which an engine without a budget would receive the complete file. */
const MANY = 1000;

/** Uploads with the number of jobs that wait for the budget. zlib runs on another thread, so MODE Z adds no job. */
const UPLOADS: readonly [command: string, sent: Buffer, waits: number, where: string][] = [
  ["TYPE I", CONTENT, 1, "the receiver"],
  ["MODE Z", deflateSync(CONTENT), 1, "the receiver"],
  ["TYPE A", CONTENT, 2, "the receiver and the converter"],
];

/** Exhausts a budget until the test calls `end`. Waiting jobs continue when the test calls `proceed`. */
function exhaust(t: TestContext, ticks: TickBudget) {
  let isExhausted = true;
  const waiting: (() => void)[] = [];
  t.mock.getter(ticks, "spent", () => isExhausted);
  t.mock.method(ticks, "next", () => new Promise<void>((resolve) => waiting.push(resolve)));
  const proceed = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const end = (): void => {
    isExhausted = false;
    proceed();
  };
  return { waiting: () => waiting.length, proceed, end, [Symbol.dispose]: end };
}

/** Returns the number of bytes that the engine has received in the current upload. Returns undefined after the upload. */
async function received({ control }: FtpsClient): Promise<number | undefined> {
  const { lines } = await control.command("STAT");
  const bytes = /Upload in progress, (\d+) bytes/u.exec(lines.join())?.[1];
  return bytes === undefined ? undefined : Number(bytes);
}

describe("an upload over TLS whose budget for the event-loop tick is exhausted", () => {
  for (const [command, sent, waits, where] of UPLOADS)
    test(`with ${command} waits in ${where}, and the session executes commands`, async (t) => {
      await using world = await startTlsServer();
      const client = await clientOf(world, "TLSv1.3");
      await client.control.command(command);
      const port = await client.passivePort();
      using budget = exhaust(t, world.engine.services.transferTicks);
      assert.equal(await client.control.code("STOR /f"), 150);
      (await client.data(port)).end(sent);
      const untilWaiting = async (jobs: number): Promise<void> => {
        for (let tries = 0; budget.waiting() < jobs && tries < MANY; tries++)
          assert.ok((await received(client)) !== undefined, "the upload is still in progress");
        assert.ok(budget.waiting() >= jobs, `${budget.waiting()} jobs wait`);
      };
      await untilWaiting(waits);
      for (let step = 1; step <= 5; step++) {
        for (let command = 0; command < 20; command++)
          assert.ok(((await received(client)) ?? Number.POSITIVE_INFINITY) <= step * STRETCH);
        budget.proceed();
        await untilWaiting(1);
      }
      budget.end();
      assert.equal((await client.control.reply())?.code, 226);
      assert.ok(world.memory.files.get("/f")?.bytes.equals(CONTENT));
    });
});
