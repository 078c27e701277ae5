import { isForeignVerb, parseCommandLine } from "../protocol/command-line.ts";
import type { InputLine } from "../protocol/framing.ts";
import { errorReply, lastReply, loggable, reply, type Reply } from "../protocol/reply.ts";
import type { Session } from "../session/session.ts";
import type { Command } from "./command.ts";
import { protectionState, refreshed, rejectionOf } from "./policy.ts";
import { COMMANDS, NOT_IMPLEMENTED } from "./table.ts";

/** Replies from here on are errors (RFC 959 section 4.2.1). */
const FIRST_ERROR_CODE = 400;

/**
 * Answers one line: reads it, looks the command up, checks the rules of its row, runs it.
 * @returns undefined when there is nothing to say (yet)
 * @throws EngineError for the error table
 */
export async function execute(session: Session, line: InputLine): Promise<Reply | undefined> {
  if (line.type !== "Line") {
    session.engine.observer.lineTooLong();
    return strange(session, "Line too long");
  }
  const { verb, argument } = parseCommandLine(line.text);
  if (isForeignVerb(verb)) {
    session.destroy();
    return undefined;
  }
  const command = COMMANDS.get(verb);
  if (command === undefined) {
    return NOT_IMPLEMENTED.has(verb) ? reply(502, "Not implemented") : strange(session, "Unknown command");
  }
  session.pending.begin(command);
  const gone = refreshUser(session);
  try {
    const answer =
      gone ??
      rejectionOf(command, argument, session.loggedIn, protectionState(session)) ??
      (await command.run(session, argument));
    if (answer !== undefined) logRejection(session, command, argument, answer);
    return answer;
  } catch (error) {
    logRejection(session, command, argument, errorReply(error));
    throw error;
  }
}

/** Logs a command on files that is answered with an error. The argument of such a command is a path, never a password. */
function logRejection(
  { engine, client, loggedIn }: Session,
  command: Command,
  path: string,
  answer: Reply,
): void {
  if (answer.code < FIRST_ERROR_CODE || loggedIn === undefined || command.permission === undefined) return;
  const { name: user } = loggedIn.account;
  const said = `${answer.code} ${answer.lines.at(-1) ?? ""}`;
  const fields = { client, user, command: command.verb, path: loggable(path), reply: loggable(said) };
  engine.log.debug(fields, "command rejected");
}

/** Brings the user's rights up to date; the reply that ends the session when that cannot be. */
function refreshUser(session: Session): Reply | undefined {
  const { state, engine } = session;
  if (!("user" in state)) return undefined;
  const user = refreshed(state.user, engine.authenticator);
  if ("code" in user) return user;
  session.become({ ...state, user });
  return undefined;
}

/** Never echoes what was sent: an answer that looks like another protocol's could fool a third party. */
function strange(session: Session, text: string): Reply {
  if (session.loggedIn !== undefined) return reply(500, text);
  session.unknownCommandCount++;
  if (session.unknownCommandCount < session.engine.config.limits.unknownCommands) return reply(500, text);
  return lastReply(421, "Too many lines that are no FTP commands");
}
