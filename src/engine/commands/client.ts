// Commands for the client's name and language: LANG (RFC 2640 section 4.1), and the customary commands CLNT and CSID.
import { logText, reply, type Reply } from "../protocol/reply.ts";
import type { CommandContext } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";

/** Maximum length of a logged client description in characters. */
export const MAX_LOGGED_DESCRIPTION = 128;

/**
 * Handles LANG. Without a language tag, the server returns to its default language (RFC 2640 section 4.1). The engine
 * supports only English.
 */
function language(_: CommandContext, argument: string): Reply {
  const tag = argument.trim().toUpperCase();
  return tag === "" || tag === "EN"
    ? reply(200, "Language set to EN.")
    : reply(504, "Only LANG EN is supported.");
}

function note({ engine, session: { client } }: CommandContext, argument: string): void {
  const description = logText(argument.slice(0, MAX_LOGGED_DESCRIPTION));
  engine.log.debug({ client, description }, "client name received");
}

export const clientCommands: CommandFamily = [
  {
    verb: "LANG",
    argument: "Optional",
    login: "NotNeeded",
    feature: () => "LANG EN*",
    syntax: "LANG [EN]",
    specification: "RFC 2640",
    run: language,
  },
  {
    verb: "CLNT",
    argument: "Required",
    login: "NotNeeded",
    feature: () => "CLNT",
    syntax: "CLNT <name of the client>",
    specification: "none",
    run: (context, argument) => {
      note(context, argument);
      return reply(200, "CLNT command successful.");
    },
  },
  {
    verb: "CSID",
    argument: "Required",
    login: "NotNeeded",
    feature: () => "CSID",
    syntax: "CSID Name=<name>;[Version=<version>;]",
    specification: "none",
    run: (context, argument) => {
      note(context, argument);
      return reply(200, "Name=ftp-operator;CaseSensitive=1;DirSep=/;");
    },
  },
];
