/** Tests faults that a proxy causes between the engine and the S3 server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as fc from "fast-check";
import { EngineError } from "../../../../src/engine/errors.ts";
import type { Storage, UploadMode } from "../../../../src/engine/storage/storage.ts";
import { fileChunks } from "../../../../src/engine/transfer/send.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { download, rejectsWith, textOf, upload } from "../../../support/engine/storage-calls.ts";
import { type Fault, FaultProxy } from "../../../support/s3/fault-proxy.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import type { ObjectTree } from "../../../../src/engine/storage/object/object-tree.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const PART = 5 * MIB;
const RUNS = 40;
const READ_BYTES = 64 * 1024;

const faults: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom<Fault>({ type: "Answer", status: 500 }, { type: "Answer", status: 503 }),
  fc.constant<Fault>({ type: "LoseAnswer" }),
  fc.constant<Fault>({ type: "Damage" }),
  fc.constant<Fault>({ type: "ErrorWith200" }),
  fc
    .tuple(
      fc.constantFrom("CutRequest" as const, "CutAnswer" as const, "TruncateAnswer" as const),
      fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 * MIB })),
    )
    .map(([type, after]): Fault => ({ type, after })),
);

/** Faults for some of the first 26 requests, keyed by request number. */
const schedules = fc.dictionary(fc.nat({ max: 25 }).map(String), faults, { maxKeys: 6 });

const modes = fc.constantFrom("Replace" as const, "Create" as const, "Append" as const, "Resume" as const);
const sizes = fc.oneof(fc.nat({ max: 2000 }), fc.integer({ min: PART - 2, max: 2 * PART + 2 }));

/** Returns the upload mode and the expected file content after the upload. */
function planOf(
  type: "Replace" | "Create" | "Append" | "Resume",
  old: Buffer | undefined,
  sent: Buffer,
): { mode: UploadMode; expected: Buffer } {
  const offset = Math.floor((old?.length ?? 0) / 2);
  const begins = { Replace: 0, Create: 0, Append: old?.length ?? 0, Resume: offset }[type];
  const expected = Buffer.concat([old?.subarray(0, begins) ?? Buffer.alloc(0), sent]);
  return { mode: type === "Resume" ? { type, offset } : { type }, expected };
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

/** Reads a file in chunks, like a download, and returns the bytes. */
async function downloadChunks(storage: Storage, path: string): Promise<Buffer> {
  const handle = await storage.openRead(path, 0);
  try {
    const copies = await Array.fromAsync(fileChunks(handle, 0, READ_BYTES), (chunk) => Buffer.from(chunk));
    return Buffer.concat(copies);
  } finally {
    await handle.close();
  }
}

async function errorOf(call: Promise<unknown>): Promise<EngineError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    assert.ok(error instanceof EngineError, String(error));
    return error;
  }
}

const READERS = [download, downloadChunks] as const;
const readers = fc.constantFrom(...READERS);

describe("faults between the engine and object storage", () => {
  describeEachServer((running) => {
    let proxy: FaultProxy;
    let config: BucketConfig;
    /** Through the proxy. */
    let tree: ObjectTree;
    /** Without the proxy. */
    let direct: ObjectTree;
    let homes = 0;
    before(async () => {
      const { server, bucket } = running();
      proxy = await FaultProxy.start(server.endpoint);
      config = await BucketConfig.create(server, bucket.name, { endpoint: proxy.endpoint });
      const limits = { requestTimeout: 5000, sendTimeout: 5000, copyTimeout: 5000, attempts: 3 };
      tree = await config.openTree({ limits });
      direct = await config.openTree({ config: { ...config.config, endpoint: server.endpoint } });
    });
    after(async () => {
      await tree.close();
      await direct.close();
      await proxy[Symbol.asyncDispose]();
      await config[Symbol.asyncDispose]();
    });

    const newHome = async (): Promise<{ faulty: Storage; clean: Storage }> => {
      const path = `/home-${++homes}`;
      const options = { account: "alice" };
      return { faulty: await tree.openHome(path, options), clean: await direct.openHome(path, options) };
    };
    const withFaults = (schedule: Readonly<Record<string, Fault>>): void => {
      let count = 0;
      proxy.choose = () => schedule[count++];
    };
    const withoutFaults = (): void => void (proxy.choose = () => undefined);

    /** Uploads a file through the proxy. Returns the error and the resulting file. */
    const uploadWithFaults = async (
      old: Buffer | undefined,
      sent: Buffer,
      mode: UploadMode,
      schedule: Readonly<Record<string, Fault>>,
    ): Promise<{ error: EngineError | undefined; found: Buffer | undefined }> => {
      const { faulty, clean } = await newHome();
      withoutFaults();
      if (old !== undefined) await upload(clean, "/a", old);
      withFaults(schedule);
      const error = await errorOf(upload(faulty, "/a", sent, mode));
      withoutFaults();
      return { error, found: await download(clean, "/a").catch(() => undefined) };
    };

    // id: complete-objects
    test("an upload is complete when it succeeds, and otherwise the old file is intact", async () => {
      const counts = { stored: 0, failed: 0 };
      await fc.assert(
        fc.asyncProperty(fc.option(sizes), sizes, modes, schedules, async (oldSize, size, type, schedule) => {
          const old = oldSize === null ? undefined : patternOf(oldSize, 7);
          const sent = patternOf(size, 11);
          const { mode, expected } = planOf(type, old, sent);
          const { error, found } = await uploadWithFaults(old, sent, mode, schedule);
          counts[error === undefined ? "stored" : "failed"] += 1;
          const isNew = found?.equals(expected) === true;
          // The proxy can drop the responses to the last request and to the following lookup.
          assert.ok(isNew || (error !== undefined && isSame(found, old)), String(error));
        }),
        { numRuns: RUNS },
      );
      assert.ok(counts.stored > RUNS / 10 && counts.failed > RUNS / 20, JSON.stringify(counts));
    });

    test("a download returns the exact bytes, or fails", async () => {
      const { faulty, clean } = await newHome();
      const content = patternOf(3 * MIB + 5);
      withoutFaults();
      await upload(clean, "/a", content);
      let complete = 0;
      await fc.assert(
        fc.asyncProperty(schedules, readers, async (schedule, read) => {
          withFaults(schedule);
          const found = await read(faulty, "/a").catch((error: unknown) => error);
          withoutFaults();
          if (found instanceof Buffer) {
            complete += 1;
            assert.ok(found.equals(content));
          } else assert.ok(found instanceof EngineError, String(found));
        }),
        { numRuns: RUNS },
      );
      assert.ok(complete > RUNS / 4, `${complete} complete`);
    });

    for (const read of READERS)
      test(`${read.name} rejects damaged bytes, even after a repeated request`, async () => {
        const { faulty, clean } = await newHome();
        withoutFaults();
        await upload(clean, "/a", patternOf(3 * MIB + 5));
        const damage: Fault = { type: "DamageAnswer", at: 2 * MIB };
        withFaults({ 0: damage });
        await rejectsWith("InvalidData", read(faulty, "/a"));
        withFaults({ 0: { type: "CutAnswer", after: MIB + 1 }, 1: { ...damage, at: MIB } });
        await rejectsWith("InvalidData", read(faulty, "/a"));
        withoutFaults();
        assert.ok((await read(faulty, "/a")).equals(patternOf(3 * MIB + 5)));
      });

    test("a rename moves the complete file, or leaves it where it is", async () => {
      await fc.assert(
        fc.asyncProperty(fc.boolean(), schedules, async (isExclusive, schedule) => {
          const { faulty, clean } = await newHome();
          withoutFaults();
          await upload(clean, "/a", "content");
          withFaults(schedule);
          const error = await errorOf(faulty.rename("/a", "/b", isExclusive ? "Nothing" : "Files"));
          withoutFaults();
          const texts = await Promise.all(
            ["/a", "/b"].map((path) => textOf(clean, path).catch(() => undefined)),
          );
          if (error === undefined) assert.equal(texts[1], "content");
          assert.ok(texts.includes("content"));
          assert.ok(
            texts.every((text) => text === undefined || text === "content"),
            texts.join(", "),
          );
        }),
        { numRuns: RUNS },
      );
    });

    test("an upload succeeds when the response to its completion is lost", async () => {
      const { faulty, clean } = await newHome();
      for (const size of [10, PART + 10]) {
        proxy.choose = ({ method, url }) => {
          const isLast =
            method === "PUT"
              ? !url.includes("uploadId") && url.endsWith("?x-id=PutObject")
              : method === "POST" && url.includes("uploadId");
          return isLast && url.includes("/a") ? { type: "LoseAnswer" } : undefined;
        };
        await upload(faulty, "/a", patternOf(size), { type: "Create" });
        withoutFaults();
        assert.ok((await download(clean, "/a")).equals(patternOf(size)));
        await clean.remove("/a");
      }
    });

    test("an upload continues after a restart of the server", async () => {
      const { server } = running();
      const patient = await config.openTree({
        config: { ...config.config, endpoint: server.endpoint },
        limits: { attempts: 20, pause: 100, maxPause: 1000 },
      });
      const home = await patient.openHome(`/home-${++homes}`, { account: "alice" });
      const content = patternOf(3 * PART + 9);
      const handle = await home.openUpload("/a", { type: "Replace" });
      await handle.write([content.subarray(0, PART + 1)]);
      const restarted = server.restart();
      await handle.write([content.subarray(PART + 1)]);
      await restarted;
      await handle.commit();
      assert.ok((await download(home, "/a")).equals(content));
      await patient.close();
    });

    test("a damaged part is sent again", async () => {
      const { faulty, clean } = await newHome();
      const damaged = new Set<string>();
      proxy.choose = ({ method, url }) => {
        if (method !== "PUT" || damaged.has(url)) return undefined;
        damaged.add(url);
        return { type: "Damage" };
      };
      await upload(faulty, "/a", patternOf(2 * PART + 3));
      withoutFaults();
      assert.ok(damaged.size >= 3);
      assert.ok((await download(clean, "/a")).equals(patternOf(2 * PART + 3)));
    });

    // versitygw and MinIO store keys in directories, and remove a directory with its last object.
    for (const [code, status] of [
      ["ExistingObjectIsDirectory", 409],
      ["AccessDenied", 403],
    ] as const)
      test(`a replacement succeeds when the server answers ${code} because another session removes the last mark`, async () => {
        const { faulty, clean } = await newHome();
        await upload(clean, "/a", Buffer.from("old"));
        let count = 0;
        proxy.choose = ({ method, url }) =>
          method === "PUT" && /\.0(?:\?|$)/u.test(url) && ++count < 3
            ? { type: "Answer", status, code }
            : undefined;
        await upload(faulty, "/a", Buffer.from("new"));
        withoutFaults();
        assert.equal(count, 3);
        assert.equal((await download(clean, "/a")).toString(), "new");
      });

    test("requests are retried a limited number of times when the server is busy", async () => {
      const { faulty } = await newHome();
      proxy.choose = () => ({ type: "Answer", status: 503 });
      const before = proxy.requests.length;
      await rejectsWith("StorageUnavailable", faulty.stat("/a"));
      withoutFaults();
      assert.equal(proxy.requests.length - before, 3);
    });
  });
});
