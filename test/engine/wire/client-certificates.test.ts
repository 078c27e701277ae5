import assert from "node:assert/strict";
import { constants } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { before, describe, test } from "node:test";
import type { ConnectionOptions } from "node:tls";
import type { EngineTls } from "../../../src/api/engine-tls.ts";
import { systemClock } from "../../../src/common/clock.ts";
import { loadCredentials } from "../../../src/engine/tls/credentials.ts";
import { type KeyPair, makeCertificate } from "../../support/engine/certificates.ts";
import { testUser } from "../../support/engine/server.ts";
import { startTlsServer, FtpsClient, tlsConfig, type TlsServer } from "../../support/engine/tls-world.ts";

type Rules = Extract<EngineTls["clientCertificates"], { caFile: string }>;

let authority: KeyPair;
let alice: ConnectionOptions;
let stranger: ConnectionOptions;

async function shown(pair: KeyPair): Promise<ConnectionOptions> {
  return { cert: await readFile(pair.certificateFile), key: await readFile(pair.keyFile) };
}

before(async () => {
  authority = await makeCertificate({ commonName: "Test authority" });
  alice = await shown(
    await makeCertificate({
      commonName: "alice",
      alternativeNames: "email:alice@example.com,DNS:alice.example.com",
      authority,
    }),
  );
  stranger = await shown(await makeCertificate({ commonName: "alice" }));
});

function start(mode: Rules["mode"], login: Rules["login"], names = ["alice", "bob"]): Promise<TlsServer> {
  const clientCertificates = { mode, login, caFile: authority.certificateFile };
  const users = names.map((name) => testUser(name));
  return startTlsServer({ clientCertificates }, { config: { users } });
}

describe("client certificates", () => {
  // id: client-certificates
  test("Required rejects the handshake without a certificate or with one of another authority", async () => {
    await using world = await start("Required", "Password");
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      for (const certificate of [{}, stranger]) {
        const attempt = FtpsClient.explicit(world.engine, { ...certificate, maxVersion }).then((client) =>
          client.login(),
        );
        await assert.rejects(attempt);
      }
      const client = await FtpsClient.explicit(world.engine, { ...alice, maxVersion });
      assert.equal(await (await client.login()).upload("f", Buffer.from("x")), "226 Transfer complete.");
    }
    assert.equal(world.counts.get("failure Control Certificate"), 4);
  });

  test("Optional accepts no certificate and rejects an invalid one", async () => {
    await using world = await start("Optional", "Password");
    await (await FtpsClient.explicit(world.engine)).login();
    await assert.rejects(FtpsClient.explicit(world.engine, stranger).then((client) => client.login()));
  });

  test("Password requires the certificate and the password", async () => {
    await using world = await start("Required", "Password");
    const { control } = await FtpsClient.explicit(world.engine, alice);
    assert.equal(await control.code("USER alice"), 331);
    assert.equal(await control.code("PASS wrong"), 530);
  });

  // id: certificate-login
  test("CommonName logs in the user with the name of the certificate without a password, and no other user", async () => {
    await using world = await start("Optional", "CommonName");
    const { control } = await FtpsClient.explicit(world.engine, alice);
    assert.equal(await control.code("USER bob"), 331);
    assert.equal(await control.code("PASS wrong"), 530);
    assert.equal(await control.code("USER alice"), 232);
    assert.equal(await control.code("PWD"), 257);
    const { control: bare } = await FtpsClient.explicit(world.engine);
    assert.equal(await bare.code("USER alice"), 331, "without a certificate");
    assert.equal(await bare.code("PWD"), 530);
  });

  test("SubjectAlternativeName uses e-mail addresses and DNS names and ignores the common name", async () => {
    await using world = await start("Required", "SubjectAlternativeName", [
      "alice@example.com",
      "alice.example.com",
      "alice",
    ]);
    const { control } = await FtpsClient.explicit(world.engine, alice);
    assert.equal(await control.code("USER alice"), 331);
    assert.equal(await control.code("USER alice@example.com"), 232);
    assert.equal(await control.code("USER alice.example.com"), 232);
  });

  // id: account-oracle-4
  test("a certificate of a disabled account is counted and gets the reply of a name without a certificate", async () => {
    await using world = await start("Optional", "CommonName");
    world.authenticator.users = [testUser("alice", { state: "Disabled" })];
    const { control } = await FtpsClient.explicit(world.engine, alice);
    assert.deepEqual((await control.command("USER alice")).lines, ["331 Please specify the password."]);
    assert.equal(world.counts.get("login AccountDisabled"), 1);
  });

  test("a certificate with an unknown name does not log in any user", async () => {
    await using world = await start("Required", "CommonName", ["bob"]);
    const { control } = await FtpsClient.explicit(world.engine, alice);
    assert.equal(await control.code("USER alice"), 331);
    assert.equal(await control.code("PASS wrong"), 530);
  });
});

/** Options for TLS clients, keyed by the type of the TLS session that the client resumes. */
const KINDS: Readonly<Record<string, ConnectionOptions>> = {
  "a session of TLS 1.2 by its ID": { maxVersion: "TLSv1.2", secureOptions: constants.SSL_OP_NO_TICKET },
  "a ticket of TLS 1.2": { maxVersion: "TLSv1.2" },
  "a ticket of TLS 1.3": { minVersion: "TLSv1.3" },
};

/** Changes the client certificate settings. */
async function rule(
  { layer }: TlsServer,
  clientCertificates: EngineTls["clientCertificates"],
): Promise<void> {
  const tls = await tlsConfig({ clientCertificates });
  layer.reconfigure(tls, await loadCredentials(tls));
}

/** Connects and waits until the client has a TLS session to resume. */
async function connected({ engine }: TlsServer, options: ConnectionOptions): Promise<FtpsClient> {
  const client = await FtpsClient.explicit(engine, options);
  // With TLS 1.3, the client completes its handshake before the engine rejects it.
  assert.equal(await client.control.code("NOOP"), 200);
  return client;
}

/** Downloads a file and keeps the TLS session of the data connection. */
async function sessionOfDownload(client: FtpsClient): Promise<Buffer | undefined> {
  const port = await client.passivePort();
  await client.control.command("RETR f");
  const data = await client.data(port);
  let session: Buffer | undefined;
  data.on("session", (given) => (session = given)).resume();
  await once(data, "end");
  await client.control.reply();
  return session;
}

for (const [kind, options] of Object.entries(KINDS))
  describe(`a TLS session after a change of the certificate settings, ${kind}`, () => {
    test("is rejected when its authority is removed", async () => {
      await using world = await start("Required", "CommonName");
      const { session } = await connected(world, { ...alice, ...options });
      const same = await connected(world, { ...options, session });
      assert.equal(same.socket.isSessionReused(), true);
      assert.equal(await same.control.code("USER alice"), 232);
      const other = await makeCertificate({ commonName: "Another authority" });
      await rule(world, { mode: "Required", login: "CommonName", caFile: other.certificateFile });
      for (const certificate of [{}, alice])
        await assert.rejects(connected(world, { ...certificate, ...options, session }));
      assert.equal(world.counts.get("failure Control Certificate"), 2);
    });

    test("is rejected when a certificate becomes required and it has none", async () => {
      await using world = await startTlsServer();
      const { session } = await connected(world, options);
      await rule(world, { mode: "Required", login: "Password", caFile: authority.certificateFile });
      await assert.rejects(connected(world, { ...options, session }));
      const client = await connected(world, { ...alice, ...options, session });
      assert.equal(client.socket.isSessionReused(), false);
    });

    test("of an open control connection is not resumed, and data connections perform full handshakes", async () => {
      const users = ["alice", "bob"].map((name) => testUser(name));
      await using world = await startTlsServer({}, { config: { users } });
      const enter = async (name: string): Promise<FtpsClient> =>
        await (await connected(world, { ...alice, ...options })).login(name);
      const [client, bob] = [await enter("alice"), await enter("bob")];
      await rule(world, { mode: "Required", login: "Password", caFile: authority.certificateFile });
      for (const each of [client, bob])
        assert.equal(await each.upload("f", Buffer.from("x")), "226 Transfer complete.");
      assert.ok(!world.counts.keys().some((name) => /^handshake Data .*resumed/u.test(name)));
      // The TLS session of a data connection identifies the FTP session.
      const session = await sessionOfDownload(client);
      assert.match(await bob.upload("g", Buffer.from("x"), { session }), /^425 .* another session\.$/u);
      assert.equal(await client.upload("g", Buffer.from("x"), { session }), "226 Transfer complete.");
    });

    test("is rejected after its certificate has expired", async () => {
      let passed = 0;
      const clock = { ...systemClock, now: () => Date.now() + passed };
      const clientCertificates = {
        mode: "Required",
        login: "Password",
        caFile: authority.certificateFile,
      } as const;
      await using world = await startTlsServer({ clientCertificates }, { clock });
      const { session } = await connected(world, { ...alice, ...options });
      await connected(world, { ...options, session });
      passed = 25 * 60 * 60 * 1000;
      await assert.rejects(connected(world, { ...options, session }));
      assert.equal(world.counts.get("failure Control Certificate"), 1);
    });
  });
