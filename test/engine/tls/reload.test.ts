import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { EngineProcess } from "../engine-process.ts";
import { tlsConfig } from "../wire/tls-world.ts";
import { type KeyPair, makeCertificate } from "./certificates.ts";

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

/** Replaces both files at once, as far as that goes. */
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

test("new handshakes show a changed certificate, a bad one changes nothing, and the session goes on", async () => {
  const session = await handshake();
  assert.equal(await subject(), "CN=first");
  await put(await makeCertificate({ commonName: "second" }));
  await engine.logged("certificate reloaded");
  assert.equal(await subject(), "CN=second");
  await writeFile(files.certificateFile, "not a certificate");
  // Between the two renames above there may have been another refusal.
  await engine.logged("the changed certificate is refused; the old one stays in force", {
    problem: `${files.certificateFile} is not a PEM certificate`,
  });
  assert.equal(await subject(), "CN=second");
  session.write("NOOP\r\n");
  assert.match(String(await once(session, "data")), /^220 .*\r\n|^200 /u);
  const { text } = await engine.page("/metrics");
  assert.match(text, /^ftp_tls_certificate_expiry_timestamp_seconds [1-9]/mu);
  assert.match(text, /^ftp_tls_certificate_reloads_total\{result="Accepted"\} [1-9]/mu);
  assert.match(
    text,
    /^ftp_tls_handshakes_total\{channel="Control",version="TLSv1.3",resumed="false"\} [1-9]/mu,
  );
});

test("a configuration whose certificate can not be read is refused as a whole", async () => {
  const tls = await tlsConfig({ mode: "Implicit", certificateFile: "/nowhere/tls.crt" });
  await engine.change({ generation: "broken", tls });
  const { problem } = await engine.logged("the changed configuration is refused; the old one stays in force");
  assert.equal(problem, "/nowhere/tls.crt cannot be read (ENOENT)");
  assert.equal(await subject(), "CN=second");
});
