import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TokenBucket, pacedChunks, BandwidthLimits } from "../../../src/engine/transfer/bandwidth.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { TestAuthenticator, testUser } from "../../support/engine/server.ts";
import { settle } from "../../support/engine/world.ts";

const STEP = 10;

/** Advances the clock in steps and processes all pending events after each step. */
async function pass(clock: ManualClock, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += STEP) {
    clock.advance(STEP);
    await settle();
  }
}

/** Moves bytes in an endless loop and counts the bytes. */
function endless(bandwidth: TokenBucket, chunk: number): { moved: number; wanted: boolean; asked: number } {
  const transfer = { moved: 0, wanted: true, asked: 0 };
  const wanted = (): boolean => {
    transfer.asked += 1;
    return transfer.wanted;
  };
  void (async () => {
    while (transfer.wanted) {
      await bandwidth.all(chunk, wanted);
      transfer.moved += chunk;
    }
  })();
  return transfer;
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= expected * 0.15, `${actual} instead of about ${expected}`);
}

describe("TokenBucket", () => {
  for (const rate of [1, 1000, 50_000_000]) {
    it(`permits ${rate} bytes per second`, async () => {
      const clock = new ManualClock();
      const transfer = endless(new TokenBucket(clock, () => rate), Math.max(1, rate / 20));
      await pass(clock, 20_000 / Math.min(20, rate));
      near(transfer.moved, (rate * 20) / Math.min(20, rate));
    });
  }

  it("gives all transfers the same share regardless of their requests", async () => {
    const clock = new ManualClock();
    const bandwidth = new TokenBucket(clock, () => 90_000);
    const transfers = [9000, 18_000, 45_000].map((chunk) => endless(bandwidth, chunk));
    await pass(clock, 20_000);
    for (const { moved } of transfers) near(moved, 600_000);
  });

  it("applies a changed or removed limit to waiting transfers", async () => {
    const clock = new ManualClock();
    let rate: number | undefined = 1_000_000;
    const bandwidth = new TokenBucket(clock, () => rate);
    const transfer = endless(bandwidth, 10_000);
    await pass(clock, 1000);
    near(transfer.moved, 1_000_000);
    rate = 100_000;
    await pass(clock, 200);
    transfer.moved = 0;
    await pass(clock, 1000);
    near(transfer.moved, 100_000);
    transfer.wanted = false;
    rate = undefined;
    assert.equal(bandwidth.isLimited, false);
    assert.equal(await bandwidth.slice(10_000_000, () => true), 10_000_000);
  });

  it("saves no credit while it is idle", async () => {
    const clock = new ManualClock();
    const bandwidth = new TokenBucket(clock, () => 100_000);
    clock.advance(60_000);
    const transfer = endless(bandwidth, 1000);
    await pass(clock, 1000);
    assert.ok(transfer.moved <= 130_000, `${transfer.moved}`);
  });

  it("checks waiting transfers, and releases ended ones", async () => {
    const clock = new ManualClock();
    const bandwidth = new TokenBucket(clock, () => 10);
    const first = endless(bandwidth, 1000);
    const second = endless(bandwidth, 1000);
    await pass(clock, 10_000);
    assert.ok(second.asked >= 90, `${second.asked} questions`);
    const { moved } = second;
    second.wanted = false;
    await pass(clock, 200);
    assert.equal(second.moved, moved + 1000, "it does not wait for the rest");
    first.wanted = false;
    await pass(clock, 200);
    assert.equal(clock.pending, 0);
  });

  it("divides chunks only with a limit", async () => {
    const clock = new ManualClock();
    let rate: number | undefined = 1000;
    const bytes = Buffer.from("x".repeat(250));
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    const sizes = async (): Promise<number[]> => {
      const chunks = Array.fromAsync(pacedChunks(source(), new TokenBucket(clock, () => rate), () => true));
      await pass(clock, 1000);
      return (await chunks).map(({ length }) => length);
    };
    assert.deepEqual(await sizes(), [100, 100, 50]);
    rate = undefined;
    assert.deepEqual(await sizes(), [250]);
  });
});

describe("BandwidthLimits", () => {
  it("keeps the limit of a removed account for its running transfers", () => {
    const users = new TestAuthenticator([testUser("alice", { limits: { uploadBytesPerSecond: 1000 } })]);
    const bandwidth = new BandwidthLimits(new ManualClock(), users).of("alice", "Upload");
    users.users = [];
    assert.equal(bandwidth.isLimited, true);
    users.users = [testUser("alice")];
    assert.equal(bandwidth.isLimited, false);
    users.users = [];
    assert.equal(bandwidth.isLimited, false);
  });
});
