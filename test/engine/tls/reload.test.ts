import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { waitUntil } from "../../cluster/wait.ts";
import { EngineProcess } from "../../support/engine/engine-process.ts";
import { FtpsClient, tlsConfig } from "../../support/engine/tls-world.ts";
import { type KeyPair, makeCertificate } from "../../support/engine/certificates.ts";

let directory: string;
let engine: EngineProcess;
let files: KeyPair;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "tls-reload-"));
  files = { certificateFile: join(directory, "tls.crt"), keyFile: join(directory, "tls.key") };
  await put(await makeCertificate({ commonName: "first" }));
  engine = await EngineProcess.start(directory, { tls: await tlsConfig({ mode: "Implicit", ...files }) });
});
after(async () => {
  engine.kill();
  await rm(directory, { recursive: true, force: true });
});

/** Replaces the key and the certificate with two renames, almost atomically. */
async function put({ certificateFile, keyFile }: KeyPair): Promise<void> {
  await copyFile(certificateFile, `${files.certificateFile}.new`);
  await copyFile(keyFile, `${files.keyFile}.new`);
  await rename(`${files.keyFile}.new`, files.keyFile);
  await rename(`${files.certificateFile}.new`, files.certificateFile);
}

async function handshake(): Promise<TLSSocket> {
  const options = { port: engine.config.controlPort, host: "127.0.0.1", rejectUnauthorized: false };
  const socket = connect(options);
  await once(socket, "secureConnect");
  return socket;
}

async function subject(): Promise<string | undefined> {
  const socket = await handshake();
  const shown = socket.getPeerX509Certificate()?.subject;
  socket.destroy();
  return shown;
}

// id: certificate-reload
test("new handshakes use a changed certificate, an invalid one changes nothing, and the session continues", async () => {
  const session = await handshake();
  assert.equal(await subject(), "CN=first");
  await put(await makeCertificate({ commonName: "second" }));
  await engine.logged("certificate reloaded");
  assert.equal(await subject(), "CN=second");
  await writeFile(files.certificateFile, "not a certificate");
  // If a check runs between the two renames of `put`, the engine also logs another rejection.
  await engine.logged("certificate rejected, previous certificate remains in use", {
    reason: `${files.certificateFile} is not a PEM certificate`,
  });
  assert.equal(await subject(), "CN=second");
  session.write("NOOP\r\n");
  assert.match(String(await once(session, "data")), /^220 .*\r\n|^200 /u);
  const { text } = await engine.page("/metrics");
  assert.match(text, /^ftp_tls_certificate_expiry_timestamp_seconds [1-9]/mu);
  assert.match(text, /^ftp_tls_certificate_reloads_total\{result="Accepted"\} [1-9]/mu);
  assert.match(
    text,
    /^ftp_tls_handshakes_total\{connection="Control",version="TLSv1.3",resumed="false"\} [1-9]/mu,
  );
});

const TLS_REJECTED = "TLS configuration change rejected, other changes applied";

test("a configuration without a readable certificate uses the previous one when the settings for handshakes are unchanged", async () => {
  const tls = await tlsConfig({ mode: "Implicit", certificateFile: "/nowhere/tls.crt" });
  await engine.change({ generation: "broken", tls });
  const { reason } = await engine.logged(TLS_REJECTED);
  assert.equal(reason, "/nowhere/tls.crt cannot be read (ENOENT)");
  assert.equal(await subject(), "CN=second");
});

describe("TLS that cannot be loaded", () => {
  let plain: EngineProcess;
  beforeEach(async () => {
    plain = await EngineProcess.start(directory);
  });
  afterEach(() => plain.kill());

  test("delays no other change, and permits no plain login that the configuration forbids", async () => {
    const nowhere = { certificateFile: "/nowhere/tls.crt", keyFile: "/nowhere/tls.key" };
    using session = await plain.login();
    await plain.change({ generation: "2", tls: await tlsConfig(nowhere), users: [] });
    assert.match((await session.reply(421)).lines.join(), /421 Account removed/u);
    await assert.rejects(plain.login());
    await plain.change({ generation: "3", tls: await tlsConfig(nowhere) });
    await becomes(() => plain.login().then((login) => login[Symbol.dispose]()));
    await plain.change({ generation: "4", tls: await tlsConfig({ mode: "Required", ...nowhere }) });
    await becomes(() => assert.rejects(plain.login(), /530 TLS required; send AUTH TLS first./u));
    assert.match((await plain.page("/metrics")).text, /^ftp_config_reloads_total\{result="Rejected"\} 3$/mu);
    await plain.change({ generation: "5" });
    await plain.logged("configuration changed", { generation: "5" });
    (await plain.login())[Symbol.dispose]();
  });

  test("is loaded when its files are valid, and permits no handshakes with the old settings until then", async () => {
    const pair = { certificateFile: join(directory, "own.crt"), keyFile: join(directory, "own.key") };
    const [one, two] = [
      await makeCertificate({ commonName: "1" }),
      await makeCertificate({ commonName: "2" }),
    ];
    const { controlPort } = plain.config;
    await copyFile(one.certificateFile, pair.certificateFile);
    await copyFile(one.keyFile, pair.keyFile);
    await plain.change({ generation: "2", tls: await tlsConfig(pair) });
    await plain.logged("configuration changed", { generation: "2" });
    (await FtpsClient.explicit({ controlPort }, { maxVersion: "TLSv1.2" })).socket.destroy();
    await copyFile(two.certificateFile, pair.certificateFile);
    await plain.change({ generation: "3", tls: await tlsConfig({ ...pair, minimumVersion: "TLS13" }) });
    await plain.logged(TLS_REJECTED, { reason: `${pair.keyFile} is not the key of ${pair.certificateFile}` });
    await assert.rejects(
      FtpsClient.explicit({ controlPort }, { maxVersion: "TLSv1.2" }),
      /AUTH was rejected/u,
    );
    await copyFile(two.keyFile, pair.keyFile);
    await plain.logged("configuration changed", { generation: "3" });
    await assert.rejects(
      FtpsClient.explicit({ controlPort }, { maxVersion: "TLSv1.2" }),
      /protocol version/u,
    );
    const { socket } = await FtpsClient.explicit({ controlPort });
    assert.equal(socket.getPeerX509Certificate()?.subject, "CN=2");
    socket.destroy();
    assert.match((await plain.page("/metrics")).text, /^ftp_config_info\{generation="3"\} 1$/mu);
  });
});

/** Waits until `check` succeeds. */
function becomes(check: () => Promise<void>): Promise<void> {
  return waitUntil("the change holds", 60_000, check);
}
