/** Tests requests to a service that does not answer, has another clock, or breaks the rules of HTTP or S3. */
import assert from "node:assert/strict";
import dns from "node:dns";
import { readFile, rm } from "node:fs/promises";
import { createServer as createTcpServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineError } from "../../../../src/engine/errors.ts";
import { bodyOf } from "../../../../src/engine/storage/object/bodies.ts";
import { OBJECT_LIMITS, type ObjectLimits } from "../../../../src/engine/storage/object/limits.ts";
import { fileEntry } from "../../../../src/engine/storage/object/entries.ts";
import { ObjectReader } from "../../../../src/engine/storage/object/object-reader.ts";
import { makeCertificate } from "../../../support/engine/certificates.ts";
import {
  type Answer,
  credentialFiles,
  openStore,
  portOf,
  type ScriptedService,
  startService,
  type StoreParts,
} from "../../../support/s3/scripted-service.ts";

/** Time limit in milliseconds of a request that the service never answers. */
const LONG = 60_000;
const HOUR = 3_600_000;
/** Time in milliseconds after which a test fails instead of waiting forever. */
const PATIENCE = 20_000;
const never = new AbortController().signal;

/** Rejects if a promise does not settle. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  const late = sleep(PATIENCE, undefined, { ref: false }).then(() => assert.fail("did not end"));
  return await Promise.race([promise, late]);
}

/** Returns a new certificate for 127.0.0.1. */
async function tlsParts(): Promise<{ key: Buffer; cert: Buffer; caFile: string }> {
  const authority = await makeCertificate({ commonName: "S3 test authority" });
  const pair = await makeCertificate({ commonName: "s3", alternativeNames: "IP:127.0.0.1", authority });
  const [key, cert] = await Promise.all([pair.keyFile, pair.certificateFile].map((file) => readFile(file)));
  assert.ok(key !== undefined && cert !== undefined);
  return { key, cert, caFile: authority.certificateFile };
}

describe("requests for single objects", () => {
  let directory: string;
  before(async () => {
    directory = await credentialFiles();
  });
  after(() => rm(directory, { recursive: true }));

  const service = (
    answer: Answer,
    limits: Partial<ObjectLimits> = {},
    parts: StoreParts & { key?: Buffer; cert?: Buffer } = {},
  ): Promise<ScriptedService> => startService(directory, answer, limits, parts);

  test("end when they are aborted while they wait for a connection", async () => {
    const started = Promise.withResolvers<void>();
    await using s3 = await service(() => started.resolve(), { sockets: 1, sendTimeout: LONG, attempts: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = s3.store.put("first", bodyOf("x"), {}, first.signal);
    await started.promise;
    const waiting = s3.store.put("second", bodyOf("x"), {}, second.signal);
    // By then, the request has credentials and waits for the only connection.
    await sleep(200);
    second.abort();
    await assert.rejects(settled(waiting), { code: "Aborted" });
    first.abort();
    await assert.rejects(running, { code: "Aborted" });
  });

  test("end at their time limit while they wait for a connection", async () => {
    const started = Promise.withResolvers<void>();
    const limits = { sockets: 1, sendTimeout: LONG, requestTimeout: 100, attempts: 1 };
    await using s3 = await service(() => started.resolve(), limits);
    const first = new AbortController();
    const running = s3.store.put("first", bodyOf("x"), {}, first.signal);
    await started.promise;
    await assert.rejects(settled(s3.store.head("second")), { code: "StorageUnavailable" });
    first.abort();
    await assert.rejects(running, { code: "Aborted" });
  });

  for (const protocol of ["HTTP", "HTTPS"])
    test(`use the time of the service when the clocks differ, over ${protocol}`, async () => {
      const page = "<ListBucketResult><Name>files</Name></ListBucketResult>";
      const answer: Answer = (request, response) => {
        const now = Date.now() + HOUR;
        response.setHeader("date", new Date(now).toUTCString()).setHeader("etag", '"1"');
        const signed = String(request.headers["x-amz-date"]).replace(/T(..)(..)(..)Z/u, "T$1:$2:$3Z");
        const day = signed.replace(/^(\d{4})(\d{2})(\d{2})/u, "$1-$2-$3");
        if (Math.abs(now - Date.parse(day)) > HOUR / 4) {
          response.statusCode = 403;
          response.end("<Error><Code>RequestTimeTooSkewed</Code><Message>Too skewed</Message></Error>");
        } else response.end(request.url?.includes("list-type") === true ? page : "x");
      };
      const tls = protocol === "HTTPS" ? await tlsParts() : {};
      await using uploads = await service(answer, {}, tls);
      await uploads.store.put("a", bodyOf("x"));
      const stream = await uploads.store.get("a", { offset: 0, etag: '"1"' }, never);
      stream.destroy();
      await using listings = await service(answer, {}, tls);
      assert.deepEqual((await listings.store.list("d/")).objects, []);
    });

  test("end when the connection does not open in time", async (t) => {
    // The lookup never ends, so the socket never connects.
    t.mock.method(dns, "lookup", () => undefined);
    const limits = { connectTimeout: 1, requestTimeout: LONG, sendTimeout: LONG, attempts: 1 };
    const store = await openStore(directory, "http://s3.test", limits);
    const isLate = ({ code, cause }: EngineError): boolean =>
      code === "StorageUnavailable" && String(cause).includes("could not be opened in time");
    try {
      await assert.rejects(settled(store.head("a")), isLate);
      await assert.rejects(settled(store.put("a", bodyOf("x"))), isLate);
    } finally {
      store.close();
    }
  });

  test("end when the storage is closed", async () => {
    await using s3 = await service((_, response) => {
      response.setHeader("etag", '"1"').setHeader("content-length", "2").write("x");
    });
    const stream = await s3.store.get("a", { offset: 0, etag: '"1"' }, never);
    const ended = new Promise((resolve) => stream.once("error", resolve));
    stream.resume();
    s3.store.close();
    await settled(ended);
  });

  test("are repeated when a success status is followed by an error", async () => {
    let requests = 0;
    await using s3 = await service((_, response) => {
      response.setHeader("etag", '"1"');
      requests += 1;
      response.end(requests === 1 ? "<Error><Code>InternalError</Code><Message>m</Message></Error>" : "");
    });
    await s3.store.put("a", bodyOf("x"));
    assert.equal(requests, 2);
  });

  test("for a copy are sent without the SDK and return the ETag in the response", async () => {
    const seen: string[] = [];
    await using s3 = await service(({ method, url, headers }, response) => {
      const { "user-agent": agent, "x-amz-copy-source": source, "x-amz-copy-source-if-match": tag } = headers;
      seen.push(`${agent} ${method} ${url} ${String(source)} ${String(tag)}`);
      response.end("<?xml?><CopyObjectResult><ETag>&quot;2&quot;</ETag></CopyObjectResult>\n");
    });
    assert.deepEqual(await s3.store.copy({ key: "a/ü", etag: '"1"' }, "b"), { etag: '"2"' });
    assert.deepEqual(seen, ['ftp-operator PUT /files/b files/a/%C3%BC "1"']);
  });

  for (const tag of ['<ETag xmlns="x">&#34;2&#34;</ETag>', "<ETag>&#x22;2&#X22;</ETag>", '<ETag>"2"</ETag>'])
    test(`for a copy accept ${tag}`, async () => {
      await using s3 = await service((_, response) => {
        response.end(`<CopyObjectResult>${tag}</CopyObjectResult>`);
      });
      assert.deepEqual(await s3.store.copy({ key: "a", etag: '"1"' }, "b"), { etag: '"2"' });
    });

  for (const [what, text] of Object.entries({
    "an error": "<Error><Code>InternalError</Code><Message>m</Message></Error>",
    "an error after spaces": "  \n<?xml?>\n<Error><Code>InternalError</Code></Error>\n",
    "an incomplete result": "<CopyObjectResult><ETag>&quot;2&quot;</ETag>",
    "a result without an ETag": "<CopyObjectResult></CopyObjectResult>",
    nothing: "",
  }))
    test(`for a copy fail when a success status is followed by ${what}`, async () => {
      let requests = 0;
      const answer: Answer = (_, response) => void (requests++, response.end(text));
      await using s3 = await service(answer, { attempts: 2 });
      const copy = s3.store.copy({ key: "a", etag: '"1"' }, "b");
      await assert.rejects(copy, { code: "StorageUnavailable" });
      assert.equal(requests, 2);
    });

  test("for a listing page are sent without the SDK, and through the SDK when the page is unusual", async () => {
    const agents: string[] = [];
    const page = (comment: string): string =>
      `<ListBucketResult>${comment}<Name>files</Name><Contents><Key>d/a</Key><Size>1</Size><LastModified>2026-11-30T00:00:00Z</LastModified><ETag>"1"</ETag></Contents></ListBucketResult>`;
    await using s3 = await service((request, response) => {
      agents.push(request.headers["user-agent"]?.split("/")[0] ?? "");
      response.end(page(agents.length === 1 ? "" : "<!-- comment -->"));
    });
    const [first, second] = [await s3.store.list("d/"), await s3.store.list("d/")];
    assert.deepEqual(agents, ["ftp-operator", "ftp-operator", "aws-sdk-js"]);
    assert.deepEqual(first.objects, [
      { key: "d/a", size: 1, modified: new Date("2026-11-30T00:00:00Z"), etag: '"1"' },
    ]);
    assert.deepEqual(second, first);
  });

  test("that remove an object are sent without the SDK", async () => {
    const requests: string[] = [];
    await using s3 = await service(({ method, url, headers }, response) => {
      requests.push(`${method} ${url} ${headers["if-match"]} ${headers["user-agent"]}`);
      response.writeHead(204).end();
    });
    await s3.store.remove("d/a b");
    await s3.store.remove("d/a b", '"1"');
    assert.deepEqual(requests, [
      "DELETE /files/d/a%20b undefined ftp-operator",
      'DELETE /files/d/a%20b "1" ftp-operator',
    ]);
  });

  for (const [title, status, headers, body] of [
    ["ignores the range", 200, { "content-length": "5" }, "01234"],
    ["sends more bytes than the object has", 206, { "content-range": "bytes 5-9/10" }, "56789and more"],
  ] as const)
    test(`fail when the response breaks and the service then ${title}`, async () => {
      await using s3 = await service(
        (request, response) => {
          if (request.headers.range !== undefined) {
            response.writeHead(status, { etag: '"1"', ...headers }).end(body);
            return;
          }
          response.writeHead(200, { etag: '"1"', "content-length": "10" });
          response.write("01234", () => setTimeout(() => response.destroy(), 50));
        },
        { attempts: 1, readAttempts: 2 },
      );
      const closing = new AbortController();
      const { facts, stream } = (await s3.store.open("k", 0, closing.signal)) ?? assert.fail("not found");
      const reader = new ObjectReader({
        store: s3.store,
        limits: { ...OBJECT_LIMITS, pause: 1, readAttempts: 2 },
        key: "k",
        facts,
        entry: fileEntry("/k", "k", facts, { file: 0o600, directory: 0o700 }),
        first: { stream, position: 0 },
        closing,
      });
      const received: string[] = [];
      await assert.rejects(
        async () => {
          for await (const chunk of reader.chunks(0, Infinity)) received.push(Buffer.from(chunk).toString());
        },
        { code: "StorageUnavailable" },
      );
      assert.deepEqual(received, ["01234"]);
      await reader.close();
    });

  for (const content of ["<IsTruncated>true</IsTruncated>", "<Error></Error>"])
    test(`for a listing page fail when the page contains ${content}`, async () => {
      const page = `<ListBucketResult><Name>files</Name>${content}</ListBucketResult>`;
      await using s3 = await service((_, response) => void response.end(page), { attempts: 1 });
      await assert.rejects(s3.store.list("d/"), { code: "StorageUnavailable" });
    });

  test("accept a body in the response to HEAD", async () => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.on(
        "data",
        () => void socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\nnot found"),
      );
    }).listen(0, "127.0.0.1");
    const store = await openStore(directory, `http://127.0.0.1:${await portOf(server)}`, { attempts: 1 });
    try {
      assert.equal(await store.head("a"), undefined);
    } finally {
      store.close();
      server.close();
    }
  });
});
