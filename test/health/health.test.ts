import assert from "node:assert/strict";
import type { Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { Registry } from "@prometheus-io/client";
import { serveHealth } from "../../src/health/health.ts";
import { sendMalformed } from "./malformed-targets.ts";

describe("serveHealth", () => {
  let server: Server;
  let port = 0;
  let ready = false;
  const status = async (path: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${port}${path}`)).status;

  before(async () => {
    server = await serveHealth({ port: 0, registry: new Registry(), isReady: () => ready });
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    ({ port } = address);
  });
  after(() => server.close());

  test("responds 503 until it is ready, and 404 for other paths", async () => {
    assert.equal(await status("/readyz"), 503);
    ready = true;
    assert.equal(await status("/readyz"), 200);
    assert.equal(await status("/healthz?verbose"), 200);
    assert.equal(await status("/metrics"), 200);
    assert.equal(await status("/"), 404);
  });

  // id: malformed-http
  test("survives invalid request targets", async () => {
    await sendMalformed({ port, host: "127.0.0.1" });
    assert.equal(await status("/healthz"), 200);
  });
});
