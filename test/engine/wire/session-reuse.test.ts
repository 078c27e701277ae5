/** Tests clients that stop resuming TLS sessions, or that resume each TLS session only once. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { systemClock } from "../../../src/common/clock.ts";
import { PROOF_LIFETIME } from "../../../src/engine/tls/session-affinity.ts";
import { startTlsServer, FtpsClient, type TlsServer } from "../../support/engine/tls-world.ts";

const FILE = randomBytes(100_000);
const COMPLETE = "226 Transfer complete.";
const MUST_RESUME = "425 The data connection must resume the TLS session of the control connection.";

type Version = "TLSv1.2" | "TLSv1.3";

async function clientOf({ engine }: TlsServer, version: Version): Promise<FtpsClient> {
  const options = { minVersion: version, maxVersion: version };
  return await (await FtpsClient.explicit(engine, options)).login();
}

/** Returns a client that has resumed its TLS session before. */
async function provenClient(world: TlsServer, version: Version): Promise<FtpsClient> {
  const client = await clientOf(world, version);
  for (const name of ["one", "two"]) assert.equal(await client.upload(name, FILE), COMPLETE);
  assert.equal(await client.upload("f", FILE, {}), MUST_RESUME);
  return client;
}

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  // id: session-cache-eviction-3
  test(`a client without a resumed session is accepted when its last session is old, ${version}`, async () => {
    let ahead = 0;
    const clock = { ...systemClock, now: () => Date.now() + ahead };
    await using world = await startTlsServer({}, { clock });
    const client = await provenClient(world, version);
    // The TLS session is younger than PROOF_LIFETIME.
    ahead = PROOF_LIFETIME - 60_000;
    assert.equal(await client.upload("f", FILE, {}), MUST_RESUME);
    ahead = PROOF_LIFETIME;
    assert.equal(await client.upload("f", FILE, {}), COMPLETE);
  });

  test(`a client without a resumed session is accepted when the engine no longer accepts its sessions, ${version}`, async () => {
    await using world = await startTlsServer();
    const client = await provenClient(world, version);
    world.layer.affinity.generation += 1;
    assert.equal(await client.upload("f", FILE, {}), COMPLETE);
  });
}

test("a TLS 1.3 client that resumes each session once, like curl, gets a new one with every download", async () => {
  await using world = await startTlsServer({ sessionReuse: "Required" });
  const client = await clientOf(world, "TLSv1.3");
  world.memory.put("/f", FILE);
  let session = client.session;
  for (const _ of ["one", "two", "three"]) {
    const port = await client.passivePort();
    assert.equal(await client.control.code("RETR f"), 150);
    const data = await client.data(port, { session });
    session = undefined;
    data.on("session", (renewed) => (session = renewed));
    assert.ok((await buffer(data)).equals(FILE));
    assert.equal((await client.control.reply())?.code, 226);
    assert.ok(session);
  }
});

test("a TLS 1.3 client that resumes each session once, like curl, can connect without one afterwards", async () => {
  await using world = await startTlsServer();
  const client = await clientOf(world, "TLSv1.3");
  for (const change of [{ session: client.session }, {}, {}])
    assert.equal(await client.upload("f", FILE, change), "226 Transfer complete.");
});
