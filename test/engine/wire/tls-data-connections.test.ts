/** Tests data connections with TLS from the client of the FTP session and from other users. */
import assert from "node:assert/strict";
import { closed } from "../../support/engine/control-client.ts";
import { constants, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { connect } from "node:tls";
import { testConfig, testUser } from "../../support/engine/server.ts";
import { clientOf, FtpsClient, startTlsServer, type TlsVersion } from "../../support/engine/tls-world.ts";

const FILE = randomBytes(3_000_000);
const SMALL_FILE = randomBytes(100_000);
const VERSIONS = ["TLSv1.2", "TLSv1.3"] as const;
const CLIENTS: readonly [what: string, maskedClients: string[]][] = [
  ["a client", []],
  ["a client with a masked address", ["127.0.0.0/8"]],
];

describe("data connections", () => {
  // id: session-reuse-required
  test("sessionReuse Required rejects a connection that resumes no session", async () => {
    await using world = await startTlsServer({ sessionReuse: "Required" });
    const client = await (await FtpsClient.explicit(world.engine)).login();
    const refused = "425 The data connection must resume the TLS session of the control connection.";
    assert.equal(await client.upload("f", FILE, {}), refused);
    assert.equal(world.memory.files.size, 0);
    assert.equal(await client.upload("f", FILE), "226 Transfer complete.");
  });

  test("an upload with TLS 1.2 without tickets and resumption is stored", async () => {
    await using world = await startTlsServer();
    const options = { maxVersion: "TLSv1.2", secureOptions: constants.SSL_OP_NO_TICKET } as const;
    const client = await (await FtpsClient.explicit(world.engine, options)).login();
    assert.equal(await client.upload("f", FILE, {}), "226 Transfer complete.");
    assert.equal(world.counts.get("handshake Data TLSv1.2"), 1);
  });

  for (const version of VERSIONS) {
    // id: passive-port-guessing-2
    test(`with the TLS session of another user are rejected, ${version}`, async () => {
      const users = [testUser("alice"), testUser("mallory")];
      await using world = await startTlsServer({}, { config: { users } });
      const options = { minVersion: version, maxVersion: version };
      const alice = await (await FtpsClient.explicit(world.engine, options)).login();
      const mallory = await (await FtpsClient.explicit(world.engine, options)).login("mallory");
      const stolen = await alice.upload("f", FILE, { session: mallory.session });
      assert.equal(stolen, "425 The data connection belongs to another session.");
      assert.equal(world.memory.files.size, 0);
    });

    test(`with a TLS session of the same user are accepted, ${version}`, async () => {
      await using world = await startTlsServer({ sessionReuse: "Required" });
      const options = { minVersion: version, maxVersion: version };
      const first = await (await FtpsClient.explicit(world.engine, options)).login();
      const second = await (await FtpsClient.explicit(world.engine, options)).login();
      assert.equal(await second.upload("f", FILE, { session: first.session }), "226 Transfer complete.");
    });

    for (const [what, bytes] of [
      ["an upload", FILE],
      ["an upload of which nothing came yet", Buffer.alloc(0)],
    ] as const) {
      // id: upload-without-close-notify
      test(`fail the upload of ${what} without close_notify unless missingCloseNotify is Allow, ${version}`, () =>
        cutUpload(version, bytes));
    }
  }

  test("a connection without TLS ends after a timeout or by ABOR", async () => {
    const limits = { ...testConfig().limits, dataConnectTimeoutSeconds: 1 };
    await using world = await startTlsServer({}, { config: { limits } });
    const client = await (await FtpsClient.explicit(world.engine)).login();
    const late = connectPlain(await client.passivePort(), "127.0.0.1");
    assert.equal(await client.control.code("STOR f"), 150);
    assert.match(
      (await client.control.reply())?.lines[0] ?? "",
      /^425 TLS handshake on port \d+ not finished/u,
    );
    world.engine.reconfigure({ ...world.config, limits: testConfig().limits });
    const other = connectPlain(await client.passivePort(), "127.0.0.1");
    assert.equal(await client.control.code("STOR f"), 150);
    assert.equal(await client.control.code("ABOR"), 426);
    assert.equal((await client.control.reply())?.code, 226);
    for (const socket of [late, other]) socket.destroy();
  });

  for (const version of VERSIONS) {
    for (const [what, maskedClients] of CLIENTS)
      test(`${what} that never resumes transfers all files when no other connection arrives, ${version}`, async () => {
        await using world = await startTlsServer({}, { config: { maskedClients } });
        const client = await clientOf(world, version);
        for (const bytes of [SMALL_FILE, Buffer.alloc(0), SMALL_FILE]) {
          assert.equal(await client.upload("f", bytes, {}), "226 Transfer complete.");
          assert.ok((await client.download("RETR f", {})).bytes.equals(bytes));
        }
      });

    test(`a client that finishes its handshake before the transfer command uploads and downloads, ${version}`, async () => {
      await using world = await startTlsServer();
      const client = await clientOf(world, version);
      for (const change of [{}, { session: client.session }]) {
        const upload = await client.data(await client.passivePort(), change);
        await once(upload, "secureConnect");
        assert.equal(await client.control.code("STOR f"), 150);
        upload.end(SMALL_FILE);
        assert.equal((await client.control.reply())?.lines[0], "226 Transfer complete.");
        const download = await client.data(await client.passivePort(), change);
        await once(download, "secureConnect");
        assert.equal(await client.control.code("RETR f"), 150);
        assert.ok((await buffer(download)).equals(SMALL_FILE));
        assert.equal((await client.control.reply())?.lines[0], "226 Transfer complete.");
      }
    });
  }

  test("PROT P after EPSV, like PROT C, releases the port and closes its connections", async () => {
    await using world = await startTlsServer({ dataProtection: "Optional" });
    const client = await clientOf(world, "TLSv1.3");
    for (const [before, after] of [
      ["PROT C", "PROT P"],
      ["PROT P", "PROT C"],
    ] as const) {
      assert.equal(await client.control.code(before), 200);
      const port = await client.passivePort();
      const early = connectPlain(port, "127.0.0.1").on("error", () => {});
      await once(early, "connect");
      assert.equal(await client.control.code(after), 200);
      early.resume();
      await closed(early);
      assert.equal(await client.control.code("STOR f"), 425);
    }
  });
});

/** Ends the TCP connection of an upload without a close_notify. */
async function cutUpload(version: TlsVersion, bytes: Uint8Array): Promise<void> {
  for (const missingCloseNotify of ["Deny", "Allow"] as const) {
    const uploads = { incomplete: "Remove", sync: "Never", missingCloseNotify } as const;
    await using world = await startTlsServer({}, { config: { uploads } });
    const client = await (
      await FtpsClient.explicit(world.engine, { minVersion: version, maxVersion: version })
    ).login();
    const port = await client.passivePort();
    assert.equal(await client.control.code("STOR f"), 150);
    const raw = connectPlain(port, "127.0.0.1");
    const socket = connect({ socket: raw, rejectUnauthorized: false, session: client.session });
    // The engine sends a TLS alert when it rejects the upload.
    socket.on("error", () => {});
    await once(socket, "secureConnect");
    await new Promise((resolve) => socket.write(bytes, resolve));
    Reflect.get(socket, "_parent").end();
    raw.end();
    const refused = "426 The upload ended without a TLS close_notify.";
    const answer = (await client.control.reply())?.lines[0];
    assert.equal(answer, missingCloseNotify === "Deny" ? refused : "226 Transfer complete.");
    const reasons = world.log.entries.map(({ fields }) => ("reason" in fields ? fields.reason : undefined));
    assert.equal(reasons.includes(refused.slice(4, -1)), missingCloseNotify === "Deny");
    assert.equal(world.memory.files.has("/f"), missingCloseNotify === "Allow");
  }
}
