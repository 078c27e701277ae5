/** Checks that the engine completes running transfers after SIGTERM. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ControlClient } from "../../test/support/engine/control-client.ts";
import { Client } from "./client.ts";
import { assertSame, content } from "./jobs.ts";
import { LARGE_FILE, type Site } from "./site.ts";
import type { Tally } from "./tally.ts";

const TRANSFERS_PER_KIND = 2;
/** Number of chunks in each transfer, and the pause between two chunks in milliseconds. */
const PIECES = 100;
const PAUSE = 30;
const UPLOAD_SIZE = 4_000_000;

/** Sends SIGTERM during transfers. Returns the exit code of the engine process. */
export async function drain(site: Site, tally: Tally): Promise<number | null> {
  const kinds = [false, true].flatMap((secured) => [
    { name: `upload during SIGTERM${secured ? ", TLS" : ""}`, move: upload, secured },
    { name: `download during SIGTERM${secured ? ", TLS" : ""}`, move: download, secured },
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
  await tally.run("421 after SIGTERM", () => assertRejected(site));
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
  await client.next(226, "STOR during SIGTERM");
  assertSame(await readFile(join(engine.root, "alice", name)), bytes, "STOR during SIGTERM");
}

async function download(client: Client, _index: number, { engine }: Site): Promise<void> {
  const wanted = await readFile(join(engine.root, "alice", LARGE_FILE));
  const open = await client.dial();
  await client.expect(`RETR ${LARGE_FILE}`, 150);
  const parts: Buffer[] = [];
  for await (const part of await open()) {
    parts.push(part);
    if (parts.length < PIECES) await sleep(PAUSE);
  }
  await client.next(226, "RETR during SIGTERM");
  assertSame(Buffer.concat(parts), wanted, "RETR during SIGTERM");
}

/** Asserts that a new session is rejected. */
async function assertRejected(site: Site): Promise<void> {
  const answer = await (await ControlClient.overTcp(site)).reply();
  if (answer?.code !== 421) throw new Error(`reply to a new session: ${answer?.lines.join() ?? "none"}`);
}
