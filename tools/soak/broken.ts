/**
 * Clients that break the protocol. Broken clients use separate addresses, so that limits for one address do not affect
 * well-behaved clients.
 */
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlClient } from "../../test/support/engine/control-client.ts";
import { type Attacker, type BrokenClient, secure } from "./attacker.ts";
import { LARGE_FILE } from "./site.ts";

const HOARDED = 12;
/** Time in milliseconds that slightly exceeds the login timeout of the engine. */
const WAIT = 6000;

async function garbage(attacker: Attacker): Promise<void> {
  for (const client of [await attacker.greeted(), await attacker.loggedIn()]) {
    client.send(randomBytes(64 * 1024));
    client.send("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await sleep(200);
  }
}

async function halfLine(attacker: Attacker): Promise<void> {
  const client = await attacker.greeted();
  client.send("USER bo");
  await client.reply();
}

async function hang(attacker: Attacker): Promise<void> {
  const socket = await attacker.dial(attacker.target.controlPort);
  socket.resume();
  await Promise.race([once(socket, "close"), sleep(WAIT)]);
}

/** Starts a download without opening the data connection. */
async function dataNeverOpened(attacker: Attacker): Promise<void> {
  const client = await attacker.loggedIn();
  await attacker.reserve(client);
  await client.command(`RETR ${LARGE_FILE}`);
  const answer = await client.reply();
  if (answer?.code !== 425) throw new Error(`${answer?.lines.join() ?? "closed"} instead of 425`);
}

/** Resets the data connection during a download. */
async function resetInDownload(attacker: Attacker): Promise<void> {
  const client = await attacker.loggedIn();
  const data = await attacker.dial(await attacker.reserve(client));
  client.send(`RETR ${LARGE_FILE}\r\n`);
  await Promise.race([once(data, "data"), sleep(WAIT)]);
  data.resetAndDestroy();
  await client.reply();
}

/** Resets the data connection during an upload. The incomplete file must not become visible. */
async function resetInUpload(attacker: Attacker): Promise<void> {
  const [client, path] = [await attacker.loggedIn(), uniquePath()];
  const data = await attacker.dial(await attacker.reserve(client));
  await client.command(`STOR ${path}`);
  data.write(randomBytes(100_000));
  // A random pause determines whether the engine receives the reset separately or together with the last bytes.
  await sleep(randomInt(2) * 50);
  data.resetAndDestroy();
  await assertFailedUpload(client, path);
}

/** Resets the control connection and then the data connection during an upload. */
async function controlReset(attacker: Attacker): Promise<void> {
  const client = await attacker.loggedIn();
  const data = await attacker.dial(await attacker.reserve(client));
  await client.command("STOR /lost");
  data.write(randomBytes(100_000));
  await sleep(50);
}

/** Closes the TCP connection below TLS without a close_notify, like an attacker on the network path. */
async function tlsCut(attacker: Attacker): Promise<void> {
  const [client, path] = [await attacker.loggedInSecurely(), uniquePath()];
  const raw = await attacker.dial(await attacker.reserve(client));
  await client.command(`STOR ${path}`);
  const data = await secure(raw);
  data.write(randomBytes(100_000));
  await sleep(50);
  raw.destroy();
  await assertFailedUpload(client, path);
}

/** Sends the start of a ClientHello on a data connection and on a control connection. */
async function handshakeCut(attacker: Attacker): Promise<void> {
  const half = Buffer.from("16030100c8010000c40303", "hex");
  const client = await attacker.loggedInSecurely();
  const data = await attacker.dial(await attacker.reserve(client));
  await client.command(`RETR ${LARGE_FILE}`);
  data.write(half);
  const other = await attacker.greeted();
  await other.command("AUTH TLS");
  other.send(half);
  await sleep(WAIT);
}

/** Opens many sessions that reserve passive ports without using them. */
async function hoarder(attacker: Attacker): Promise<void> {
  for (let index = 0; index < HOARDED; index++) {
    const client = await attacker.loggedIn();
    client.send("EPSV\r\nPASV\r\n");
  }
  await sleep(WAIT / 2);
}

/** Reads a file slowly, and then stops reading. */
async function slowReader(attacker: Attacker): Promise<void> {
  const client = await attacker.loggedIn();
  const data = await attacker.dial(await attacker.reserve(client));
  await client.command(`RETR ${LARGE_FILE}`);
  data.pause();
  for (let index = 0; index < 10; index++) {
    data.read(1024);
    await sleep(200);
  }
  await client.reply();
}

/** Sends commands without reading the replies. */
async function readsNoReplies(attacker: Attacker): Promise<void> {
  const client = await attacker.loggedIn();
  client.duplex.removeAllListeners("data").pause();
  for (let index = 0; index < 50; index++) client.send("HELP\r\nFEAT\r\nSTAT\r\n".repeat(20));
  await sleep(WAIT / 2);
}

/** Connects to all passive ports and sends data. */
async function scanner(attacker: Attacker): Promise<void> {
  for (const port of attacker.target.passivePorts) (await attacker.dial(port)).write("hello");
  await sleep(500);
}

async function wrongPassword(attacker: Attacker): Promise<void> {
  const client = await attacker.greeted();
  await client.command("USER carol");
  await client.command("PASS guessed");
}

/** Logs in as a user that configuration changes add and remove. */
async function guest(attacker: Attacker): Promise<void> {
  const client = await attacker.greeted();
  await client.command("USER guest");
  await client.command("PASS secret");
  await client.command("EPSV");
}

function uniquePath(): string {
  return `/cut-${randomBytes(6).toString("hex")}`;
}

/** Asserts that the engine reports the failed upload with reply code 4yz, and that the file does not exist. */
async function assertFailedUpload(client: ControlClient, path: string): Promise<void> {
  const answer = await client.reply();
  if (answer === undefined || answer.code < 400)
    throw new Error(`reply to an interrupted upload: ${answer?.lines.join()}`);
  // SIZE and MLST would report the size of the incomplete upload.
  const there = await client.code(`RNFR ${path}`);
  if (there !== 550) throw new Error(`an interrupted upload is visible: ${there}`);
  await client.command(`DELE ${path}`);
}

export const BROKEN_CLIENTS: Readonly<Record<string, BrokenClient>> = {
  garbage: garbage,
  "incomplete command line": halfLine,
  "silent connection": hang,
  "data connection never opened": dataNeverOpened,
  "connection reset in a download": resetInDownload,
  "connection reset in an upload": resetInUpload,
  "control connection reset": controlReset,
  "TLS connection without close_notify": tlsCut,
  "interrupted TLS handshake": handshakeCut,
  "client that reserves passive ports": hoarder,
  "slow reader": slowReader,
  "reads no replies": readsNoReplies,
  "port scan": scanner,
  "wrong password": wrongPassword,
  "user added and removed": guest,
};
