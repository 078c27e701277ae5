// Session settings: SITE UMASK and SITE IDLE.
import { modeText } from "../../api/file-modes.ts";
import { parseOffset } from "../protocol/byte-range.ts";
import { parseMode } from "../protocol/facts.ts";
import { reply, type Reply } from "../protocol/reply.ts";
import type { CommandContext } from "../session/command-context.ts";
import { idleSeconds } from "../session/transfer-parameters.ts";
import type { Command } from "./command.ts";

const UMASK_SYNTAX = "SITE UMASK [<octal mask>]";
const PERMISSION_BITS = 0o777;
/**
 * Permission bits that a umask can remove. The permission bits of the owner remain, because the engine owns the files.
 */
const MASKABLE = 0o077;

/** Handles SITE UMASK. The umask removes bits from the configured modes and cannot add bits. */
function umask({ transfer: { parameters }, user }: CommandContext, argument: string): Reply {
  const { file, directory } = user.account.modes;
  const described = (mask: number, shown = mask): string =>
    `${shown.toString(8).padStart(3, "0")} (files ${masked(file, mask)}, directories ${masked(directory, mask)})`;
  if (argument === "") {
    const { umask: mask } = parameters;
    // Without a session umask, the reply shows the umask that corresponds to the directory mode.
    const shown = mask ?? PERMISSION_BITS & ~directory;
    return reply(200, `Current umask is ${described(mask ?? 0, shown)}.`);
  }
  // POSIX `umask()` uses only the permission bits, so the engine drops higher bits.
  const mask = parseMode(argument.trim());
  if (mask === undefined) return reply(501, `Syntax: ${UMASK_SYNTAX}`);
  parameters.umask = mask;
  return reply(200, `Umask set to ${described(mask)}.`);
}

function masked(mode: number, mask: number): string {
  return modeText(mode & ~(mask & MASKABLE));
}

/** SITE UMASK requires no permission, because existing files do not change. */
export const UMASK: Command = {
  verb: "UMASK",
  argument: "Optional",
  login: "Needed",
  syntax: UMASK_SYNTAX,
  specification: "none",
  run: umask,
};

/** Handles SITE IDLE. A client can shorten the configured idle timeout, but cannot extend it. */
function idle({ engine: { config }, transfer: { parameters } }: CommandContext, argument: string): Reply {
  const most = config.limits.idleTimeoutSeconds;
  if (argument === "") {
    return reply(200, `Idle timeout is ${idleSeconds(config, parameters)} seconds, at most ${most}.`);
  }
  const seconds = parseOffset(argument.trim()) ?? 0;
  if (seconds < 1 || seconds > most) return reply(501, `Invalid idle timeout; send 1 to ${most} seconds.`);
  parameters.idleSeconds = seconds;
  return reply(200, `Idle timeout set to ${seconds} seconds.`);
}

export const IDLE: Command = {
  verb: "IDLE",
  argument: "Optional",
  login: "Needed",
  syntax: "SITE IDLE [<seconds>]",
  specification: "none",
  run: idle,
};
