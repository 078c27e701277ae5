// Facts about one file: RFC 3659 sections 3 (MDTM) and 4 (SIZE), draft-somers-ftp-mfxx section 3 (MFMT).
import { reply, type Reply } from "../control/reply.ts";
import { EngineError } from "../errors.ts";
import { resolvePath } from "../storage/path.ts";
import type { Entry } from "../storage/storage.ts";
import type { CommandContext, CommandFamily } from "./command.ts";
import { parseTimeValue, timeValue } from "./listing-lines.ts";

async function statFile({ user }: CommandContext, argument: string): Promise<Entry> {
  const entry = await user.storage.stat(resolvePath(user.directory, argument));
  if (entry.type !== "File") throw new EngineError("IsADirectory", "Not a plain file");
  return entry;
}

async function size(context: CommandContext, argument: string): Promise<Reply> {
  // The size on the wire depends on every line's end; counting them would cost a read of the file (RFC 3659 section 4).
  if (context.parameters.type === "Ascii") return reply(550, "SIZE needs TYPE I");
  const entry = await statFile(context, argument);
  return reply(213, String(entry.size));
}

async function modificationTime(context: CommandContext, argument: string): Promise<Reply> {
  const entry = await statFile(context, argument);
  return reply(213, timeValue(entry.modified));
}

async function modifyTime({ user }: CommandContext, argument: string): Promise<Reply> {
  const [value = "", ...rest] = argument.split(" ");
  const time = parseTimeValue(value);
  const name = rest.join(" ");
  if (time === undefined || name === "") return reply(501, "Send MFMT YYYYMMDDHHMMSS <file>");
  const path = resolvePath(user.directory, name);
  await user.storage.setModificationTime(path, time);
  return reply(213, `Modify=${timeValue(time)}; ${path}`);
}

export const factCommands: CommandFamily = [
  {
    verb: "SIZE",
    argument: "Required",
    login: "Needed",
    permission: "Read",
    feature: () => "SIZE",
    syntax: "SIZE <file>",
    run: size,
  },
  {
    verb: "MDTM",
    permission: "Read",
    argument: "Required",
    login: "Needed",
    feature: () => "MDTM",
    syntax: "MDTM <file>",
    run: modificationTime,
  },
  {
    verb: "MFMT",
    argument: "Required",
    login: "Needed",
    permission: "SetModificationTime",
    feature: () => "MFMT",
    syntax: "MFMT <YYYYMMDDHHMMSS> <path>",
    run: modifyTime,
  },
];
