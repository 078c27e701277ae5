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

/** A transfer or background job has started. The session replies when it ends. */
export type Started = "Started";

/** Nothing to reply: the session ended, or the handler sent its reply before it started or ended TLS. */
export type Closed = "Closed";

/** Result of a command. */
export type CommandResult = Reply | Started | Closed;

/** What a handler gets: the shared engine, and its session in groups. */
export interface CommandContext {
  readonly engine: EngineContext;
  readonly session: SessionControl;
  readonly transfer: TransferControl;
  /**
   * Account, working directory and storage of the user. Only for commands that need a login.
   * @throws EngineError ConnectionLost when the session ended while the command waited
   */
  readonly user: LoggedInUser;
}

/** Returns the context of a session. There is one per session, so that a command allocates none. */
export function commandContext(
  engine: EngineContext,
  session: SessionControl,
  transfer: TransferControl,
): CommandContext {
  return {
    engine,
    session,
    transfer,
    get user() {
      const { loggedIn } = session;
      if (loggedIn !== undefined) return loggedIn;
      // The session can end while a command waits. No client receives its reply then.
      if (session.ended) throw CONTROL_LOST;
      throw new EngineError("Internal", "Not logged in");
    },
  };
}

/** Reason of the abort when the client has disconnected. */
export const CONTROL_LOST = new EngineError("ConnectionLost", "Control connection lost");

/** The control connection and its login. */
export interface SessionControl {
  /** Client address of the control connection. */
  readonly client: string;
  /** Engine address of the control connection. */
  readonly local: string;
  readonly state: SessionState;
  /** Undefined while the control connection is plain. */
  readonly security: Security | undefined;
  /** Undefined before login. */
  readonly loggedIn: LoggedInUser | undefined;
  /** Whether the session has ended or sends its last reply. */
  readonly ended: boolean;
  changeState(state: SessionState): void;
  /** Applies changes of the account. Returns the reply that ends the session when the account can no longer be used. */
  refreshUser(): Reply | undefined;
  /**
   * Sends the reply and starts TLS. Ends the session when the client sent more bytes in the clear, because an attacker can have
   * inserted them (CVE-2011-0411).
   * @param protection of the data connections
   */
  startTls(answer: Reply, protection: Protection): Promise<Closed>;
  /** Sends the reply and ends TLS on the control connection. Requires `security.relay`. */
  endTls(answer: Reply): Promise<Closed>;
  /** Resets the transfer parameters and the login (REIN). */
  reset(): void;
  /** Counts a wrong password. Returns the number of wrong passwords in this session. */
  countFailedLogin(): number;
  /** Counts a line before login that is not a known command. Returns the number of such lines. */
  countUnknownCommand(): number;
  /** Closes the control connection without a reply. */
  destroy(): void;
}

/** The data side of a session: transfer parameters, the next data connection, and the running transfer or background job. */
export interface TransferControl {
  readonly parameters: TransferParameters;
  /** Values that preparatory commands such as REST set for a later command. */
  readonly pending: PendingStore;
  /** The data connection that PASV, EPSV, PORT or EPRT prepared. One transfer uses it. */
  readonly source: DataSource | undefined;
  /** Replaces the prepared data connection. The previous one is disposed of. */
  prepare(source: DataSource | undefined): void;
  /** Sends 150 and starts a transfer over the prepared data connection. Rolls the job back when the session has ended. */
  start(job: Job, announcement: string): CommandResult | Promise<CommandResult>;
  /**
   * Starts a job that needs no data connection. The job waits until the semaphore has a permit for its owner. ABOR aborts it.
   * @param description sentence for STAT
   */
  runInBackground(
    semaphore: Semaphore,
    description: string,
    run: (control: JobControl) => Promise<Reply>,
  ): CommandResult;
}

/** The commands that sessions run. commands/execute.ts implements it. */
export interface CommandSet {
  /** @throws EngineError that the session maps to a reply */
  execute(context: CommandContext, line: InputLine): CommandResult | Promise<CommandResult>;
  /** Whether the command of a line runs while a transfer or background job is running. */
  runsDuringTransfer(this: void, line: InputLine): boolean;
}

/** Owner name of clients before login. No user has it. */
const NO_USER = "";

/**
 * Returns the owner of work in fair queues: the user, and the client of that user. Clients before their login count together as
 * one user.
 */
export function ownerOf(
  { clients }: Pick<EngineContext, "clients">,
  client: string,
  user: LoggedInUser | undefined,
): Owner {
  return [user?.account.name ?? NO_USER, clients.networkOf(client)];
}
