import { isDeepStrictEqual } from "node:util";
import type { EngineConfig } from "../../api/engine-config.ts";
import { type Cancel, nothingToCancel } from "../../common/clock.ts";
import type { Account, Lock } from "../auth/account.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import type { EngineError } from "../errors.ts";
import { lastReply, type Reply } from "../protocol/reply.ts";
import type { GuardedStorage } from "../storage/guarded-storage.ts";
import type { Transfer } from "../transfer/transfer.ts";
import type { BackgroundJob } from "./background-job.ts";
import type { EngineContext } from "./engine-context.ts";
import { idleSeconds, type TransferParameters } from "./transfer-parameters.ts";

/** Time in milliseconds that a client has to read the last reply. */
const CLOSE_GRACE = 5000;

/** Logged-in user of a session. */
export interface LoggedInUser {
  account: Account;
  storage: GuardedStorage;
  /** Virtual path of the working directory. */
  directory: string;
}

/** State of a session. `deadline` is the end of the login timeout in milliseconds since the epoch. */
export type SessionState =
  | { type: "AwaitingUser"; deadline: number }
  | { type: "AwaitingPassword"; deadline: number; name: string }
  /** The session aborts `waiting` when the client disconnects or the session ends. */
  | { type: "LoggingIn"; deadline: number; name: string; waiting: AbortController }
  | { type: "LoggedIn"; user: LoggedInUser }
  | { type: "Transferring"; user: LoggedInUser; transfer: Transfer }
  | { type: "RunningJob"; user: LoggedInUser; job: BackgroundJob }
  /** The last reply has been sent. */
  | { type: "Closing" }
  | { type: "Closed" };

type EngineTime = Pick<EngineContext, "clock" | "config">;

/** Returns the session state before login. */
export function awaitingUser({ clock, config }: EngineTime): SessionState {
  return { type: "AwaitingUser", deadline: clock.now() + milliseconds(config, "loginTimeoutSeconds") };
}

/**
 * Returns the state after REIN. The session keeps its login deadline, so that REIN does not extend the login timeout.
 */
export function withoutLogin(state: SessionState, time: EngineTime): SessionState {
  return "deadline" in state ? { type: "AwaitingUser", deadline: state.deadline } : awaitingUser(time);
}

/** Aborts the running login, transfer or background job. */
export function abortWork(state: SessionState, reason: EngineError): void {
  if (state.type === "LoggingIn") state.waiting.abort(reason);
  if (state.type === "Transferring") state.transfer.abort(reason);
  if (state.type === "RunningJob") state.job.abort(reason);
}

/** Functions that end a session. */
interface SessionEnd {
  end(code: number, text: string): void;
  destroy(): void;
}

/** Starts the timer that ends a session if the session remains in a state for too long. */
export function startTimer(
  session: SessionEnd,
  state: SessionState,
  { clock, config }: EngineTime,
  parameters: Pick<TransferParameters, "idleSeconds">,
): Cancel {
  switch (state.type) {
    case "AwaitingUser":
    case "AwaitingPassword":
    case "LoggingIn":
      return clock.schedule(Math.max(0, state.deadline - clock.now()), () =>
        session.end(421, "Login timeout, closing control connection."),
      );
    case "LoggedIn":
      return clock.schedule(idleSeconds(config, parameters) * 1000, () =>
        session.end(421, "Idle timeout, closing control connection."),
      );
    case "Closing":
      return clock.schedule(CLOSE_GRACE, () => session.destroy());
    case "Transferring":
    case "RunningJob":
    case "Closed":
      return nothingToCancel;
  }
}

/** Replies that end a session when its account can no longer be used. */
const ACCOUNT_LOST: Readonly<Record<Lock | "Removed", string>> = {
  Removed: "Account removed, closing control connection.",
  AccountDisabled: "Account disabled, closing control connection.",
  AccountExpired: "Account expired, closing control connection.",
};

/**
 * Returns the user with the current permissions and limits of the account. Returns the last reply if the account can no
 * longer be used or its home directory or mounts have changed.
 */
export function refreshed(user: LoggedInUser, authenticator: Authenticator): LoggedInUser | Reply {
  const { name, homeDirectory, mounts } = user.account;
  const account = authenticator.current(name);
  if (account === user.account) return user;
  if (account === undefined) return lastReply(421, ACCOUNT_LOST[authenticator.lockOf(name) ?? "Removed"]);
  if (account.homeDirectory !== homeDirectory) return lastReply(421, "Home directory changed; log in again.");
  if (!isDeepStrictEqual(account.mounts, mounts)) return lastReply(421, "Mounts changed; log in again.");
  return { ...user, account };
}

/** Names of the configured limits that are times in seconds. */
type TimeLimit = Extract<keyof EngineConfig["limits"], `${string}Seconds`>;

/** Returns a configured limit in milliseconds. */
export function milliseconds(config: EngineConfig, limit: TimeLimit): number {
  return config.limits[limit] * 1000;
}
