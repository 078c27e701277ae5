// Access control (RFC 959 section 4.1.1, RFC 1123 section 4.1.3).
import { logEvent } from "../../api/log-event.ts";
import { randomUUID } from "node:crypto";
import { hasEscapedBytes } from "../../common/escaped-bytes.ts";
import type { Account, Lock } from "../auth/account.ts";
import { isAccount } from "../auth/authenticator.ts";
import { type EngineError, toEngineError } from "../errors.ts";
import type { LoginFailure } from "../notifications/event.ts";
import { lastReply, logText, reply, type Reply } from "../protocol/reply.ts";
import type { SessionState } from "../session/state.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";

type Attempt = Extract<SessionState, { type: "LoggingIn" }>;

async function user(context: CommandContext, name: string): Promise<CommandResult> {
  if (context.session.state.type === "LoggedIn") context.session.reset();
  const { session, engine } = context;
  const { state } = session;
  if (!("deadline" in state)) return reply(503, "Bad sequence of commands.");
  if (isNamedByCertificate(context, name)) {
    const account = engine.authenticator.byCertificate(name, context.session.client);
    const attempt = startAttempt(state.deadline, name);
    context.session.changeState(attempt);
    // RFC 4217 section 4: a user identified by the client certificate needs no password.
    if (isAccount(account)) return await enter(context, attempt, account, 232);
    if (account !== undefined) noteLock(context, name, account);
  }
  context.session.changeState({ type: "AwaitingPassword", deadline: state.deadline, name });
  // Every name receives the same reply, so that clients cannot find out which names exist (RFC 2577 section 6).
  return reply(331, "Please specify the password.");
}

async function pass(context: CommandContext, password: string): Promise<CommandResult> {
  const { session, engine } = context;
  const { state } = session;
  // Some clients send PASS even after reply 232. The engine does not verify the password.
  if (state.type === "LoggedIn") return reply(230, "Already logged in.");
  if (state.type !== "AwaitingPassword") return reply(503, "Login with USER first.");
  const attempt = startAttempt(state.deadline, state.name);
  const began = engine.clock.now();
  context.session.changeState(attempt);
  // A password that is not valid UTF-8 is always wrong. An encoder would replace the invalid bytes with U+FFFD, which a
  // correct password can contain.
  const guess = hasEscapedBytes(password) ? randomUUID() : password;
  const account = await authenticate(context, attempt, guess);
  if (context.session.state !== attempt) return "Closed";
  if (account === undefined) return await reject(context, attempt, began);
  return await enter(context, attempt, account, 230);
}

function startAttempt(deadline: number, name: string): Attempt {
  return { type: "LoggingIn", deadline, name, waiting: new AbortController() };
}

/**
 * Returns whether the client certificate contains the name of this user and the configuration allows certificate
 * logins.
 */
function isNamedByCertificate({ session, engine }: CommandContext, name: string): boolean {
  const rules = engine.tls?.config.clientCertificates;
  const names = session.security?.handshake?.clientNames;
  if (rules === undefined || rules.mode === "Disabled" || names === undefined) return false;
  switch (rules.login) {
    case "Password":
      return false;
    case "CommonName":
      return names.common === name;
    case "SubjectAlternativeName":
      return names.alternative.includes(name);
  }
}

/**
 * Opens the home directory of an authenticated user.
 * @param code 230 for a login with a password, 232 for a login with a certificate (RFC 2228 section 5)
 */
async function enter(
  context: CommandContext,
  attempt: Attempt,
  account: Account,
  code: 230 | 232,
): Promise<CommandResult> {
  const { engine, session } = context;
  const { client } = session;
  const { name, limits } = account;
  try {
    const storage = await engine.openHome(account);
    if (session.state !== attempt) return "Closed";
    // This check runs immediately before the engine counts the session. Two logins therefore cannot both use the last
    // permitted session.
    if (engine.sessionsOf(name) >= (limits.sessions ?? Infinity)) {
      engine.observer.sessionRejected("SessionsPerUser");
      engine.log.warn({ user: name, client }, "login rejected: too many sessions of the user");
      recordFailure(context, name, "SessionsPerUser");
      return lastReply(421, `Too many sessions for this account (limit ${limits.sessions}).`);
    }
    context.session.changeState({ type: "LoggedIn", user: { account, storage, directory: "/" } });
  } catch (error) {
    if (context.session.state === attempt)
      context.session.changeState({ type: "AwaitingUser", deadline: attempt.deadline });
    return homeUnavailable(context, name, toEngineError(error));
  }
  engine.observer.login("Accepted");
  engine.log.info({ ...logEvent("LoggedIn"), user: name, client }, "logged in");
  await engine.recorder.record({ type: "LoginSucceeded", user: name, client });
  return reply(code, "Login successful.");
}

/**
 * Records a failed login. The reply does not wait for the record, so that the response time reveals nothing about the
 * account.
 */
function recordFailure(
  { engine, session: { client } }: CommandContext,
  user: string,
  reason: LoginFailure,
): void {
  void engine.recorder.record({ type: "LoginFailed", user, client, reason });
}

/** Counts and logs a login of an authenticated user whose home directory is not available. */
function homeUnavailable(context: CommandContext, user: string, err: EngineError): Reply {
  const { engine } = context;
  const { client } = context.session;
  const reason = err.code === "StorageNotWritable" ? err.code : "HomeUnavailable";
  engine.observer.login(reason);
  engine.log.error({ user, client, reason, err }, "login failed: home directory not available");
  recordFailure(context, user, reason);
  return reply(
    530,
    reason === "StorageNotWritable" ? `${err.message}.` : `Home directory not available: ${err.message}.`,
  );
}

/** Returns the account if the password is correct and the client is not banned. Counts and logs failed logins. */
async function authenticate(
  context: CommandContext,
  { name: user, waiting: { signal } }: Attempt,
  password: string,
): Promise<Account | undefined> {
  const { client } = context.session;
  const { failedLogins, authenticator, observer, log, clients } = context.engine;
  const key = clients.networkOf(client);
  const logged = { user: logText(user), client };
  const isBanned = (): boolean => failedLogins.isBanned(key, user);
  const options = { key, signal, isBanned };
  const login = isBanned() ? undefined : authenticator.login(user, password, client, options);
  const account = await login?.catch((error: unknown) => {
    if (toEngineError(error).code === "TooManyLogins")
      log.warn(logged, "login rejected: too many logins are queued");
    throw error;
  });
  // A password check that ends during a ban must fail.
  if (isBanned()) {
    observer.login("Banned");
    log.warn(logged, "login rejected: banned");
    return undefined;
  }
  if (isAccount(account)) return account;
  if (account !== undefined) {
    // Logins to locked accounts do not count toward a ban, because a program can retry for days from an address shared
    // with other users.
    noteLock(context, user, account);
    return undefined;
  }
  observer.login("Rejected");
  log.warn({ ...logEvent("LoginFailed"), ...logged }, "login failed");
  recordFailure(context, user, "Rejected");
  for (const whom of failedLogins.count(key, user)) {
    observer.loginBan(whom);
    log.warn({ ...logged, whom }, "ban started: too many failed logins");
  }
  return undefined;
}

/** Counts and logs a login to a locked account when the password or certificate is correct. */
function noteLock(context: CommandContext, name: string, reason: Lock): void {
  const { engine } = context;
  const { client } = context.session;
  engine.observer.login(reason);
  engine.log.warn({ user: logText(name), client, reason }, "login rejected: account locked");
  recordFailure(context, name, reason);
}

/**
 * Replies after a constant delay, so that the response time reveals nothing about the account (RFC 2577 sections 5 and
 * 6).
 */
async function reject(context: CommandContext, attempt: Attempt, began: number): Promise<CommandResult> {
  const { clock, config } = context.engine;
  const { delaySeconds, perSession } = config.limits.failedLogins;
  const left = Math.max(0, began + delaySeconds * 1000 - clock.now());
  await new Promise<void>((resolve) => void clock.schedule(left, resolve));
  if (context.session.state !== attempt) return "Closed";
  if (context.session.countFailedLogin() >= perSession) return lastReply(421, "Too many failed logins.");
  context.session.changeState({ type: "AwaitingUser", deadline: attempt.deadline });
  return reply(530, "Login incorrect.");
}

function reinitialize(context: CommandContext): Reply {
  context.session.reset();
  return reply(220, "Service ready for new user.");
}

export const accessCommands: CommandFamily = [
  {
    verb: "USER",
    argument: "Required",
    login: "NotNeeded",
    tls: "Control",
    syntax: "USER <name>",
    specification: "RFC 959",
    run: user,
  },
  {
    verb: "PASS",
    argument: "Optional",
    login: "NotNeeded",
    tls: "Control",
    syntax: "PASS <password>",
    specification: "RFC 959",
    run: pass,
  },
  {
    verb: "ACCT",
    argument: "Optional",
    login: "NotNeeded",
    syntax: "ACCT <anything>",
    specification: "RFC 959",
    run: () => reply(202, "ACCT is superfluous."),
  },
  {
    verb: "REIN",
    argument: "None",
    login: "NotNeeded",
    syntax: "REIN",
    specification: "RFC 959",
    run: reinitialize,
  },
  {
    verb: "QUIT",
    argument: "None",
    login: "NotNeeded",
    syntax: "QUIT",
    specification: "RFC 959",
    run: () => lastReply(221, "Goodbye."),
  },
];
