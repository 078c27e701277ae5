// Transfer parameters: RFC 959 section 4.1.2, OPTS (RFC 2389 section 4), OPTS MLST (RFC 3659 section 7.9).
import { reply, type Reply } from "../protocol/reply.ts";
import { factList, parseFacts } from "../protocol/facts.ts";
import type { TransferParameters } from "../session/transfer-parameters.ts";
import { DIGEST_ALGORITHMS } from "../transfer/digest.ts";
import type { CommandContext } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";

function type({ transfer: { parameters } }: CommandContext, argument: string): Reply {
  switch (argument.trim().toUpperCase()) {
    case "A":
    case "A N":
      parameters.type = "Ascii";
      return reply(200, "Switching to ASCII mode.");
    case "I":
    case "L 8":
    case "L8":
      parameters.type = "Image";
      return reply(200, "Switching to Binary mode.");
    default:
      return reply(504, "Only TYPE A, TYPE I and TYPE L 8 are supported.");
  }
}

function mode({ transfer: { parameters } }: CommandContext, argument: string): Reply {
  switch (argument.trim().toUpperCase()) {
    case "S":
      parameters.mode = "Stream";
      return reply(200, "Mode set to S.");
    case "Z":
      parameters.mode = "Deflate";
      return reply(200, "Mode set to Z.");
    default:
      return reply(504, "Only MODE S and MODE Z are supported.");
  }
}

function structure(_: CommandContext, argument: string): Reply {
  if (argument.trim().toUpperCase() === "F") return reply(200, "Structure set to F.");
  return reply(504, "Only STRU F is supported.");
}

function options({ transfer: { parameters } }: CommandContext, argument: string): Reply {
  const [verb = "", ...rest] = argument.trim().split(/\s+/u);
  switch (verb.toUpperCase()) {
    case "UTF8":
    case "UTF-8":
      // RFC 2640 and draft-ietf-ftpext-utf-8-option: UTF-8 is always enabled. Some clients omit ON.
      if (rest.length === 0 || (rest.length === 1 && rest[0]?.toUpperCase() === "ON"))
        return reply(200, "Always in UTF8 mode.");
      return reply(504, "Only OPTS UTF8 ON is supported.");
    case "MLST":
      parameters.facts = new Set(parseFacts(rest.join("")));
      return reply(200, `MLST OPTS ${factList([...parameters.facts])}`.trim());
    case "MODE":
      return modeOptions(parameters, rest);
    case "HASH":
      return hashOptions(parameters, rest);
    default:
      return reply(501, "Option not understood.");
  }
}

/**
 * Sets the compression level. The engine supports no other compression options from draft-preston-ftpext-deflate
 * section 3.2.
 */
function modeOptions(parameters: TransferParameters, words: readonly string[]): Reply {
  const level = /^Z LEVEL (\d)$/iu.exec(words.join(" "))?.[1];
  if (level === undefined) return reply(501, "Only OPTS MODE Z LEVEL 0 to 9 is supported.");
  parameters.deflateLevel = Number(level);
  return reply(200, `MODE Z LEVEL set to ${level}.`);
}

/** Returns or changes the HASH algorithm (draft-bryan-ftpext-hash section 3.2). */
function hashOptions(parameters: TransferParameters, names: readonly string[]): Reply {
  if (names.length === 0) return reply(200, parameters.digest);
  const digest = DIGEST_ALGORITHMS.find((name) => name === names.join(" ").toUpperCase());
  if (digest === undefined) return reply(501, `Only ${DIGEST_ALGORITHMS.join(", ")} are supported.`);
  parameters.digest = digest;
  return reply(200, digest);
}

export const parameterCommands: CommandFamily = [
  {
    verb: "TYPE",
    argument: "Required",
    login: "Needed",
    syntax: "TYPE A | I | L 8",
    specification: "RFC 959",
    run: type,
  },
  {
    verb: "MODE",
    argument: "Required",
    login: "Needed",
    feature: () => "MODE Z",
    syntax: "MODE S | Z",
    specification: "RFC 959, draft-preston-ftpext-deflate",
    run: mode,
  },
  {
    verb: "STRU",
    argument: "Required",
    login: "Needed",
    syntax: "STRU F",
    specification: "RFC 959",
    run: structure,
  },
  {
    // ALLO allocates nothing. The engine only validates the number.
    verb: "ALLO",
    argument: "Optional",
    login: "Needed",
    syntax: "ALLO [<bytes>]",
    specification: "RFC 959",
    run: () => reply(202, "ALLO command ignored."),
  },
  {
    verb: "OPTS",
    argument: "Required",
    login: "NotNeeded",
    feature: () => "UTF8",
    syntax: "OPTS UTF8 [ON] | MLST <facts> | HASH [<algorithm>] | MODE Z LEVEL <0-9>",
    specification: "RFC 2389",
    run: options,
  },
];
