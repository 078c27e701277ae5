/** Clients that do wrong, each in its own way. They come from other addresses than those that do well, as they share nothing with them. */
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlClient } from "../../test/support/engine/control-client.ts";
import { type Attacker, type Misdeed, secure } from "./attacker.ts";
import { LARGE_FILE } from "./site.ts";

const HOARDED = 12;
/** A little longer than the engine waits for a login, in milliseconds. */
const PATIENCE = 6000;

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
  await Promise.race([once(socket, "close"), sleep(PATIENCE)]);
}

/** 150, and then nobody comes. */
async function dataNeverDialled(attacker: Attacker): Promise<void> {
  const client = await attacker.loggedIn();
  await attacker.reserve(client);
  await client.command(`RETR ${LARGE_FILE}`);
  const answer = await client.reply();
  if (answer?.code !== 425) throw new Error(`${answer?.lines.join() ?? "closed"} instead of 425`);
}

/** Reads some of a file and goes. */
async function resetInDownload(attacker: Attacker): Promise<void> {
  const client = await attacker.loggedIn();
  const data = await attacker.dial(await attacker.reserve(client));
  client.send(`RETR ${LARGE_FILE}\r\n`);
  await Promise.race([once(data, "data"), sleep(PATIENCE)]);
  data.resetAndDestroy();
  await client.reply();
}

/** Sends some of a file and resets; what it sent must not appear as the file. */
async function resetInUpload(attacker: Attacker): Promise<void> {
  const [client, path] = [await attacker.loggedIn(), uniquePath()];
  const data = await attacker.dial(await attacker.reserve(client));
  await client.command(`STOR ${path}`);
  data.write(randomBytes(100_000));
  // The reset comes while nothing else does, or together with the last bytes.
  await sleep(randomInt(2) * 50);
  data.resetAndDestroy();
  await refused(client, path);
}

/** Goes in the middle of an upload, control connection first. */
async function controlReset(attacker: Attacker): Promise<void> {
  const client = await attacker.loggedIn();
  const data = await attacker.dial(await attacker.reserve(client));
  await client.command("STOR /lost");
  data.write(randomBytes(100_000));
  await sleep(50);
}

/** TLS on a data connection that ends without close_notify, as anyone in between can end it. */
async function tlsCut(attacker: Attacker): Promise<void> {
  const [client, path] = [await attacker.loggedInSecurely(), uniquePath()];
  const raw = await attacker.dial(await attacker.reserve(client));
  await client.command(`STOR ${path}`);
  const data = await secure(raw);
  data.write(randomBytes(100_000));
  await sleep(50);
  raw.destroy();
  await refused(client, path);
}

/** Half a ClientHello on both channels. */
async function handshakeCut(attacker: Attacker): Promise<void> {
  const half = Buffer.from("16030100c8010000c40303", "hex");
  const client = await attacker.loggedInSecurely();
  const data = await attacker.dial(await attacker.reserve(client));
  await client.command(`RETR ${LARGE_FILE}`);
  data.write(half);
  const other = await attacker.greeted();
  await other.command("AUTH TLS");
  other.send(half);
  await sleep(PATIENCE);
}

/** Many sessions that reserve ports and never use them. */
async function hoarder(attacker: Attacker): Promise<void> {
  for (let index = 0; index < HOARDED; index++) {
    const client = await attacker.loggedIn();
    client.send("EPSV\r\nPASV\r\n");
  }
  await sleep(PATIENCE / 2);
}

/** Takes a file a little at a time, then not at all. */
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

/** Sends commands and reads no replies. */
async function deaf(attacker: Attacker): Promise<void> {
  const client = await attacker.loggedIn();
  client.duplex.removeAllListeners("data").pause();
  for (let index = 0; index < 50; index++) client.send("HELP\r\nFEAT\r\nSTAT\r\n".repeat(20));
  await sleep(PATIENCE / 2);
}

/** Connects to every passive port, some with something to say. */
async function scanner(attacker: Attacker): Promise<void> {
  for (const port of attacker.target.passivePorts) (await attacker.dial(port)).write("hello");
  await sleep(500);
}

async function wrongPassword(attacker: Attacker): Promise<void> {
  const client = await attacker.greeted();
  await client.command("USER carol");
  await client.command("PASS guessed");
}

/** Where the configuration has this user or not. */
async function guest(attacker: Attacker): Promise<void> {
  const client = await attacker.greeted();
  await client.command("USER guest");
  await client.command("PASS secret");
  await client.command("EPSV");
}

function uniquePath(): string {
  return `/cut-${randomBytes(6).toString("hex")}`;
}

/** An upload that broke is answered 4yz, and its file is not there. */
async function refused(client: ControlClient, path: string): Promise<void> {
  const answer = await client.reply();
  if (answer === undefined || answer.code < 400) throw new Error(`a cut upload got ${answer?.lines.join()}`);
  // SIZE and MLST would show how much of it can be resumed.
  const there = await client.code(`RNFR ${path}`);
  if (there !== 550) throw new Error(`a cut upload is there: ${there}`);
  await client.command(`DELE ${path}`);
}

export const MISDEEDS: Readonly<Record<string, Misdeed>> = {
  garbage: garbage,
  "incomplete command line": halfLine,
  "silent connection": hang,
  "data connection never opened": dataNeverDialled,
  "connection reset in a download": resetInDownload,
  "connection reset in an upload": resetInUpload,
  "control connection reset": controlReset,
  "TLS connection without close_notify": tlsCut,
  "interrupted TLS handshake": handshakeCut,
  "client that reserves passive ports": hoarder,
  "slow reader": slowReader,
  "reads no replies": deaf,
  "port scan": scanner,
  "wrong password": wrongPassword,
  "user added and removed": guest,
};
