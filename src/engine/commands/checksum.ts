// Checksums of the stored bytes, regardless of TYPE and MODE.
// HASH follows draft-bryan-ftpext-hash. No RFC specifies XCRC, XMD5 and similar commands. The engine accepts the syntax
// that most FTP servers use.
import { reply, type Reply } from "../protocol/reply.ts";
import { type ByteRange, parseOffset, WHOLE_FILE } from "../protocol/byte-range.ts";
import type { LoggedInUser } from "../session/state.ts";
import { createDigest, DIGEST_ALGORITHMS, type DigestAlgorithm } from "../transfer/digest.ts";
import { offsetBeyondEnd } from "../errors.ts";
import { jobChunks } from "../session/background-job.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { Command, CommandFamily } from "./command.ts";
import { locate } from "./locate.ts";

/** Bytes per read. The main thread processes one read in a fraction of a millisecond. */
const CHECKSUM_BUFFER = 128 * 1024;

interface Subject {
  path: string;
  range: ByteRange;
  algorithm: DigestAlgorithm;
}

/** Starts a background job that replies with the checksum. */
function compute(
  context: CommandContext,
  { path, range: requested, algorithm }: Subject,
  answer: (hex: string, range: ByteRange) => Reply,
): CommandResult {
  const { user, engine, transfer } = context;
  return transfer.runInBackground(engine.checksums, "Checksum in progress", async (job) => {
    const handle = await user.storage.openRead(path);
    try {
      const { size } = handle.entry;
      if (requested.start > size) throw offsetBeyondEnd(size);
      const range = { start: requested.start, end: Math.min(requested.end, size) };
      // The storage has verified this checksum, so the engine does not read the file.
      const stored = range.start === 0 && range.end === size ? handle.digests?.get(algorithm) : undefined;
      if (stored !== undefined) return answer(stored, range);
      const limit = engine.config.limits.checksumBytes;
      if (range.end - range.start > limit) return reply(552, `Checksums are limited to ${limit} bytes.`);
      const digest = createDigest(algorithm);
      for await (const chunk of jobChunks(handle, range, CHECKSUM_BUFFER, job)) digest.update(chunk);
      return answer(digest.hex(), range);
    } finally {
      await handle.close();
    }
  });
}

async function hash(context: CommandContext, argument: string): Promise<CommandResult> {
  const { user, transfer } = context;
  const { digest: algorithm } = transfer.parameters;
  const range = transfer.pending.used.range ?? WHOLE_FILE;
  const path = await locate(user, argument);
  return compute(context, { path, range, algorithm }, (hex, { start, end }) => {
    const last = Math.max(start, end - 1);
    return reply(213, `${algorithm} ${start}-${last} ${hex} ${argument}`);
  });
}

/**
 * Arguments of XCRC and similar commands: `"name"` or `name`, optionally followed by start and exclusive end offsets in
 * bytes.
 */
const QUOTED = /^"(?<name>.+)"(?: +(?<start>\d+)(?: +(?<end>\d+))?)?$/u;
const PLAIN = /^(?<name>.+?) (?<start>\d+)(?: (?<end>\d+))?$/u;

interface Named {
  name: string;
  range: ByteRange;
}

function parse(pattern: RegExp, argument: string): Named | undefined {
  const { name, start = "0", end } = pattern.exec(argument)?.groups ?? {};
  if (name === undefined) return undefined;
  const first = parseOffset(start);
  const stop = end === undefined ? WHOLE_FILE.end : parseOffset(end);
  if (first === undefined || stop === undefined || first > stop) return undefined;
  const unquoted = pattern === QUOTED ? name.replaceAll('""', '"') : name;
  return { name: unquoted, range: { start: first, end: stop } };
}

async function xChecksum(
  context: CommandContext,
  argument: string,
  algorithm: DigestAlgorithm,
): Promise<CommandResult> {
  const subject = argument.startsWith('"')
    ? parse(QUOTED, argument)
    : await parsePlain(context.user, argument);
  if (subject === undefined) return reply(501, 'Syntax: "<file>" [<start> [<end>]]');
  const { name, range } = subject;
  const path = await locate(context.user, name);
  return compute(context, { path, range, algorithm }, (hex) => reply(250, hex.toUpperCase()));
}

/**
 * Parses an unquoted argument. If the complete argument is the name of a file, trailing numbers are part of this name.
 */
async function parsePlain(user: LoggedInUser, argument: string): Promise<Named | undefined> {
  const whole = { name: argument, range: WHOLE_FILE };
  if (!PLAIN.test(argument)) return whole;
  try {
    await user.storage.stat(await locate(user, argument), "Read");
    return whole;
  } catch {
    return parse(PLAIN, argument);
  }
}

function command(verb: string, algorithm: DigestAlgorithm): Command {
  return {
    verb,
    argument: "Required",
    login: "Needed",
    permission: "Read",
    feature: () => `${verb} filename;start;end`,
    syntax: `${verb} "<file>" [<start> [<end>]]`,
    specification: "none",
    run: (context, argument) => xChecksum(context, argument, algorithm),
  };
}

export const checksumCommands: CommandFamily = [
  {
    verb: "HASH",
    argument: "Required",
    login: "Needed",
    permission: "Read",
    uses: "range",
    feature: ({ digest }) => {
      const names = DIGEST_ALGORITHMS.map((name) => (name === digest ? `${name}*` : name));
      return `HASH ${names.join(";")}`;
    },
    syntax: "HASH <file>",
    specification: "draft-bryan-ftpext-hash",
    run: hash,
  },
  command("XCRC", "CRC32"),
  command("XMD5", "MD5"),
  command("XSHA1", "SHA-1"),
  command("XSHA256", "SHA-256"),
  command("XSHA512", "SHA-512"),
];
