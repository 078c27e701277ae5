import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tmpdir } from "node:os";
import { setTimeout } from "node:timers/promises";
import * as fc from "fast-check";
import { OBJECT_LIMITS } from "../../../../src/engine/storage/object/limits.ts";
import { PartBuffer } from "../../../../src/engine/storage/object/uploads/part-buffer.ts";
import { UploadMemory } from "../../../../src/engine/storage/object/uploads/upload-memory.ts";
import { waitUntil } from "../../../cluster/wait.ts";
import { MIB } from "../../../support/s3/object-homes.ts";

/**
 * Limits for temporary files: 200 bytes that all accounts share, and 20 guaranteed bytes for each of five accounts.
 */
const LIMITS = { uploadMemory: 0, spoolBytes: 300, spoolRequests: 2, spoolGuarantee: 20, spoolAccounts: 5 };
const REJECTED = { code: "TooManyTransfers" };

/**
 * Reserves space for temporary files, one byte at a time, until the limit rejects a reservation. Returns the number of
 * reserved bytes.
 */
function takeAll(memory: UploadMemory, account: string): number {
  for (let bytes = 0; ; bytes++)
    try {
      memory.spool(account, 1);
    } catch (error) {
      assert.throws(() => {
        throw error;
      }, REJECTED);
      return bytes;
    }
}

describe("the temporary files of uploads", () => {
  test("are available to a third account after two accounts have used their maximum", () => {
    const memory = new UploadMemory(LIMITS, "/tmp");
    assert.equal(takeAll(memory, "alice"), 120, "the guarantee and half of the common space");
    assert.equal(takeAll(memory, "bob"), 70);
    assert.equal(takeAll(memory, "carol"), 45);
    memory.spool("alice", -120);
    assert.equal(takeAll(memory, "carol"), 50, "alice returned common space");
  });

  test("are guaranteed to the documented number of accounts, regardless of the usage by other accounts", () => {
    const step = fc.record({ account: fc.nat({ max: 3 }), bytes: fc.integer({ min: -40, max: 120 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = new UploadMemory(LIMITS, "/tmp");
        const used = [0, 0, 0, 0];
        for (const { account, bytes } of steps) {
          const before = used[account] ?? 0;
          const change = Math.max(bytes, -before);
          try {
            memory.spool(`account-${account}`, change);
            used[account] = before + change;
          } catch {
            assert.ok(before + change > LIMITS.spoolGuarantee, "the guarantee is always available");
          }
        }
        memory.spool("new", LIMITS.spoolGuarantee);
      }),
    );
  });

  test("are sent by a limited number of requests, in round-robin order of the accounts", async () => {
    const memory = new UploadMemory(LIMITS, tmpdir());
    const started: string[] = [];
    const ends: (() => void)[] = [];
    const sending = ["alice", "alice", "alice", "alice", "bob"].map(async (account) => {
      const part = new PartBuffer(memory, account, false);
      await part.append(Buffer.from("x"));
      await part.send(async () => {
        started.push(account);
        await new Promise<void>((resolve) => ends.push(resolve));
      }, new AbortController().signal);
      await part.release();
    });
    const requests = async (count: number): Promise<void> =>
      waitUntil("requests", 60_000, async () => assert.equal(started.length, count));
    await requests(LIMITS.spoolRequests);
    await setTimeout(50);
    await requests(LIMITS.spoolRequests);
    for (const count of [3, 4, 5]) {
      ends.shift()?.();
      await requests(count);
    }
    assert.ok(started.indexOf("bob") < 4, started.join());
    for (const end of ends) end();
    await Promise.all(sending);
  });

  test("of each waiting account are sent in round-robin order while one account uses all permits", async () => {
    const memory = new UploadMemory(OBJECT_LIMITS, tmpdir());
    const { spoolRequests } = OBJECT_LIMITS;
    const { signal } = new AbortController();
    const started: string[] = [];
    const ends: (() => void)[] = [];
    const send = (account: string): Promise<void> =>
      memory.sendSpooled(
        account,
        async () => {
          started.push(account);
          await new Promise<void>((resolve) => ends.push(resolve));
        },
        signal,
      );
    const accounts = ["alice", "bob", "carol", "dave"];
    const sending = Array.from({ length: 3 * spoolRequests }, () => send("alice"));
    sending.push(...["bob", "carol", "dave", "bob", "carol", "dave"].map(send));
    assert.equal(started.length, spoolRequests);
    for (const round of [1, 2]) {
      for (const end of ends.splice(0, accounts.length)) end();
      await setTimeout(10);
      const served = started.slice(spoolRequests + (round - 1) * accounts.length);
      assert.deepEqual(served.toSorted(), accounts);
    }
    while (ends.length > 0) {
      ends.shift()?.();
      await setTimeout(0);
    }
    await Promise.all(sending);
  });

  test("have the documented default limits", () => {
    const memory = new UploadMemory({ ...OBJECT_LIMITS, uploadMemory: 0 }, "/tmp");
    memory.spool("alice", (32 + 768) * MIB);
    assert.throws(() => memory.spool("alice", 1), REJECTED);
    for (let account = 0; account < 15; account++) memory.spool(`account-${account}`, 32 * MIB);
  });
});
