import type { EngineLimits } from "../../api/engine-config.ts";
import type { LoggedInUser, SessionState } from "./state.ts";
import { SNAT_KEY } from "../client-address.ts";

/** The properties of a session that the registry uses. */
export interface RegisteredSession {
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly state: SessionState;
  readonly loggedIn: LoggedInUser | undefined;
  /** Resolves when everything of the session has ended. */
  readonly closed: Promise<void>;
  end(code: number, text: string): void;
  destroy(): void;
}

/** Share of `limits.sessions` that sessions before their login may take. The rest is for sessions that have logged in. */
const SHARE_BEFORE_LOGIN = 3 / 4;
/**
 * Age in milliseconds from which a session before its login is ended for a new one of a client that has no fewer sessions. A
 * client program logs in within a few round trips.
 */
export const REPLACEABLE_AFTER = 10_000;

/** Whether a new session may be opened, and which other session must end for it. */
export type Admission<Session> =
  | { rejection: "Sessions" | "SessionsPerClient" }
  | { rejection: undefined; ends?: Session };

/**
 * The open sessions, counted by client. Clients that connect and do not log in cannot exclude others. When there is no place for
 * a new session, the oldest session before its login of the client with the most such sessions is ended. A session whose password
 * is being verified is ended only when that client has no other.
 */
export class SessionRegistry<Session extends RegisteredSession> {
  readonly #sessions = new Set<Session>();
  readonly #clients = new WeakMap<Session, string>();
  /** By ClientKeys.networkOf. */
  readonly #perClient = new Map<string, Set<Session>>();
  /** Those before their login, oldest first; clients in the order in which they came. */
  readonly #beforeLogin = new Map<string, Set<Session>>();
  #sessionsBeforeLogin = 0;

  /** The open sessions, oldest first. */
  get all(): ReadonlySet<Session> {
    return this.#sessions;
  }

  /** Number of sessions of a user. */
  countOf(user: string): number {
    let count = 0;
    for (const { loggedIn } of this.#sessions) if (loggedIn?.account.name === user) count += 1;
    return count;
  }

  /** @param now milliseconds since the epoch */
  admit(client: string, { sessions, sessionsPerClient }: EngineLimits, now: number): Admission<Session> {
    // A masked address represents any number of clients. Only the limit of all sessions can apply to it.
    if (client !== SNAT_KEY && (this.#perClient.get(client)?.size ?? 0) >= sessionsPerClient)
      return { rejection: "SessionsPerClient" };
    const hasPlace =
      this.#sessions.size < sessions && this.#sessionsBeforeLogin < Math.ceil(sessions * SHARE_BEFORE_LOGIN);
    if (hasPlace) return { rejection: undefined };
    const ends = this.#replaceable(client, now);
    return ends === undefined ? { rejection: "Sessions" } : { rejection: undefined, ends };
  }

  /** Adds a session, which is before its login. */
  add(session: Session, client: string): void {
    this.#sessions.add(session);
    this.#clients.set(session, client);
    addTo(this.#perClient, client, session);
    this.#sessionsBeforeLogin += 1;
    addTo(this.#beforeLogin, client, session);
  }

  /** Follows a session to its login, and back before it (REIN). */
  update(session: Session): void {
    const client = this.#clients.get(session) ?? "";
    const wasBefore = this.#beforeLogin.get(client)?.has(session) === true;
    const isBefore = this.#sessions.has(session) && "deadline" in session.state;
    if (wasBefore === isBefore) return;
    this.#sessionsBeforeLogin += isBefore ? 1 : -1;
    if (isBefore) addTo(this.#beforeLogin, client, session);
    else removeFrom(this.#beforeLogin, client, session);
  }

  /** Removes a session; has no effect when it was removed before. */
  remove(session: Session): void {
    this.#sessions.delete(session);
    removeFrom(this.#perClient, this.#clients.get(session) ?? "", session);
    this.update(session);
  }

  /** Sends a last reply to all sessions and ends them. */
  endAll(code: number, text: string): void {
    for (const session of this.#sessions) session.end(code, text);
  }

  /** Ends all sessions without a reply. */
  destroyAll(): void {
    for (const session of this.#sessions) session.destroy();
  }

  /** Resolves when all sessions have ended. */
  async allClosed(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.closed));
  }

  #replaceable(client: string, now: number): Session | undefined {
    const own = this.#beforeLogin.get(client)?.size ?? 0;
    let most = 0;
    for (const { size } of this.#beforeLogin.values()) most = Math.max(most, size);
    const hoarders = this.#beforeLogin.values().filter(({ size }) => size === most);
    if (most <= own + 1)
      return hoarders
        .flatMap((sessions) => sessions)
        .find((session) => now - session.openedAt >= REPLACEABLE_AFTER && !isLoggingIn(session));
    const hoarder = hoarders.next().value ?? new Set();
    // Many users can share one client address, so sessions whose passwords are being verified are ended last.
    return hoarder.values().find((session) => !isLoggingIn(session)) ?? hoarder.values().next().value;
  }
}

function isLoggingIn({ state }: RegisteredSession): boolean {
  return state.type === "LoggingIn";
}

function addTo<T>(map: Map<string, Set<T>>, client: string, session: T): void {
  const sessions = map.get(client);
  if (sessions === undefined) map.set(client, new Set([session]));
  else sessions.add(session);
}

function removeFrom<T>(map: Map<string, Set<T>>, client: string, session: T): void {
  const sessions = map.get(client);
  sessions?.delete(session);
  if (sessions?.size === 0) map.delete(client);
}
