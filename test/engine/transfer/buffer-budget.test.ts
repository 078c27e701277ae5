import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  BufferBudget,
  LARGE_BUFFER_MEMORY,
  LARGE_BUFFER,
  type Lease,
  SMALL_BUFFER,
  SMALLEST_BUFFER,
  TRANSFER_MEMORY,
  downloadMemory,
  listingMemory,
  uploadMemory,
} from "../../../src/engine/transfer/buffer-budget.ts";
import type { Encoding } from "../../../src/engine/transfer/encoding.ts";
import { EngineError } from "../../../src/engine/errors.ts";

const twice = (bytes: number): number => 2 * bytes;
const PLAIN: Encoding = { ascii: false, deflateLevel: undefined };
const WORST: Encoding = { ascii: true, deflateLevel: 6 };

/** Leases memory until the budget rejects a lease, and returns all leases. */
function exhaust(budget: BufferBudget, user: string, memoryOf = twice): Lease[] {
  const leases: Lease[] = [];
  for (;;) {
    try {
      leases.push(budget.lease([user], memoryOf));
    } catch (error) {
      assert.ok(error instanceof EngineError && error.code === "TooManyTransfers");
      return leases;
    }
  }
}

describe("BufferBudget", () => {
  // id: transfer-memory
  test("gives large buffers to some transfers and smaller ones to others, and rejects claims above the limit", () => {
    const budget = new BufferBudget();
    const leases = exhaust(budget, "alice");
    const sizes = leases.map(({ bytes }) => bytes);
    assert.equal(sizes[0], LARGE_BUFFER);
    assert.equal(sizes.at(-1), SMALLEST_BUFFER);
    assert.deepEqual(
      sizes,
      sizes.toSorted((one, other) => other - one),
    );
    assert.equal(
      budget.held,
      sizes.reduce((sum, bytes) => sum + twice(bytes), 0),
    );
    assert.ok(budget.held <= TRANSFER_MEMORY);
  });

  test("releases each claim once", () => {
    const budget = new BufferBudget();
    const lease = budget.lease(["alice"], twice);
    assert.equal(lease.grow(1000), true);
    assert.equal(budget.held, 2 * LARGE_BUFFER + 1000);
    lease[Symbol.dispose]();
    lease[Symbol.dispose]();
    assert.equal(budget.held, 0);
  });

  test("gives no buffer above the useful size", () => {
    const budget = new BufferBudget();
    assert.equal(budget.lease(["alice"], twice, SMALL_BUFFER).bytes, SMALL_BUFFER);
  });

  // id: transfer-memory-2
  test("keeps large buffers and memory for other users, regardless of one user", () => {
    const budget = new BufferBudget();
    exhaust(budget, "alice");
    assert.ok(exhaust(budget, "bob").length >= 100);
    const fresh = new BufferBudget();
    while (fresh.lease(["alice"], twice).bytes === LARGE_BUFFER);
    assert.equal(fresh.lease(["bob"], twice).bytes, LARGE_BUFFER);
  });

  test("gives listings a share of the memory for large buffers, and none of the memory for transfers", () => {
    const budget = new BufferBudget();
    const lease = budget.lease(["alice"], () => 0);
    let kept = 0;
    while (lease.grow(10_000)) kept += 10_000;
    assert.ok(kept > LARGE_BUFFER_MEMORY * 0.6 && kept < LARGE_BUFFER_MEMORY * 0.7, String(kept));
    assert.equal(budget.lease(["alice"], twice).bytes, SMALLEST_BUFFER);
  });

  for (const [what, memoryOf, count] of [
    ["plain downloads", downloadMemory(PLAIN), 1000],
    ["plain uploads", uploadMemory(PLAIN, false), 2100],
    ["uploads with a limited rate", uploadMemory(PLAIN, true), 330],
    ["downloads in TYPE A and MODE Z", downloadMemory(WORST), 150],
    ["uploads in TYPE A and MODE Z", uploadMemory(WORST, true), 150],
    ["listings", listingMemory(PLAIN), 125],
    ["listings in MODE Z", listingMemory(WORST), 84],
  ] as const) {
    test(`has memory for ${count} ${what} of one user`, () => {
      const budget = new BufferBudget();
      const { length } = exhaust(budget, "alice", memoryOf);
      assert.ok(length >= count, String(length));
    });
  }
});
