import type { EngineLimits } from "../../api/engine-config.ts";
import type { LoggedInUser, SessionState } from "./state.ts";
import { SNAT_KEY } from "../client-address.ts";

/** Session properties that the registry uses. */
export interface RegisteredSession {
  /** Start time of the session in milliseconds since the epoch. */
  readonly openedAt: number;
  readonly state: SessionState;
  readonly loggedIn: LoggedInUser | undefined;
  /** Resolves when all work of the session has ended. */
  readonly closed: Promise<void>;
  end(code: number, text: string): void;
  destroy(): void;
}

/**
 * Share of `limits.sessions` that sessions without a login can use. The remaining sessions are reserved for logged-in
 * users.
 */
const SHARE_BEFORE_LOGIN = 3 / 4;
/**
 * Minimum age in milliseconds at which a session without a login can be replaced by a new session. The registry ignores
 * the age if the client of the old session has at least two more sessions without a login than the new client. A normal
 * FTP client logs in within a few round trips.
 */
export const REPLACEABLE_AFTER = 10_000;

/** Result of an admission check. The result states whether a new session can open, and which other session must end. */
export type Admission<Session> =
  | { rejection: "Sessions" | "SessionsPerClient" }
  | { rejection: undefined; ends?: Session };

/**
 * Open sessions, counted by client. Clients that do not log in cannot prevent other clients from connecting. At the
 * session limit, the registry finds the client with the most sessions without a login. The engine ends this client's
 * oldest session without a login. A session whose password is being verified ends only when the client has no other
 * session without a login.
 */
export class SessionRegistry<Session extends RegisteredSession> {
  readonly #sessions = new Set<Session>();
  readonly #clients = new WeakMap<Session, string>();
  /** Sessions, keyed by `ClientKeys.networkOf`. */
  readonly #perClient = new Map<string, Set<Session>>();
  /**
   * Sessions without a login, keyed by client and sorted from oldest to newest. Clients are in the order of their first
   * session.
   */
  readonly #beforeLogin = new Map<string, Set<Session>>();
  #sessionsBeforeLogin = 0;

  /** Open sessions, oldest first. */
  get all(): ReadonlySet<Session> {
    return this.#sessions;
  }

  /** Returns the number of sessions for a user. */
  countOf(user: string): number {
    let count = 0;
    for (const { loggedIn } of this.#sessions) if (loggedIn?.account.name === user) count += 1;
    return count;
  }

  /** @param now milliseconds since the epoch */
  admit(client: string, { sessions, sessionsPerClient }: EngineLimits, now: number): Admission<Session> {
    // A SNAT source address can represent many clients. Only the limit on all sessions applies to this address.
    if (client !== SNAT_KEY && (this.#perClient.get(client)?.size ?? 0) >= sessionsPerClient)
      return { rejection: "SessionsPerClient" };
    const hasPlace =
      this.#sessions.size < sessions && this.#sessionsBeforeLogin < Math.ceil(sessions * SHARE_BEFORE_LOGIN);
    if (hasPlace) return { rejection: undefined };
    const ends = this.#replaceable(client, now);
    return ends === undefined ? { rejection: "Sessions" } : { rejection: undefined, ends };
  }

  /** Adds a session in the state before login. */
  add(session: Session, client: string): void {
    this.#sessions.add(session);
    this.#clients.set(session, client);
    addTo(this.#perClient, client, session);
    this.#sessionsBeforeLogin += 1;
    addTo(this.#beforeLogin, client, session);
  }

  /** Updates the counters when a session logs in or returns to the state before login (REIN). */
  update(session: Session): void {
    const client = this.#clients.get(session) ?? "";
    const wasBefore = this.#beforeLogin.get(client)?.has(session) === true;
    const isBefore = this.#sessions.has(session) && "deadline" in session.state;
    if (wasBefore === isBefore) return;
    this.#sessionsBeforeLogin += isBefore ? 1 : -1;
    if (isBefore) addTo(this.#beforeLogin, client, session);
    else removeFrom(this.#beforeLogin, client, session);
  }

  /** Removes a session. Has no effect if the session has already been removed. */
  remove(session: Session): void {
    this.#sessions.delete(session);
    removeFrom(this.#perClient, this.#clients.get(session) ?? "", session);
    this.update(session);
  }

  /** Sends a last reply in every session. Then ends all sessions. */
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
    // Many users can share one client address, so sessions with a running password verification end last.
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
