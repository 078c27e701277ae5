// SITE UMASK, as other servers have it: the mode bits that what a session makes has not.
import { readFileSync } from "node:fs";
import { reply, type Reply } from "../control/reply.ts";
import type { TransferParameters } from "../control/state.ts";
import type { Command, CommandContext } from "./command.ts";
import { parseMode } from "./modify-facts.ts";

const SYNTAX = "SITE UMASK [<octal mask>]";
/** What a mask takes bits away from (POSIX open() and mkdir()). */
const FILE = 0o666;
const DIRECTORY = 0o777;
/** Until a client says something else, what it makes is nothing to those outside the volume's group. */
const USUAL = 0o007;

type Mask = Pick<TransferParameters, "umask">;

/** Mode bits of a file that this session makes; undefined when it has said nothing about them. */
export function fileBits({ umask }: Mask): number | undefined {
  return umask === undefined ? undefined : FILE & ~umask;
}

/** Mode bits of a directory that this session makes; undefined when it has said nothing about them. */
export function directoryBits({ umask }: Mask): number | undefined {
  return umask === undefined ? undefined : DIRECTORY & ~umask;
}

function umask({ parameters }: CommandContext, argument: string): Reply {
  if (argument === "") return reply(200, `Umask is ${octal(parameters.umask ?? USUAL | processMask())}`);
  // POSIX umask() uses the permission bits only, so higher ones are dropped here too.
  const mask = parseMode(argument.trim());
  if (mask === undefined) return reply(501, `Syntax: ${SYNTAX}`);
  parameters.umask = mask;
  return reply(200, `Umask is now ${octal(mask)}`);
}

function octal(mask: number): string {
  return mask.toString(8).padStart(3, "0");
}

/** The mask of this process. Node tells it only together with setting it, for all threads (DEP0139). */
function processMask(): number {
  const [, digits = "0"] = /^Umask:\s*([0-7]+)$/mu.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number.parseInt(digits, 8);
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
