/** What must hold after a round, whatever was in it. */
import { Client } from "../soak/client.ts";
import { content, same } from "../soak/jobs.ts";
import { quiet } from "../soak/measure.ts";
import { Site } from "../soak/site.ts";
import { residentMemory } from "../support/process-memory.ts";
import { play } from "./player.ts";
import type { Round } from "./round.ts";

/** What the engine may have in all while it is fuzzed, in bytes. An idle one has a third of it. */
const MEMORY_BOUND = 400 * 2 ** 20;

/** Plays a round. @returns what is wrong with the engine then; undefined when nothing is */
export async function problemOf(site: Site, round: Round): Promise<string | undefined> {
  const spoken = await Promise.all(round.map((session) => play(session, site.controlPort)));
  const malformed = spoken.map(malformedLine).find((line) => line !== undefined);
  if (malformed !== undefined) return `no reply: ${JSON.stringify(malformed)}`;
  try {
    if (!(await quiet(site))) return "something of a session is left";
    await transferAFile(site);
  } catch (error) {
    return `does not serve any more: ${String(error)}`;
  }
  const [error] = site.engine.errors;
  if (error !== undefined) return `logs an error: ${error}`;
  const { resident } = await residentMemory(site.engine.pid);
  return resident > MEMORY_BOUND ? `has ${Math.round(resident / 2 ** 20)} MiB` : undefined;
}

async function transferAFile(site: Site): Promise<void> {
  using client = await Client.open(site, "carol", true);
  const bytes = content(100_000);
  await client.upload("STOR alive", bytes);
  same(await client.download("RETR alive"), bytes, "RETR");
  await client.quit();
}

/** The first line that belongs to no reply (RFC 959 section 4.2). What follows AUTH is not text, and the last line may be cut. */
export function malformedLine(said: string): string | undefined {
  let open: string | undefined;
  for (const line of said.split("\r\n").slice(0, -1)) {
    if (line.startsWith("234 ")) return undefined;
    const [, code, mark] = /^(\d{3})([ -])[^\r\n\0]*$/u.exec(line) ?? [];
    if (open === undefined && code === undefined) return line;
    if (open === undefined) open = mark === "-" ? code : undefined;
    else if (code === open && mark === " ") open = undefined;
    else if (!line.startsWith(" ")) return line;
  }
  return undefined;
}

/** The part of a round that goes wrong by itself: one session if that is enough. */
export async function smallest(round: Round): Promise<Round> {
  for (const session of round) {
    const site = await Site.start();
    try {
      if ((await problemOf(site, [session])) !== undefined) return [session];
    } finally {
      await site.end();
    }
  }
  return round;
}
