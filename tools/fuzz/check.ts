/** Checks the engine after each round. */
import { Client } from "../soak/client.ts";
import { assertSame, content } from "../soak/jobs.ts";
import { quiet } from "../soak/measure.ts";
import { Site } from "../soak/site.ts";
import { residentMemory } from "../support/process-memory.ts";
import { play } from "./player.ts";
import type { Round } from "./round.ts";

/** Maximum resident memory of the engine in bytes. An idle engine uses a third of this limit. */
const MEMORY_BOUND = 400 * 2 ** 20;

/** Runs a round. Returns the violation, or undefined when the engine passes all checks. */
export async function violationOf(site: Site, round: Round): Promise<string | undefined> {
  const output = await Promise.all(round.map((session) => play(session, site.controlPort)));
  const malformed = output.map(malformedLine).find((line) => line !== undefined);
  if (malformed !== undefined) return `sends a line that is not a reply: ${JSON.stringify(malformed)}`;
  try {
    if (!(await quiet(site))) return "does not release the resources of a session";
    await transferAFile(site);
  } catch (error) {
    return `does not transfer a file: ${String(error)}`;
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
  assertSame(await client.download("RETR alive"), bytes, "RETR");
  await client.quit();
}

/**
 * Returns the first line that is not part of a valid reply (RFC 959 section 4.2). Ignores an incomplete last line, and
 * ignores binary data after AUTH.
 */
export function malformedLine(output: string): string | undefined {
  let open: string | undefined;
  for (const line of output.split("\r\n").slice(0, -1)) {
    if (line.startsWith("234 ")) return undefined;
    const [, code, mark] = /^(\d{3})([ -])[^\r\n\0]*$/u.exec(line) ?? [];
    if (open === undefined && code === undefined) return line;
    if (open === undefined) open = mark === "-" ? code : undefined;
    else if (code === open && mark === " ") open = undefined;
    else if (!line.startsWith(" ")) return line;
  }
  return undefined;
}

/** Returns a round with one session that fails alone, or the complete round if no session fails alone. */
export async function smallest(round: Round): Promise<Round> {
  for (const session of round) {
    const site = await Site.start();
    try {
      if ((await violationOf(site, [session])) !== undefined) return [session];
    } finally {
      await site.end();
    }
  }
  return round;
}
