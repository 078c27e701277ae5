// SITE UMASK: mode bits that files and directories of a session do not get. It cannot add bits to the configured modes.
import { modeText } from "../../api/file-modes.ts";
import { reply, type Reply } from "../protocol/reply.ts";
import type { Command, CommandContext } from "./command.ts";
import { parseMode } from "./modify-facts.ts";

const SYNTAX = "SITE UMASK [<octal mask>]";
const PERMISSION_BITS = 0o777;
/** The engine is the owner, so a mask cannot take the bits of the owner. */
const MASKABLE = 0o077;

function umask({ parameters, user }: CommandContext, argument: string): Reply {
  const { file, directory } = user.account.modes;
  const described = (mask: number, shown = mask): string =>
    `${shown.toString(8).padStart(3, "0")} (files ${masked(file, mask)}, directories ${masked(directory, mask)})`;
  if (argument === "") {
    const { umask: mask } = parameters;
    // Without a mask of the session, shows the one that directories look like.
    const shown = mask ?? PERMISSION_BITS & ~directory;
    return reply(200, `Umask is ${described(mask ?? 0, shown)}`);
  }
  // POSIX umask() uses the permission bits only, so higher ones are dropped here too.
  const mask = parseMode(argument.trim());
  if (mask === undefined) return reply(501, `Syntax: ${SYNTAX}`);
  parameters.umask = mask;
  return reply(200, `Umask is now ${described(mask)}`);
}

function masked(mode: number, mask: number): string {
  return modeText(mode & ~(mask & MASKABLE));
}

/** No permission: it changes nothing that is there. */
export const UMASK: Command = {
  verb: "UMASK",
  argument: "Optional",
  login: "Needed",
  syntax: SYNTAX,
  specification: "none",
  run: umask,
};
