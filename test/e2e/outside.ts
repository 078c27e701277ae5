/** Runs clients outside the cluster: FTP programs that transfer files, and probes that connect to single ports. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  CLIENTS,
  curl,
  type FtpClient,
  type Login,
  type Mode,
  type Site,
  url,
} from "../support/clients/clients.ts";
import { eventually, type OutsideHost, type TestNamespace } from "./test-namespace.ts";

/** Maximum duration of a client run in milliseconds. */
const CLIENT_TIMEOUT_MILLISECONDS = 60_000;
const FILE_BYTES = 1_000_003;
const PROBE = join(import.meta.dirname, "../support/clients/tcp-pipe.ts");

/** Returns the login and the command runner for a client on an outside host. */
export function siteOf({ cluster }: TestNamespace, login: Login, host: OutsideHost = "client"): Site {
  return {
    login,
    run: (argv) => cluster.exec(host, argv, { timeout: CLIENT_TIMEOUT_MILLISECONDS }),
  };
}

/**
 * Uploads a file of random bytes, checks that the listing contains the file, downloads the file and compares the
 * contents. Uses curl for steps that the program does not support, such as an upload with wget.
 */
export async function roundTrip(
  client: FtpClient,
  site: Site,
  mode: Mode,
  directory: string,
  bytes = FILE_BYTES,
): Promise<void> {
  const file = join(directory, `${client.name}-${mode}`, `${client.name}-${mode}.bin`);
  await mkdir(dirname(file), { recursive: true });
  const content = randomBytes(bytes);
  await writeFile(file, content);
  if (client.upload) await client.upload(site, mode, file);
  else await curl(site, mode, "-T", file, url(site));
  assert.ok((await client.list(site, mode)).includes(basename(file)), `${basename(file)} is listed`);
  await rm(file);
  await client.download(site, mode, file);
  assert.ok((await readFile(file)).equals(content), `${basename(file)} is unchanged after the round trip`);
}

/** Returns the FTP client with the given name. */
export function clientNamed(name: string): FtpClient {
  const client = CLIENTS.find((candidate) => candidate.name === name);
  if (!client) throw new Error(`unknown client ${name}`);
  return client;
}

/** Connects to a TCP port. @returns `open`, `closed`, or `silent` when packets are dropped */
export async function probe(
  namespace: TestNamespace,
  host: OutsideHost,
  address: string,
  port: number,
): Promise<string> {
  const argv = [process.execPath, PROBE, address, String(port), "--probe"];
  const { stdout, stderr } = await namespace.outside(host, argv);
  const seen = stdout.trim();
  if (seen === "") throw new Error(`the probe of ${address}:${port} failed: ${stderr}`);
  return seen;
}

/** Maximum time in milliseconds until kube-proxy routes a new address and the ports at this address are open. */
const ROUTED_LIMIT = 60_000;

/** Waits until the control port of an FtpServer accepts connections. @returns the login */
export async function answering(namespace: TestNamespace, login: Login): Promise<Login> {
  const isOpen = async () =>
    assert.equal(await probe(namespace, "client", login.host, login.port), "open", login.host);
  await eventually(`${login.host}:${login.port} answers`, isOpen, ROUTED_LIMIT);
  return login;
}
