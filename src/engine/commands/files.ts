// Commands that change files and directories: RFC 959 section 4.1.3, RFC 1123 section 4.1.3.1 (X commands).
import { hasHome } from "../auth/account.ts";
import type { FileEvent, FileEventType } from "../notifications/event.ts";
import { reply, type Reply } from "../protocol/reply.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { RenameControl } from "../storage/storage.ts";
import type { CommandFamily } from "./command.ts";
import { locate, locateTarget } from "./locate.ts";
import { explainAbsence } from "./incomplete.ts";
import { quoted } from "./navigation.ts";

/** Records a file event. Returns undefined when no sink receives events of this type. */
export function recordFile(
  { engine, session, user: { account } }: CommandContext,
  type: FileEventType,
  path: string,
  details: Pick<FileEvent, "previousPath" | "size" | "checksum"> = {},
): Promise<void> | undefined {
  if (!engine.recorder.wants(type) || !hasHome(account)) return undefined;
  const { client } = session;
  return engine.recorder.record({ type, account, client, path, ...details });
}

async function remove(context: CommandContext, argument: string): Promise<Reply> {
  const { user } = context;
  const path = await locate(user, argument);
  await user.storage.remove(path);
  context.transfer.pending.takeResumable(path);
  await recordFile(context, "FileDeleted", path);
  return reply(250, "Delete operation successful.");
}

async function makeDirectory(context: CommandContext, argument: string): Promise<Reply> {
  const { user, transfer } = context;
  const path = await locateTarget(user, argument);
  await user.storage.makeDirectory(path, transfer.parameters.umask);
  await recordFile(context, "DirectoryCreated", path);
  return reply(257, `${quoted(path)} created`);
}

async function removeDirectory(context: CommandContext, argument: string): Promise<Reply> {
  const { user } = context;
  const path = await locate(user, argument);
  await user.storage.removeDirectory(path);
  await recordFile(context, "DirectoryRemoved", path);
  return reply(250, "Remove directory operation successful.");
}

async function renameFrom(context: CommandContext, argument: string): Promise<Reply> {
  const { user } = context;
  const from = await locate(user, argument);
  await user.storage.statToRename(from).catch((error: unknown) => explainAbsence(user, from, error));
  context.transfer.pending.set({ rename: from });
  return reply(350, "Ready for RNTO.");
}

/** Renames an entry. A directory rename that copies files runs in the background, so that ABOR can abort it. */
async function renameTo(context: CommandContext, argument: string): Promise<CommandResult> {
  const { user, engine, transfer } = context;
  const { rename: from } = context.transfer.pending.used;
  if (from === undefined) return reply(503, "RNFR required first.");
  const to = await locateTarget(user, argument);
  if (!user.storage.copiesOnRename(from)) return await rename(context, from, to);
  const { type } = await user.storage.statToRename(from);
  if (type === "File") return await rename(context, from, to);
  return transfer.runInBackground(engine.renames, "Rename in progress", ({ permit, signal, describe }) =>
    rename(context, from, to, {
      signal,
      pause: () => permit.pause(),
      progress: (copied, all) => describe(`Rename in progress, ${copied} of ${all} objects copied`),
    }),
  );
}

async function rename(
  context: CommandContext,
  from: string,
  to: string,
  control?: RenameControl,
): Promise<Reply> {
  await context.user.storage.rename(from, to, control);
  // A rename invalidates the SIZE results for these names.
  for (const path of [from, to]) context.transfer.pending.takeResumable(path);
  await recordFile(context, "FileRenamed", to, { previousPath: from });
  return reply(250, "Rename successful.");
}

const directory = { argument: "Required", login: "Needed" } as const;
const make = { ...directory, permission: "MakeDirectory", run: makeDirectory } as const;
const drop = { ...directory, permission: "RemoveDirectory", run: removeDirectory } as const;

export const fileCommands: CommandFamily = [
  {
    verb: "DELE",
    argument: "Required",
    login: "Needed",
    permission: "Delete",
    syntax: "DELE <file>",
    specification: "RFC 959",
    run: remove,
  },
  { verb: "MKD", syntax: "MKD <directory>", specification: "RFC 959", ...make },
  { verb: "XMKD", syntax: "XMKD <directory>", specification: "RFC 1123", ...make },
  { verb: "RMD", syntax: "RMD <directory>", specification: "RFC 959", ...drop },
  { verb: "XRMD", syntax: "XRMD <directory>", specification: "RFC 1123", ...drop },
  {
    verb: "RNFR",
    argument: "Required",
    login: "Needed",
    permission: "Rename",
    prepares: "rename",
    syntax: "RNFR <path>",
    specification: "RFC 959",
    run: renameFrom,
  },
  {
    verb: "RNTO",
    argument: "Required",
    login: "Needed",
    permission: "Rename",
    uses: "rename",
    syntax: "RNTO <path>",
    specification: "RFC 959",
    run: renameTo,
  },
];
