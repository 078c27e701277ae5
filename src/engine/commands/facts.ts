// Facts about one file: RFC 3659 sections 3 (MDTM) and 4 (SIZE).
import { reply, type Reply } from "../control/reply.ts";
import { EngineError } from "../errors.ts";
import { resolvePath } from "../storage/path.ts";
import type { Entry } from "../storage/storage.ts";
import type { CommandContext, CommandFamily } from "./command.ts";
import { parseTimeValue, timeValue } from "./listing-lines.ts";
import { setTime } from "./modify-facts.ts";
import { notAllowed } from "./policy.ts";

async function statFile({ user }: CommandContext, argument: string): Promise<Entry> {
  const entry = await user.storage.stat(resolvePath(user.directory, argument));
  if (entry.type !== "File") throw new EngineError("IsADirectory", "Not a plain file");
  return entry;
}

async function size(context: CommandContext, argument: string): Promise<Reply> {
  // The size on the wire depends on every line's end; counting them would cost a read of the file (RFC 3659 section 4).
  if (context.parameters.type === "Ascii") return reply(550, "SIZE needs TYPE I");
  const kept = await resumable(context, argument);
  return reply(213, String(kept ?? (await statFile(context, argument)).size));
}

/** How far a broken upload came, for one who may go on with it: clients ask by the name that it will have. */
async function resumable(context: CommandContext, argument: string): Promise<number | undefined> {
  const { account, storage, directory } = context.user;
  if (!account.permissions.has("Write") && !account.permissions.has("Append")) return undefined;
  const path = resolvePath(directory, argument);
  const offset = await storage.resumable(path);
  if (offset !== undefined) context.pending.set({ resumable: { path, offset } });
  return offset;
}

async function modificationTime(context: CommandContext, argument: string): Promise<Reply> {
  try {
    const entry = await statFile(context, argument);
    return reply(213, timeValue(entry.modified));
  } catch (error) {
    return (await timeSet(context, argument)) ?? Promise.reject(error);
  }
}

/**
 * `MDTM <time> <file>`, as clients older than MFMT set a time. Only when there is no file by the whole name.
 * @returns undefined when it is not of that form
 */
async function timeSet({ user }: CommandContext, argument: string): Promise<Reply | undefined> {
  const { value = "", name = "" } = /^(?<value>\d{14}) (?<name>.+)$/u.exec(argument)?.groups ?? {};
  const time = parseTimeValue(value);
  if (time === undefined) return undefined;
  const refusal = notAllowed(user, "SetModificationTime");
  if (refusal !== undefined) return refusal;
  return reply(213, await setTime(user, resolvePath(user.directory, name), time));
}

export const factCommands: CommandFamily = [
  {
    verb: "SIZE",
    argument: "Required",
    login: "Needed",
    permission: "Read",
    prepares: "resumable",
    feature: () => "SIZE",
    syntax: "SIZE <file>",
    specification: "RFC 3659",
    run: size,
  },
  {
    // Setting a time needs SetModificationTime besides.
    verb: "MDTM",
    permission: "Read",
    argument: "Required",
    login: "Needed",
    feature: () => "MDTM",
    syntax: "MDTM [<YYYYMMDDHHMMSS>] <file>",
    specification: "RFC 3659",
    run: modificationTime,
  },
];
