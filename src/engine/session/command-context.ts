import type { Owner } from "../../common/fair-queue.ts";
import type { Semaphore } from "../../common/semaphore.ts";
import type { InputLine } from "../protocol/framing.ts";
import type { Reply } from "../protocol/reply.ts";
import { EngineError } from "../errors.ts";
import type { DataSource } from "../transfer/data-source.ts";
import type { Job } from "../transfer/transfer.ts";
import type { JobControl } from "./background-job.ts";
import type { EngineContext } from "./engine-context.ts";
import type { PendingStore } from "./pending-prefixes.ts";
import type { Security } from "./security.ts";
import type { LoggedInUser, SessionState } from "./state.ts";
import type { Protection, TransferParameters } from "./transfer-parameters.ts";

/** Result of a command that started a transfer or background job. The session replies when the transfer or job ends. */
export type Started = "Started";

/**
 * Result of a command that requires no further reply. Either the session ended, or the handler sent the reply before
 * TLS started or ended.
 */
export type Closed = "Closed";

export type CommandResult = Reply | Started | Closed;

/**
 * Context for a command handler: the shared engine state, and the control and transfer functions of the session. Each
 * session reuses one context, so that commands allocate no memory for contexts.
 */
export class CommandContext {
  readonly engine: EngineContext;
  readonly session: SessionControl;
  readonly transfer: TransferControl;

  constructor(engine: EngineContext, session: SessionControl, transfer: TransferControl) {
    this.engine = engine;
    this.session = session;
    this.transfer = transfer;
  }

  /**
   * Account, working directory and storage of the logged-in user. Only commands that require a login can read this
   * property.
   * @throws EngineError ConnectionLost when the session ended while the command waited
   */
  get user(): LoggedInUser {
    const { loggedIn } = this.session;
    if (loggedIn !== undefined) return loggedIn;
    // The session can end while a command waits. After the session ends, the client receives no reply.
    if (this.session.ended) throw CONTROL_LOST;
    throw new EngineError("Internal", "Not logged in");
  }
}

/** Abort reason after the client has disconnected. */
export const CONTROL_LOST = new EngineError("ConnectionLost", "Control connection lost");

/** Control connection and login state. */
export interface SessionControl {
  /** Client address on the control connection. */
  readonly client: string;
  /** Engine address on the control connection. */
  readonly local: string;
  readonly state: SessionState;
  /** TLS state. The value is undefined while the control connection is unencrypted. */
  readonly security: Security | undefined;
  /** Logged-in user. The value is undefined before login. */
  readonly loggedIn: LoggedInUser | undefined;
  /** Whether the session has ended or is sending its last reply. */
  readonly ended: boolean;
  changeState(state: SessionState): void;
  /** Applies account changes. Returns the reply that ends the session when the account can no longer be used. */
  refreshUser(): Reply | undefined;
  /**
   * Sends the reply and starts TLS. Ends the session if the client has sent more unencrypted bytes, because an attacker
   * may have inserted these bytes (CVE-2011-0411).
   * @param protection initial protection of data connections
   */
  startTls(answer: Reply, protection: Protection): Promise<Closed>;
  /** Sends the reply and ends TLS on the control connection. Requires `security.relay`. */
  endTls(answer: Reply): Promise<Closed>;
  /** Resets the transfer parameters and the login (REIN). */
  reset(): void;
  /** Counts a wrong password. Returns the number of wrong passwords in the session. */
  countFailedLogin(): number;
  /** Counts an unknown command before login. Returns the number of unknown commands. */
  countUnknownCommand(): number;
  /** Closes the control connection without a reply. */
  destroy(): void;
}

/**
 * Transfer functions of a session: transfer parameters, the next data connection, and the running transfer or
 * background job.
 */
export interface TransferControl {
  readonly parameters: TransferParameters;
  /** Values that preparatory commands such as REST set for a later command. */
  readonly pending: PendingStore;
  /** Data connection prepared by PASV, EPSV, PORT or EPRT. Each prepared connection serves one transfer. */
  readonly source: DataSource | undefined;
  /** Replaces the prepared data connection. Disposes of the previous data connection. */
  prepare(source: DataSource | undefined): void;
  /**
   * Sends reply 150 and starts a transfer over the prepared data connection. Rolls the job back when the session has
   * ended.
   */
  start(job: Job, announcement: string): CommandResult | Promise<CommandResult>;
  /**
   * Starts a job that uses no data connection. The job waits until the semaphore grants a permit to its owner. ABOR
   * aborts the job.
   * @param description description for the STAT reply
   */
  runInBackground(
    semaphore: Semaphore,
    description: string,
    run: (control: JobControl) => Promise<Reply>,
  ): CommandResult;
}

/** Commands that sessions run. `commands/execute.ts` implements this interface. */
export interface CommandSet {
  /** @throws EngineError, which the session converts to a reply */
  execute(context: CommandContext, line: InputLine): CommandResult | Promise<CommandResult>;
  /** Returns whether a command can run during a transfer or background job. */
  runsDuringTransfer(this: void, line: InputLine): boolean;
}

/** Owner name for clients that are not logged in. No user has an empty name. */
const NO_USER = "";

/**
 * Returns the owner of work in fair queues: the user and the client address. All clients that are not logged in count
 * as one user.
 */
export function ownerOf(
  { clients }: Pick<EngineContext, "clients">,
  client: string,
  user: LoggedInUser | undefined,
): Owner {
  return [user?.account.name ?? NO_USER, clients.networkOf(client)];
}
