import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { Semaphore } from "../../../../src/common/semaphore.ts";
import { HomeUsage } from "../../../../src/engine/storage/usage/home-usage.ts";
import { QuotaLedger } from "../../../../src/engine/storage/usage/quota-ledger.ts";
import type { OpenLedger } from "../../../../src/engine/storage/usage/usage-ledger.ts";
import { isPartial } from "../../../../src/engine/storage/local/uploads/partials.ts";
import type { Replaces, Storage, Usage, Upload, UploadMode } from "../../../../src/engine/storage/storage.ts";
import { ManualClock } from "../../../support/engine/manual-clock.ts";
import { bytes, TestHome } from "../../../support/engine/test-home.ts";

const home = new TestHome();
const QUOTA = { bytes: 100, files: 6 };
const NAMES = ["/x", "/y", "/d/x", "/e/x"];

type Step =
  | { do: "open"; path: string; mode: UploadMode }
  | { do: "write"; upload: number; length: number }
  | { do: "commit" | "abort"; upload: number }
  | { do: "remove" | "removeDirectory" | "makeDirectory"; path: string }
  | { do: "rename"; from: string; to: string; replaces: Replaces }
  | { do: "policy"; incomplete: "Keep" | "Remove" };

const path = fc.oneof(
  { weight: 2, arbitrary: fc.constant("/x") },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES) },
);
const upload = fc.nat({ max: 2 });
const mode: fc.Arbitrary<UploadMode> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<UploadMode>({ type: "Replace" }) },
  { weight: 1, arbitrary: fc.constant<UploadMode>({ type: "Append" }) },
  { weight: 1, arbitrary: fc.nat({ max: 60 }).map((offset): UploadMode => ({ type: "Resume", offset })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(1, 50, 51, 100)
      .map((offset): UploadMode => ({ type: "ResumePartial", offset })),
  },
);
/** Upload modes that write to temporary files. */
const replacing: fc.Arbitrary<UploadMode> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<UploadMode>({ type: "Replace" }) },
  { weight: 1, arbitrary: fc.constant<UploadMode>({ type: "Create" }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(1, 50, 51, 100)
      .map((offset): UploadMode => ({ type: "ResumePartial", offset })),
  },
);
const open = (mode: fc.Arbitrary<UploadMode>): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constant("open"), path, mode });
const otherStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("write"), upload, length: fc.constantFrom(1, 50, 100, 150) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("commit", "abort"), upload }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove"), path }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("removeDirectory", "makeDirectory"),
      path: fc.constantFrom("/d", "/e"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("rename"),
      from: fc.constantFrom(...NAMES, "/d", "/e"),
      to: fc.constantFrom(...NAMES, "/d", "/e"),
      replaces: fc.constantFrom("Files", "Nothing"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("policy"), incomplete: fc.constantFrom("Keep", "Remove") }),
  },
);

const step = fc.oneof({ weight: 3, arbitrary: open(mode) }, { weight: 12, arbitrary: otherStep });
const exactStep = fc.oneof({ weight: 3, arbitrary: open(replacing) }, { weight: 12, arbitrary: otherStep });
const atOnce = fc.array(step, { minLength: 1, maxLength: 3 });

/** Returns the usage of the files on the disk, except for running uploads. */
async function held(): Promise<Usage> {
  const found = { bytes: 0, files: 0 };
  for (const entry of await readdir(home.at(), { recursive: true, withFileTypes: true })) {
    if (entry.name.startsWith(".ftp-operator-") && !isPartial(entry.name)) continue;
    const { size } = await stat(`${entry.parentPath}/${entry.name}`);
    // The quota does not count an empty incomplete upload, because its file is only a marker.
    found.files += isPartial(entry.name) && size === 0 ? 0 : 1;
    if (entry.isFile()) found.bytes += size;
  }
  return found;
}

function assertWithin(found: Usage, known: Usage, after: readonly Step[] = []): void {
  for (const what of ["bytes", "files"] as const) {
    assert.ok(found[what] <= QUOTA[what], `${found[what]} ${what} after ${JSON.stringify(after)}`);
    assert.ok(found[what] <= known[what], `${found[what]} ${what}, but the ledger has ${known[what]}`);
  }
}

/** A client that runs several uploads at the same time in a home with a quota. */
class Client {
  readonly #storage: Storage;
  #uploads: Upload[] = [];

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  static async open(usage: HomeUsage): Promise<Client> {
    const ledger: OpenLedger = (storage) => new QuotaLedger(storage, usage, () => QUOTA);
    return new Client(await home.tree.openHome("/alice", { account: "alice", ledger }));
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case "open":
        this.#uploads.push(await this.#storage.openUpload(step.path, step.mode));
        return;
      case "write":
        return await this.#uploads[step.upload]?.write(bytes("x".repeat(step.length)));
      case "commit":
      case "abort":
        return await this.#uploads.splice(step.upload, 1)[0]?.[step.do]();
      case "remove":
      case "removeDirectory":
      case "makeDirectory":
        await this.#storage[step.do](step.path);
        return;
      case "rename":
        await this.#storage.rename(step.from, step.to, step.replaces);
        return;
      case "policy":
        home.policy = { incomplete: step.incomplete, sync: "Never" };
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#uploads.map((handle) => handle.abort()));
    this.#uploads = [];
  }
}

/** Runs the steps in an empty home. The steps of each batch run concurrently. */
async function runSteps(
  batches: readonly (readonly Step[])[],
  check: (found: Usage, known: Usage, steps: readonly Step[]) => void,
): Promise<Usage> {
  await home.empty();
  home.policy = { incomplete: "Keep", sync: "Never" };
  for (const name of ["/d", "/e"]) await home.storage.makeDirectory(name);
  const { signal } = new AbortController();
  const usage = new HomeUsage(new ManualClock(), { semaphore: new Semaphore(1), signal });
  await usage.ready(home.storage);
  const client = await Client.open(usage);
  for (const batch of batches) {
    // If a rejected step changes a file, the sizes on the disk differ from the expected usage.
    await Promise.allSettled(batch.map((step) => client.take(step)));
    check(await held(), usage.now, batch);
  }
  await client.close();
  return usage.now;
}

describe("a home with a quota", () => {
  it("never contains more than the quota during any simultaneous uploads, aborts and renames", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(atOnce, { maxLength: 20, size: "max" }), async (batches) => {
        const known = await runSteps(batches, assertWithin);
        assertWithin(await held(), known);
      }),
      { numRuns: 200 },
    );
  });

  it("contains exactly the usage of the ledger after overlapping uploads", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(exactStep, { maxLength: 30, size: "max" }), async (steps) => {
        const known = await runSteps(
          steps.map((step) => [step]),
          assertWithin,
        );
        assert.deepEqual(await held(), known);
      }),
      { numRuns: 200 },
    );
  });
});
