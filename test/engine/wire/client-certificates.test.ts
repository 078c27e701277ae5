import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, describe, test } from "node:test";
import type { ConnectionOptions } from "node:tls";
import type { EngineTls } from "../../../src/api/engine-config.ts";
import { type KeyPair, makeCertificate } from "../tls/certificates.ts";
import { testUser } from "./server.ts";
import { startTlsServer, TlsClient, type TlsServer } from "./tls-world.ts";

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
  test("Required: none, or somebody else's, ends the handshake; on TLS 1.2 and 1.3", async () => {
    await using world = await start("Required", "Password");
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      for (const certificate of [{}, stranger]) {
        const attempt = TlsClient.explicit(world.server, { ...certificate, maxVersion }).then((client) =>
          client.login(),
        );
        await assert.rejects(attempt);
      }
      const client = await TlsClient.explicit(world.server, { ...alice, maxVersion });
      assert.equal(await (await client.login()).upload("f", Buffer.from("x")), "226 Transfer complete");
    }
    assert.equal(world.counts.get("failure Control Certificate"), 4);
  });

  test("Optional: none is fine, a wrong one is not", async () => {
    await using world = await start("Optional", "Password");
    await (await TlsClient.explicit(world.server)).login();
    await assert.rejects(TlsClient.explicit(world.server, stranger).then((client) => client.login()));
  });

  test("with Password one comes on top of the password", async () => {
    await using world = await start("Required", "Password");
    const { control } = await TlsClient.explicit(world.server, alice);
    assert.equal(await control.code("USER alice"), 331);
    assert.equal(await control.code("PASS wrong"), 530);
  });

  test("CommonName: the user of that name needs no password, others do", async () => {
    await using world = await start("Optional", "CommonName");
    const { control } = await TlsClient.explicit(world.server, alice);
    assert.equal(await control.code("USER bob"), 331);
    assert.equal(await control.code("PASS wrong"), 530);
    assert.equal(await control.code("USER alice"), 232);
    assert.equal(await control.code("PWD"), 257);
    const { control: bare } = await TlsClient.explicit(world.server);
    assert.equal(await bare.code("USER alice"), 331, "without a certificate");
    assert.equal(await bare.code("PWD"), 530);
  });

  test("SubjectAlternativeName: by e-mail address and by DNS name, not by common name", async () => {
    await using world = await start("Required", "SubjectAlternativeName", [
      "alice@example.com",
      "alice.example.com",
      "alice",
    ]);
    const { control } = await TlsClient.explicit(world.server, alice);
    assert.equal(await control.code("USER alice"), 331);
    assert.equal(await control.code("USER alice@example.com"), 232);
    assert.equal(await control.code("USER alice.example.com"), 232);
  });

  test("a name that is no user's logs nobody in", async () => {
    await using world = await start("Required", "CommonName", ["bob"]);
    const { control } = await TlsClient.explicit(world.server, alice);
    assert.equal(await control.code("USER alice"), 331);
    assert.equal(await control.code("PASS wrong"), 530);
  });
});
