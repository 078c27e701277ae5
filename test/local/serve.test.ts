import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { Client } from "basic-ftp";
import { program } from "../cli/command-line.ts";
import { freePorts } from "../cluster/free-ports.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";
import { makeCertificate } from "../engine/tls/certificates.ts";

const NAMES = { user: "alice", secure: true, secureOptions: { rejectUnauthorized: false } };

describe("ftp-operator serve", () => {
  it("serves a manifest: its users over its TLS, into a directory, and ends at a signal", async () => {
    await inTemporaryFolder(async (folder) => {
      const { child, port, manifest } = await startServing(folder);
      const client = new Client();
      await client.access({ host: "127.0.0.1", port, password: "wonderland", ...NAMES });
      await client.uploadFrom(manifest, "copy");
      client.close();
      assert.deepEqual(await readFile(join(folder, "files/alice/copy")), await readFile(manifest));
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      assert.equal(code, 0);
    });
  });
});

/** Begins anew where a guessed port was taken meanwhile. */
async function startServing(
  folder: string,
  tries = 5,
): Promise<{ child: ChildProcess; port: number; manifest: string }> {
  const [port = 0, metricsPort = 0, first = 0] = await freePorts(3);
  const manifest = join(folder, "server.json");
  await writeFile(manifest, JSON.stringify(await manifests(first)));
  const args = ["serve", "-f", manifest, "--directory", join(folder, "files")];
  const ports = ["--port", String(port), "--metrics-port", String(metricsPort)];
  const child = spawn(process.execPath, [program("main"), ...args, ...ports], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (await logged(child, "serving")) return { child, port, manifest };
  assert.ok(tries > 1, 'the engine never logged "serving"');
  return await startServing(folder, tries - 1);
}

/** A server that wants TLS, with all that it needs. */
async function manifests(passivePort: number): Promise<object> {
  const { certificateFile, keyFile } = await makeCertificate({ commonName: "localhost" });
  const [certificate, key] = await Promise.all([
    readFile(certificateFile, "utf8"),
    readFile(keyFile, "utf8"),
  ]);
  const secret = (name: string, stringData: object): object => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    stringData,
  });
  const server = {
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name: "local" },
    spec: {
      tls: { mode: "Required", secretName: "certificate" },
      passive: { portRange: { first: passivePort, last: passivePort + 1 } },
      users: [{ name: "alice", passwordSecretRef: { name: "alice" } }],
    },
  };
  const items = [
    server,
    secret("alice", { password: "wonderland" }),
    secret("certificate", { "tls.crt": certificate, "tls.key": key }),
  ];
  return { apiVersion: "v1", kind: "List", items };
}

/** Whether a log line with this message came before the end. */
async function logged({ stdout }: ChildProcess, message: string): Promise<boolean> {
  assert.ok(stdout);
  for await (const line of createInterface({ input: stdout })) {
    if (line.includes(`"msg":"${message}"`)) return true;
  }
  return false;
}
