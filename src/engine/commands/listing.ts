// Listings: LIST and NLST (RFC 959 section 4.1.3, RFC 1123 section 4.1.2.7), MLST and MLSD (RFC 3659 section 7).
import { encodeText, MAX_UNIT_BYTES, writeText } from "../../common/escaped-bytes.ts";
import type { Pause } from "../../common/tick-budget.ts";
import { printable } from "../../common/text.ts";
import { reply, type Reply } from "../protocol/reply.ts";
import { encodingOf } from "../session/transfer-parameters.ts";
import { SMALL_BUFFER } from "../transfer/buffer-budget.ts";
import { encode } from "../transfer/encoding.ts";
import { sendAll } from "../transfer/send.ts";
import type { Job } from "../transfer/transfer.ts";
import { listingMemory } from "../transfer/buffer-budget.ts";
import { EngineError } from "../errors.ts";
import type { Entry, Sorting } from "../storage/storage.ts";
import { type CommandContext, type CommandResult, ownerOf } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";
import { locate, locateTarget } from "./locate.ts";
import { isGlob, matchesGlob } from "../protocol/glob.ts";
import { permissionsOnIncomplete, statAny } from "./incomplete.ts";
import { factDays, factFeature, factLine } from "../protocol/facts.ts";
import { listDays, listLine } from "../protocol/list-lines.ts";
import { NO_DATA_CONNECTION } from "./transfer.ts";

/** Length of a listing page in characters. The engine sends each page with one write. */
const PAGE_LENGTH = 16 * 1024;
/**
 * Buffer size in bytes for a page. The buffer is sufficient even if the last line of the page is long and every
 * character has the maximum encoded length.
 */
const PAGE_BYTES = 64 * 1024;

/** Entries that a listing argument selects. */
export interface Selection {
  path: string;
  /** Whether the argument names a directory. A directory argument selects the entries in the directory. */
  directory: boolean;
  /** Yields entries in batches, sorted by name if memory permits. */
  entries: (sorting: Sorting) => AsyncIterable<readonly Entry[]>;
}

/** Returns the argument of LIST or NLST without the `ls` options that some clients add. */
export function withoutOptions(argument: string): string {
  return argument.replace(/^(?:-[a-zA-Z0-9]+(?: +|$))+/u, "");
}

/**
 * Returns the entries in a directory, a single file, or the entries that match a pattern in the last path component.
 * @throws EngineError NotFound
 */
export async function select(context: CommandContext, argument: string): Promise<Selection> {
  const { storage } = context.user;
  const path = await locateTarget(context.user, argument === "" ? "." : argument);
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  try {
    const entry = await storage.stat(path, "List");
    if (entry.type === "Directory")
      return { path, directory: true, entries: (sorting) => entriesOf(context, path, sorting) };
    return { path, directory: false, entries: () => only(entry) };
  } catch (error) {
    // An exact name takes precedence over a pattern, because file names can contain `*` and `?`.
    if (!isGlob(name) || !(error instanceof EngineError) || error.code !== "NotFound") throw error;
  }
  const parent = path.slice(0, slash) || "/";
  await storage.stat(parent, "List");
  const entries = (sorting: Sorting): AsyncIterable<readonly Entry[]> =>
    matching(entriesOf(context, parent, sorting), name, sorting.pause);
  return { path: parent, directory: false, entries };
}

/**
 * Yields the entries in a directory, up to `limits.listingEntries`. Entries that do not match the pattern also count
 * toward the limit, because reading these entries takes time.
 * @throws EngineError ListingTooLong
 */
async function* entriesOf(
  { user, engine }: CommandContext,
  path: string,
  sorting: Sorting,
): AsyncGenerator<readonly Entry[]> {
  const { listingEntries } = engine.config.limits;
  let left = listingEntries;
  for await (const entries of user.storage.list(path, sorting)) {
    yield entries.slice(0, left);
    left -= entries.length;
    if (left < 0) {
      throw new EngineError("ListingTooLong", `Listings are limited to ${listingEntries} entries`);
    }
    await sorting.pause();
  }
}

async function* only(entry: Entry): AsyncGenerator<readonly Entry[]> {
  yield [entry];
}

async function* matching(
  entries: AsyncIterable<readonly Entry[]>,
  pattern: string,
  pause: Pause,
): AsyncGenerator<readonly Entry[]> {
  for await (const some of entries) {
    const matches: Entry[] = [];
    for (const entry of some) {
      if (matchesGlob(pattern, entry.name)) matches.push(entry);
      // Pattern matching can take 0.1 ms per name.
      const waiting = pause();
      if (waiting !== undefined) await waiting;
    }
    yield matches;
  }
}

/** Yields pages of encoded lines with CRLF. A page is valid until the next page is requested. */
async function* pages(
  entries: AsyncIterable<readonly Entry[]>,
  line: (entry: Entry) => string,
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(PAGE_BYTES);
  const encode = (text: string): Uint8Array =>
    text.length * MAX_UNIT_BYTES > PAGE_BYTES ? encodeText(text) : bytes.subarray(0, writeText(text, bytes));
  let page = "";
  for await (const some of entries) {
    for (const entry of some) {
      page += `${line(entry)}\r\n`;
      if (page.length < PAGE_LENGTH) continue;
      yield encode(page);
      page = "";
    }
  }
  if (page !== "") yield encode(page);
}

function listing(context: CommandContext, { path, entries }: Selection, line: (entry: Entry) => string): Job {
  const { engine, transfer } = context;
  const owner = ownerOf(engine, context.session.client, context.user);
  const pause = engine.transferTicks.pauseFor(owner);
  // Lines end in CRLF, regardless of TYPE.
  const encoding = { ...encodingOf(transfer.parameters), ascii: false };
  return {
    direction: "Listing",
    path,
    async move(data, progress) {
      using lease = engine.buffers.lease(owner, listingMemory(encoding), SMALL_BUFFER);
      const sorted = entries({ mayKeep: lease.grow, pause });
      await sendAll(data, encode(pages(sorted, line), encoding, lease.bytes, pause), { progress, pause });
    },
    commit: async () => {},
    rollback: async () => {},
  };
}

async function list(context: CommandContext, argument: string): Promise<CommandResult> {
  if (context.transfer.source === undefined) return NO_DATA_CONNECTION;
  const selection = await select(context, withoutOptions(argument));
  const now = context.engine.clock.now();
  const days = listDays();
  return await context.transfer.start(
    listing(context, selection, (entry) => listLine(entry, now, days)),
    "Here comes the directory listing.",
  );
}

async function nameList(context: CommandContext, argument: string): Promise<CommandResult> {
  if (context.transfer.source === undefined) return NO_DATA_CONNECTION;
  const named = withoutOptions(argument);
  const selection = await select(context, named);
  // RFC 1123 section 4.1.2.7: clients can use NLST names unchanged in commands, so a relative argument produces
  // relative names.
  const parent = selection.directory
    ? named.replace(/\/*$/u, named === "" ? "" : "/")
    : named.slice(0, named.lastIndexOf("/") + 1);
  return await context.transfer.start(
    listing(context, selection, ({ name }) => printable(parent + name)),
    "Here comes the directory listing.",
  );
}

async function machineList(context: CommandContext, argument: string): Promise<CommandResult> {
  const { user, transfer } = context;
  if (transfer.source === undefined) return NO_DATA_CONNECTION;
  const path = await locate(user, argument === "" ? "." : argument);
  const { type } = await user.storage.stat(path, "List");
  if (type !== "Directory") return reply(501, "Not a directory; use MLST.");
  const { facts } = transfer.parameters;
  const selection: Selection = {
    path,
    directory: true,
    entries: (sorting) => entriesOf(context, path, sorting),
  };
  const permissionsOf = await user.storage.permissionsIn(path);
  const days = factDays();
  const job = listing(context, selection, (entry) =>
    factLine(entry, entry.name, facts, permissionsOf(entry.name), days),
  );
  return await context.transfer.start(job, "Here comes the directory listing.");
}

async function machineListOne({ user, transfer }: CommandContext, argument: string): Promise<Reply> {
  const path = await locate(user, argument === "" ? "." : argument);
  const { entry, isIncomplete } = await statAny(user, path, "List");
  const permissions = await user.storage.permissionsAt(path);
  const allowed = isIncomplete ? permissionsOnIncomplete(permissions) : permissions;
  return reply(
    250,
    "Start of list:",
    factLine(entry, path, transfer.parameters.facts, allowed),
    "End of list.",
  );
}

export const listingCommands: CommandFamily = [
  {
    verb: "LIST",
    argument: "Optional",
    login: "Needed",
    permission: "List",
    tls: "Data",
    syntax: "LIST [<path>]",
    specification: "RFC 959",
    run: list,
  },
  {
    verb: "NLST",
    argument: "Optional",
    login: "Needed",
    permission: "List",
    tls: "Data",
    syntax: "NLST [<path>]",
    specification: "RFC 959",
    run: nameList,
  },
  {
    verb: "MLSD",
    argument: "Optional",
    login: "Needed",
    permission: "List",
    tls: "Data",
    syntax: "MLSD [<directory>]",
    specification: "RFC 3659",
    run: machineList,
  },
  {
    verb: "MLST",
    argument: "Optional",
    login: "Needed",
    permission: "List",
    feature: ({ facts }) => factFeature(facts),
    syntax: "MLST [<path>]",
    specification: "RFC 3659",
    run: machineListOne,
  },
];
