/** SIGTERM while files are on their way: they must arrive. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ControlClient } from "../../test/support/engine/control-client.ts";
import { Client } from "./client.ts";
import { content, same } from "./jobs.ts";
import { LARGE_FILE, type Site } from "./site.ts";
import type { Tally } from "./tally.ts";

const TRANSFERS_PER_KIND = 2;
/** Each transfer is cut into so many pieces, with so many milliseconds in between. */
const PIECES = 100;
const PAUSE = 30;
const UPLOAD_SIZE = 4_000_000;

/** Sends SIGTERM with transfers running. @returns the engine's exit code */
export async function drain(site: Site, tally: Tally): Promise<number | null> {
  const kinds = [false, true].flatMap((secured) => [
    { name: `upload over SIGTERM${secured ? ", TLS" : ""}`, move: upload, secured },
    { name: `download over SIGTERM${secured ? ", TLS" : ""}`, move: download, secured },
  ]);
  const chosen = Array.from({ length: TRANSFERS_PER_KIND }, () => kinds).flat();
  const sessions = await Promise.all(chosen.map(({ secured }) => Client.open(site, "alice", secured)));
  const moved = chosen.map(async ({ name, move }, index) => {
    const client = sessions[index];
    if (client === undefined) return;
    await tally.run(name, async () => {
      await move(client, index, site);
      await client.quit();
    });
  });
  await sleep((PIECES * PAUSE) / 4);
  site.engine.signal();
  await site.engine.logged("draining");
  await tally.run("421 over SIGTERM", () => refused(site));
  await Promise.all(moved);
  return await Promise.race([site.engine.ended, sleep(30_000, null, { ref: false })]);
}

async function upload(client: Client, index: number, { engine }: Site): Promise<void> {
  const [bytes, name] = [content(UPLOAD_SIZE), `drain-${index}`];
  const open = await client.dial();
  await client.expect(`STOR /${name}`, 150);
  const data = await open();
  const step = UPLOAD_SIZE / PIECES;
  for (let start = 0; start < UPLOAD_SIZE; start += step) {
    data.write(bytes.subarray(start, start + step));
    await sleep(PAUSE);
  }
  data.end();
  await client.next(226, "STOR over SIGTERM");
  same(await readFile(join(engine.config.storage.root, "alice", name)), bytes, "STOR over SIGTERM");
}

async function download(client: Client, _index: number, { engine }: Site): Promise<void> {
  const wanted = await readFile(join(engine.config.storage.root, "alice", LARGE_FILE));
  const open = await client.dial();
  await client.expect(`RETR ${LARGE_FILE}`, 150);
  const parts: Buffer[] = [];
  for await (const part of await open()) {
    parts.push(part);
    if (parts.length < PIECES) await sleep(PAUSE);
  }
  await client.next(226, "RETR over SIGTERM");
  same(Buffer.concat(parts), wanted, "RETR over SIGTERM");
}

async function refused(site: Site): Promise<void> {
  const answer = await (await ControlClient.overTcp(site)).reply();
  if (answer?.code !== 421) throw new Error(`a new session got ${answer?.lines.join() ?? "nothing"}`);
}
