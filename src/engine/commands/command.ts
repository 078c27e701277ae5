import type { Permission } from "../../api/engine-config.ts";
import type { Owner } from "../../common/fair-queue.ts";
import type { Reply } from "../protocol/reply.ts";
import type { Protection, Security } from "../session/security.ts";
import type { EngineContext } from "../session/engine-context.ts";
import type { PendingStore, PrefixRule } from "../session/pending-prefixes.ts";
import type { LoggedInUser, SessionState, TransferParameters } from "../session/state.ts";
import type { Job } from "../transfer/transfer.ts";
import type { DataSource } from "../transfer/data-source.ts";

/** What a handler may see and do. */
export interface CommandContext {
  readonly engine: EngineContext;
  /** The client's and our own address of the control connection. */
  readonly client: string;
  readonly local: string;
  readonly state: SessionState;
  /** Undefined while the control connection is plain. */
  readonly security: Security | undefined;
  readonly parameters: TransferParameters;
  /** Only for commands that need a login. */
  readonly user: LoggedInUser;
  /** What preparatory commands prepared for later ones. */
  readonly pending: PendingStore;
  /** The one way to change the state. */
  become(state: SessionState): void;
  /** Gives up the data connection that was prepared, and takes this one. */
  prepare(source: DataSource | undefined): void;
  /**
   * Sends 150 and starts a transfer over the prepared data connection; the session replies when it ends. When the session ended
   * meanwhile, the job is rolled back.
   */
  transfer(job: Job, announcement: string): Promise<undefined>;
  /**
   * Starts work that takes long and can be aborted; the session replies when it ends. Its signal's reason is an EngineError.
   * @param what a sentence for STAT
   */
  compute(what: string, run: (signal: AbortSignal) => Promise<Reply>): undefined;
  /**
   * Sends the reply and starts TLS; data connections get this protection. Ends the session when the client has sent on in the
   * clear: who put those bytes there is not known (CVE-2011-0411).
   */
  secure(answer: Reply, protection: Protection): Promise<undefined>;
  /** Sends the reply and leaves TLS on the control connection; only where `security.relay` is there. */
  clear(answer: Reply): Promise<undefined>;
  /** Sets the transfer parameters back and forgets the login (REIN). */
  reset(): void;
  /** Counts a wrong password. @returns how many there were in this session */
  countFailedLogin(): number;
}

/** A handler answers with a reply; undefined when the session ended meanwhile. */
export type Handler = (
  context: CommandContext,
  argument: string,
) => Reply | undefined | Promise<Reply | undefined>;

/** One row of the command table: everything that is decided before a handler runs. */
export interface Command extends PrefixRule {
  verb: string;
  /** None: text after the verb is ignored, like in other servers. */
  argument: "None" | "Optional" | "Required";
  login: "NotNeeded" | "Needed";
  /**
   * Permission without which the command is rejected if the user has it in no directory. GuardedStorage checks it for the path. A
   * command that accepts other permissions instead checks these itself.
   */
  permission?: Permission;
  /** What must be protected where tls.mode and tls.dataProtection ask for it: the control connection, or the data connection. */
  tls?: "Control" | "Data";
  /** Whether it is answered while a transfer runs; others wait for its end. */
  duringTransfer?: true;
  /** Its line in the FEAT reply (RFC 2389 section 3.2). */
  feature?: (parameters: TransferParameters) => string;
  /** Whether the configuration has it; FEAT is silent about it otherwise. Absent: always. */
  offered?: (server: EngineContext) => boolean;
  /** Its syntax, for HELP. */
  syntax: string;
  /** The document it follows; "none" for what is only customary. */
  specification: string;
  run: Handler;
}

export type CommandFamily = readonly Command[];

/** A name that no user has. */
const NOBODY = "";

/**
 * Returns the owner of work that is shared fairly among users, and among the clients of one user. Clients before their login
 * count together as one user.
 */
export function ownerOf(
  { engine, client }: Pick<CommandContext, "engine" | "client">,
  user: LoggedInUser | undefined,
): Owner {
  return [user?.account.name ?? NOBODY, engine.clients.networkOf(client)];
}
