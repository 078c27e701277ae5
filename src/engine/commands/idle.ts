// SITE IDLE, as other servers have it: how long a session may do nothing, which a client can make shorter and no longer.
import { reply, type Reply } from "../protocol/reply.ts";
import { idleSeconds } from "../session/state.ts";
import type { Command, CommandContext } from "./command.ts";
import { parseOffset } from "./byte-range.ts";

function idle({ engine: { config }, parameters }: CommandContext, argument: string): Reply {
  const most = config.limits.idleTimeoutSeconds;
  if (argument === "") {
    return reply(200, `Idle sessions end after ${idleSeconds(config, parameters)} seconds, at most ${most}`);
  }
  const seconds = parseOffset(argument.trim()) ?? 0;
  if (seconds < 1 || seconds > most) return reply(501, `Send a number of seconds from 1 to ${most}`);
  parameters.idleSeconds = seconds;
  return reply(200, `Idle sessions end after ${seconds} seconds now`);
}

export const IDLE: Command = {
  verb: "IDLE",
  argument: "Optional",
  login: "Needed",
  syntax: "SITE IDLE [<seconds>]",
  specification: "none",
  run: idle,
};
