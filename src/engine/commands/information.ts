// Information about the engine: STAT, SYST and NOOP (RFC 959 section 4.1.3), AVBL
// (draft-peterson-streamlined-ftp-command-extensions section 4).
import { reply, type Reply } from "../protocol/reply.ts";
import { SMALL_BUFFER } from "../transfer/buffer-budget.ts";
import { listingMemory } from "../transfer/buffer-budget.ts";
import { type CommandContext, ownerOf } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";
import { locate } from "./locate.ts";
import { select, withoutOptions } from "./listing.ts";
import { listLine } from "../protocol/list-lines.ts";
import { notAllowed } from "./policy.ts";

/** Maximum number of entries in a STAT reply on the control connection. */
export const MAX_STATUS_ENTRIES = 1000;

async function status(context: CommandContext, argument: string): Promise<Reply> {
  const path = withoutOptions(argument);
  return argument === ""
    ? reply(211, "FTP server status:", ...statusLines(context))
    : await pathStatus(context, path);
}

function statusLines({ session, user, transfer: slot, engine }: CommandContext): [string, ...string[]] {
  const { client, state } = session;
  const { parameters } = slot;
  const transfer = state.type === "Transferring" ? state.transfer : undefined;
  return [
    `Connected from ${client}`,
    `Logged in as ${user.account.name}`,
    `TYPE ${parameters.type === "Ascii" ? "A" : "I"}, MODE ${parameters.mode === "Deflate" ? "Z" : "S"}, STRU F`,
    transfer === undefined
      ? "No transfer in progress"
      : `${transfer.job.direction} in progress, ${transfer.bytes} bytes transferred`,
    ...(state.type === "RunningJob" ? [state.job.description] : []),
    ...(engine.draining ? ["The server is shutting down; open sessions can continue"] : []),
    "End of status.",
  ];
}

async function pathStatus(context: CommandContext, argument: string): Promise<Reply> {
  const { user, engine } = context;
  const rejection = notAllowed(user, "List");
  if (rejection !== undefined) return rejection;
  const selection = await select(context, argument);
  const now = engine.clock.now();
  const lines: string[] = [];
  const owner = ownerOf(engine, context.session.client, user);
  using lease = engine.buffers.lease(owner, listingMemory(), SMALL_BUFFER);
  const sorting = { mayKeep: lease.grow, pause: engine.transferTicks.pauseFor(owner) };
  for await (const entries of selection.entries(sorting)) {
    for (const entry of entries) lines.push(listLine(entry, now));
    if (lines.length < MAX_STATUS_ENTRIES) continue;
    lines.splice(MAX_STATUS_ENTRIES, Infinity, `Truncated after ${MAX_STATUS_ENTRIES} entries; use LIST`);
    break;
  }
  return reply(selection.directory ? 212 : 213, "Status follows:", ...lines, "End of status.");
}

async function available({ user }: CommandContext, argument: string): Promise<Reply> {
  const bytes = await user.storage.availableBytes(await locate(user, argument || "."));
  return reply(213, String(bytes));
}

export const informationCommands: CommandFamily = [
  {
    verb: "SYST",
    argument: "None",
    login: "NotNeeded",
    syntax: "SYST",
    specification: "RFC 959",
    // The reply causes clients to parse LIST output in the format of `ls -l` (RFC 959 section 4.1.3).
    run: () => reply(215, "UNIX Type: L8"),
  },
  {
    // AVBL requires no permission, because users who can only upload also need to know the available space.
    verb: "AVBL",
    argument: "Optional",
    login: "Needed",
    feature: () => "AVBL",
    syntax: "AVBL [<directory>]",
    specification: "draft-peterson-streamlined-ftp-command-extensions",
    run: available,
  },
  {
    verb: "STAT",
    argument: "Optional",
    login: "Needed",
    duringTransfer: true,
    syntax: "STAT [<path>]",
    specification: "RFC 959",
    run: status,
  },
  {
    verb: "NOOP",
    argument: "Optional",
    login: "NotNeeded",
    duringTransfer: true,
    syntax: "NOOP",
    specification: "RFC 959",
    run: () => reply(200, "NOOP ok."),
  },
];
