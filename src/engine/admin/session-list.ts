import type { Session } from "../session/session.ts";
import type { Selection, SessionView } from "./client.ts";
import { logText } from "../protocol/reply.ts";
import type { Clock } from "../../common/clock.ts";

const ENDED = "Session ended by the administrator";

/** Lists the open sessions of an engine with their numbers, and ends selected sessions. */
export class SessionList {
  readonly #sessions: ReadonlySet<Session>;
  readonly #clock: Clock;
  /**
   * Session numbers. A session receives its number when it is first listed, so that unlisted sessions use no memory for
   * numbers.
   */
  readonly #ids = new WeakMap<Session, number>();
  #lastId = 0;

  /** @param sessions open sessions, oldest first */
  constructor(sessions: ReadonlySet<Session>, clock: Clock) {
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /** Returns all sessions, oldest first. */
  views(): SessionView[] {
    return this.#sessions
      .values()
      .map((session) => this.#view(session))
      .toArray();
  }

  /**
   * Ends the selected sessions with reply 421, even during a transfer.
   * @returns number of ended sessions
   */
  end(selection: Selection): number {
    const chosen = this.#sessions
      .values()
      .filter((session) =>
        "id" in selection
          ? this.#ids.get(session) === selection.id
          : session.loggedIn?.account.name === selection.user,
      )
      .toArray();
    for (const session of chosen) session.end(421, ENDED);
    return chosen.length;
  }

  #view(session: Session): SessionView {
    const { client, openedAt, loggedIn, security } = session;
    return {
      id: this.#idOf(session),
      ...(loggedIn && { user: loggedIn.account.name }),
      client,
      secured: security?.handshake !== undefined,
      since: new Date(openedAt).toISOString(),
      state: stateOf(session),
      ...(loggedIn && { directory: logText(loggedIn.directory) }),
      ...this.#transfer(session),
    };
  }

  #transfer({ state }: Session): Pick<SessionView, "transfer"> {
    if (state.type !== "Transferring") return {};
    const { job, bytes, startedAt } = state.transfer;
    const seconds = (this.#clock.now() - startedAt) / 1000;
    return { transfer: { direction: job.direction, path: logText(job.path), bytes, seconds } };
  }

  #idOf(session: Session): number {
    const id = this.#ids.get(session) ?? ++this.#lastId;
    this.#ids.set(session, id);
    return id;
  }
}

function stateOf({ state }: Session): SessionView["state"] {
  switch (state.type) {
    case "AwaitingUser":
    case "AwaitingPassword":
    case "LoggingIn":
      return "LoggingIn";
    case "LoggedIn":
      return "Idle";
    case "Transferring":
      return "Transferring";
    case "RunningJob":
      return "Computing";
    case "Closing":
    case "Closed":
      return "Ending";
  }
}
