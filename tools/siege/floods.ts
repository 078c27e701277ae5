/** Clients that try to exhaust the CPU time or memory of the engine. */
import { randomBytes } from "node:crypto";
import { connect as connectTls } from "node:tls";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { deflateSync } from "node:zlib";
import type { ControlClient } from "../../test/support/engine/control-client.ts";
import { type Attacker, type BrokenClient, secure } from "../soak/attacker.ts";
import { CROWD, EXPENSIVE_USERS, LARGE_FILE } from "../soak/site.ts";

/** Duration of one flood in milliseconds. */
const DURATION = 4000;
const SESSIONS = 4;
const UPLOADS = 8;
const UPLOAD_BYTES = 64 * 2 ** 20;
const COMMANDS = 30_000;
const LOGINS = 40;
const DEPTH = 90;
const UNREAD = 50;
/** 8 MiB of line feeds, compressed to 8 KB for MODE Z. TYPE A converts each line feed to two bytes. */
const LINE_FEEDS = deflateSync(Buffer.alloc(8 * 2 ** 20, "\n"), { level: 9 });
const ZEROS = deflateSync(Buffer.alloc(64 * 2 ** 20), { level: 9 });

/** Returns a client that runs `work` in several concurrent sessions. */
function inSessions(
  count: number,
  work: (attacker: Attacker, client: ControlClient) => Promise<void>,
): BrokenClient {
  return async (attacker) => {
    await Promise.all(Array.from({ length: count }, async () => work(attacker, await attacker.loggedIn())));
  };
}

/** Runs a transfer at full speed, with a time limit. */
async function transfer(
  attacker: Attacker,
  client: ControlClient,
  line: string,
  bytes?: Buffer,
): Promise<void> {
  const data = await attacker.dial(await attacker.reserve(client));
  data.resume();
  const { code } = await client.command(line);
  if (code !== 150) return;
  if (bytes !== undefined) data.end(bytes);
  await Promise.race([client.reply(), sleep(DURATION)]);
}

async function storeLineFeeds(attacker: Attacker, client: ControlClient, name: string): Promise<void> {
  await client.command("MODE Z");
  await transfer(attacker, client, `STOR ${name}`, LINE_FEEDS);
  await client.command("MODE S");
}

function asciiDownload(mode: string): BrokenClient {
  return inSessions(SESSIONS, async (attacker, client) => {
    const name = `/feeds-${randomBytes(6).toString("hex")}`;
    await storeLineFeeds(attacker, client, name);
    for (const line of ["TYPE A", mode]) await client.command(line);
    await transfer(attacker, client, `RETR ${name}`);
    await client.command(`DELE ${name}`);
  });
}

function asciiUpload(text: string): BrokenClient {
  return inSessions(SESSIONS, async (attacker, client) => {
    const name = `/ascii-${randomBytes(6).toString("hex")}`;
    await client.command("TYPE A");
    await transfer(attacker, client, `STOR ${name}`, Buffer.alloc(16 * 2 ** 20, text));
    await client.command(`DELE ${name}`);
  });
}

const zlibBomb = inSessions(SESSIONS, async (attacker, client) => {
  const name = `/zeros-${randomBytes(6).toString("hex")}`;
  await client.command("MODE Z");
  await transfer(attacker, client, `STOR ${name}`, ZEROS);
  await transfer(attacker, client, `RETR ${name}`);
  await client.command(`DELE ${name}`);
});

/** Uploads over TLS at full speed. */
const secureUploads: BrokenClient = async (attacker) => {
  const upload = async (): Promise<void> => {
    const client = await attacker.loggedInSecurely();
    const name = `/secure-${randomBytes(6).toString("hex")}`;
    const data = await attacker.dial(await attacker.reserve(client));
    const { code } = await client.command(`STOR ${name}`);
    if (code !== 150) return;
    (await secure(data)).end(Buffer.alloc(UPLOAD_BYTES));
    await Promise.race([client.reply(), sleep(DURATION)]);
    await client.command(`DELE ${name}`);
  };
  await Promise.all(Array.from({ length: UPLOADS }, upload));
};

const checksums = inSessions(SESSIONS, async (_attacker, client) => {
  client.send(`HASH ${LARGE_FILE}\r\nXCRC ${LARGE_FILE}\r\nXSHA512 ${LARGE_FILE}\r\n`.repeat(3));
  await sleep(DURATION);
});

const listings = inSessions(SESSIONS, async (attacker, client) => {
  for (const line of [`MLSD ${CROWD}`, `LIST ${CROWD}/*a*b*c*d*e*f*`, `NLST ${CROWD}`]) {
    await transfer(attacker, client, line);
  }
  client.send(`STAT ${CROWD}\r\n`);
  await sleep(DURATION / 4);
});

/** Returns a client that pipelines a command in a deep directory. */
function pipelined(line: string): BrokenClient {
  return inSessions(SESSIONS, async (_attacker, client) => {
    client.send(`MKD d\r\nCWD d\r\n`.repeat(DEPTH));
    client.send(`${line}\r\n`.repeat(COMMANDS));
    await sleep(DURATION);
  });
}

async function beforeLogin(attacker: Attacker): Promise<void> {
  for (const bytes of ["NOOP\n".repeat(COMMANDS), "FEAT\n".repeat(COMMANDS), "A".repeat(4_000_000)]) {
    (await attacker.greeted()).send(bytes);
  }
  const socket = await attacker.dial(attacker.target.controlPort);
  socket.write(Buffer.concat([Buffer.from([255, 250]), Buffer.alloc(2_000_000, "x")]));
  await sleep(DURATION / 2);
}

/** Guesses passwords of existing and unknown users concurrently, without reading replies. */
async function guesses(attacker: Attacker): Promise<void> {
  for (let index = 0; index < LOGINS; index++) {
    const client = await attacker.greeted();
    client.send(`USER ${index % 2 === 0 ? "carol" : `nobody${index}`}\r\nPASS guess${index}\r\n`);
    if (index % 3 === 0) client.duplex.destroy();
  }
  await sleep(DURATION / 2);
}

/** Guesses passwords of users whose hashes require the maximum permitted memory. */
async function expensiveGuesses(attacker: Attacker): Promise<void> {
  for (let index = 0; index < LOGINS; index++) {
    const client = await attacker.greeted();
    client.send(`USER ${EXPENSIVE_USERS[index % EXPENSIVE_USERS.length]}\r\nPASS guess${index}\r\n`);
  }
  await sleep(DURATION);
}

/** Starts compressed downloads without reading the data. */
async function unreadDownloads(attacker: Attacker): Promise<void> {
  for (let index = 0; index < UNREAD; index++) {
    const client = await attacker.loggedIn();
    for (const line of ["TYPE A", "MODE Z"]) await client.command(line);
    const data = await attacker.dial(await attacker.reserve(client));
    data.pause();
    await client.command(`RETR ${LARGE_FILE}`);
  }
  await sleep(DURATION);
}

/** Connects to the passive ports of other sessions, and sends TLS handshakes or random bytes. */
async function otherClients(attacker: Attacker): Promise<void> {
  const end = Date.now() + DURATION;
  while (Date.now() < end) {
    for (const port of attacker.target.passivePorts) {
      const socket = await attacker.dial(port);
      if (port % 2 === 0) socket.write(randomBytes(100));
      else await Promise.race([secure(socket).catch(() => undefined), sleep(50)]);
    }
    await sleep(50);
  }
}

async function renegotiations(attacker: Attacker): Promise<void> {
  const client = await attacker.greeted();
  await client.command("AUTH TLS");
  client.duplex.removeAllListeners("data");
  const secured = connectTls({ socket: client.duplex, rejectUnauthorized: false, maxVersion: "TLSv1.2" });
  secured.on("error", () => {});
  await once(secured, "secureConnect");
  const gone = once(secured, "close");
  const end = Date.now() + DURATION;
  while (Date.now() < end && !secured.destroyed) {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    if (!secured.renegotiate({}, resolve)) break;
    await Promise.race([promise, gone, sleep(DURATION)]);
  }
}

/** Sends malformed HTTP requests to the port for probes and metrics. */
async function malformedRequests(attacker: Attacker): Promise<void> {
  const port = attacker.target.metricsPort;
  for (const text of [
    "GET // HTTP/1.0\r\n\r\n",
    "GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
    "\u0016\u0003\u0001x\r\n\r\n",
  ]) {
    (await attacker.dial(port)).write(text);
  }
  await sleep(100);
}

export const FLOODS: Readonly<Record<string, BrokenClient>> = {
  "TYPE A download of line feeds": asciiDownload("MODE S"),
  "TYPE A download of line feeds, MODE Z": asciiDownload("MODE Z"),
  "TYPE A upload of line ends": asciiUpload("\r\n"),
  "TYPE A upload of carriage returns": asciiUpload("\r"),
  "MODE Z upload of a bomb": zlibBomb,
  "uploads over TLS": secureUploads,
  "checksums of a large file": checksums,
  "listings of a large directory": listings,
  "pipelined SIZE in a deep directory": pipelined("SIZE x"),
  "pipelined searches for shown names": pipelined(`SIZE ${CROWD}/a?b`),
  "pipelined STAT": pipelined("STAT"),
  "pipelined MLST": pipelined("MLST"),
  "floods before login": beforeLogin,
  "guessed passwords": guesses,
  "guessed passwords with expensive hashes": expensiveGuesses,
  "downloads without a reader": unreadDownloads,
  "other clients on passive ports": otherClients,
  "TLS renegotiation": renegotiations,
  "malformed HTTP requests": malformedRequests,
};
