/** Jobs of well-behaved clients. Each job verifies all replies and data, and removes the files that it created. */
import { createHash, randomBytes } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";
import { once } from "node:events";
import { createServer } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Client as BasicClient } from "basic-ftp";
import { Client } from "./client.ts";
import { LARGE_FILE, type Site } from "./site.ts";

const POOL = randomBytes(8 * 2 ** 20);
/** File sizes in bytes. */
const SIZES = [0, 1, 999, 16_384, 65_537, 300_000, 300_001, 1_500_000];

export interface Task {
  site: Site;
  user: string;
  secured: boolean;
  /** Absolute path of the directory that only this worker uses. */
  directory: string;
}

export type Job = (task: Task) => Promise<void>;

/** Returns random content for a file. */
export function content(size = SIZES[Math.floor(Math.random() * SIZES.length)] ?? 0): Buffer {
  const start = Math.floor(Math.random() * (POOL.length - size));
  return POOL.subarray(start, start + size);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Throws if two file contents differ. */
export function assertSame(got: Uint8Array, wanted: Uint8Array, what: string): void {
  if (sha256(got) !== sha256(wanted)) {
    throw new Error(`${what}: received ${got.length} bytes that differ from the ${wanted.length} bytes sent`);
  }
}

/** Returns a job that runs in a separate session. */
function session(work: (client: Client, directory: string) => Promise<void>): Job {
  return async ({ site, user, secured, directory }) => {
    using client = await Client.open(site, user, secured);
    await work(client, directory);
    await client.quit();
  };
}

const storeAndRetrieve = session(async (client, directory) => {
  for (const name of ["a", "b c", "ü"]) {
    const [path, bytes] = [`${directory}/${name}`, content()];
    await client.upload(`STOR ${path}`, bytes);
    const [size = ""] = await client.expect(`SIZE ${path}`, 213);
    if (size !== `213 ${bytes.length}`) throw new Error(`SIZE: ${size} instead of ${bytes.length}`);
    const [hash = ""] = await client.expect(`HASH ${path}`, 213);
    if (!hash.includes(sha256(bytes))) throw new Error(`HASH: ${hash} instead of ${sha256(bytes)}`);
    assertSame(await client.download(`RETR ${path}`), bytes, "RETR");
    await client.expect(`DELE ${path}`, 250);
  }
});

const append = session(async (client, directory) => {
  const [path, first, second] = [`${directory}/log`, content(), content()];
  await client.upload(`STOR ${path}`, first);
  await client.upload(`APPE ${path}`, second);
  assertSame(await client.download(`RETR ${path}`), Buffer.concat([first, second]), "APPE");
  await client.expect(`DELE ${path}`, 250);
});

const resume = session(async (client, directory) => {
  const [path, bytes] = [`${directory}/resumed`, content(300_000)];
  await client.upload(`STOR ${path}`, bytes.subarray(0, 100_000));
  const open = await client.dial();
  await client.expect("REST 100000", 350);
  await client.upload(`STOR ${path}`, bytes.subarray(100_000), open);
  const again = await client.dial();
  await client.expect("REST 250000", 350);
  assertSame(await client.download(`RETR ${path}`, again), bytes.subarray(250_000), "REST and RETR");
  const part = await client.dial();
  await client.expect("RANG 10 19", 350);
  assertSame(await client.download(`RETR ${path}`, part), bytes.subarray(10, 20), "RANG and RETR");
  assertSame(await client.download(`RETR ${path}`), bytes, "REST and STOR");
  await client.expect(`DELE ${path}`, 250);
});

const rename = session(async (client, directory) => {
  const bytes = content();
  await client.upload(`STOR ${directory}/old`, bytes);
  await client.expect(`RNFR ${directory}/old`, 350);
  await client.expect(`RNTO ${directory}/new`, 250);
  await client.expect(`SIZE ${directory}/old`, 550);
  assertSame(await client.download(`RETR ${directory}/new`), bytes, "RNTO");
  await client.expect(`MFMT 20200102030405 ${directory}/new`, 213);
  const [time] = await client.expect(`MDTM ${directory}/new`, 213);
  if (time !== "213 20200102030405") throw new Error(`MDTM: ${time}`);
  await client.expect(`DELE ${directory}/new`, 250);
});

const list = session(async (client, directory) => {
  const [tree, names] = [`${directory}/tree`, ["one", "two", "three"]];
  await client.expect(`MKD ${tree}`, 257);
  for (const name of names) await client.upload(`STOR ${tree}/${name}`, content(5));
  for (const verb of ["LIST", "NLST", "MLSD"]) {
    const text = (await client.download(`${verb} ${tree}`)).toString();
    const found = names.filter((name) => text.includes(name));
    if (found.length !== names.length) throw new Error(`${verb}: ${text}`);
  }
  await client.expect(`STAT ${tree}`, 212);
  for (const name of names) await client.expect(`DELE ${tree}/${name}`, 250);
  await client.expect(`RMD ${tree}`, 250);
});

const deflate = session(async (client, directory) => {
  const [path, bytes] = [`${directory}/z`, content()];
  await client.expect("MODE Z", 200);
  await client.upload(`STOR ${path}`, deflateSync(bytes, { level: 1 }));
  assertSame(inflateSync(await client.download(`RETR ${path}`)), bytes, "MODE Z");
  await client.expect("MODE S", 200);
  assertSame(await client.download(`RETR ${path}`), bytes, "MODE S after MODE Z");
  await client.expect(`DELE ${path}`, 250);
});

/**
 * Transfers files through the address in the PASV reply. The announced address changes with the configuration, and the
 * engine is reachable at every announced address.
 */
const passiveByAddress = session(async (client, directory) => {
  const numbers = /\((\d+),(\d+),(\d+),(\d+),(\d+),(\d+)\)/u;
  const [line = ""] = await client.expect("PASV", 227);
  const [, a, b, c, d, high, low] = (numbers.exec(line) ?? []).map(Number);
  const bytes = content();
  const open = await client.dialAt((high ?? 0) * 256 + (low ?? 0), [a, b, c, d].join("."));
  await client.upload(`STOR ${directory}/pasv`, bytes, open);
  assertSame(await client.download(`RETR ${directory}/pasv`), bytes, "PASV");
  await client.expect(`DELE ${directory}/pasv`, 250);
});

/** Transfers in active mode. */
const active: Job = async ({ site, user, directory }) => {
  using client = await Client.open(site, user, false);
  const bytes = content();
  await client.upload(`STOR ${directory}/active`, bytes);
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const received = once(server, "connection").then(([socket]) => buffer(socket));
  await client.expect(`EPRT |1|127.0.0.1|${port}|`, 200);
  await client.expect(`RETR ${directory}/active`, 150);
  assertSame(await received, bytes, "EPRT");
  server.close();
  await client.next(226, "EPRT and RETR");
  await client.expect(`DELE ${directory}/active`, 250);
  await client.quit();
};

/** Aborts a transfer. The session stays usable. */
const abort = session(async (client, directory) => {
  const open = await client.dial();
  await client.expect(`RETR ${LARGE_FILE}`, 150);
  const data = await open();
  data.on("error", () => {}).pause();
  await client.expect("ABOR", 426);
  await client.next(226, "ABOR");
  data.destroy();
  await client.expect(`MLST ${LARGE_FILE}`, 250);
  await client.expect(`SIZE ${directory}/nothing`, 550);
});

const withBasicFtp: Job = async ({ site, user, secured, directory }) => {
  const client = new BasicClient(20_000);
  try {
    const secureOptions = { rejectUnauthorized: false };
    const host = { host: "127.0.0.1", port: site.controlPort };
    await client.access({ ...host, user, password: "secret", secure: secured, secureOptions });
    // The job uploads no empty file. For an empty file, basic-ftp closes the data connection before the TLS handshake.
    // The engine then reports an interrupted upload.
    const [path, bytes] = [`${directory}/basic`, content(SIZES.at(-1))];
    await client.uploadFrom(Readable.from([bytes]), path);
    const arriving = new PassThrough();
    const [got] = await Promise.all([buffer(arriving), client.downloadTo(arriving, path)]);
    assertSame(got, bytes, "basic-ftp");
    const names = (await client.list(directory)).map(({ name }) => name);
    if (!names.includes("basic")) throw new Error(`listing of basic-ftp: ${names.join()}`);
    await client.remove(path);
  } finally {
    client.close();
  }
};

export const JOBS: Readonly<Record<string, Job>> = {
  "STOR, SIZE, HASH, RETR, DELE": storeAndRetrieve,
  APPE: append,
  "REST and RANG": resume,
  "RNFR and RNTO, MFMT": rename,
  "MKD, LIST, NLST, MLSD, RMD": list,
  "MODE Z": deflate,
  PASV: passiveByAddress,
  EPRT: active,
  ABOR: abort,
  "basic-ftp": withBasicFtp,
};

export const TLS_JOBS: Readonly<Record<string, Job>> = Object.fromEntries(
  Object.entries(JOBS)
    .filter(([, job]) => job !== active)
    .map(([name, job]) => [`${name}, TLS`, job]),
);
