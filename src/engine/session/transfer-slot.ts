import { logEvent } from "../../api/log-event.ts";
import type { Semaphore } from "../../common/semaphore.ts";
import { EngineError } from "../errors.ts";
import type { TransferResult } from "../observer.ts";
import { logText, reply, type Reply } from "../protocol/reply.ts";
import { SecuredSource } from "../transfer/data-protection.ts";
import type { DataSource } from "../transfer/data-source.ts";
import { Transfer, type Job, type Outcome } from "../transfer/transfer.ts";
import {
  BackgroundJob,
  type JobControl,
  MAX_WAITING_OF_CLIENT,
  MAX_WAITING_OF_USER,
} from "./background-job.ts";
import { type CommandResult, ownerOf, type TransferControl } from "./command-context.ts";
import { hasHome } from "../auth/account.ts";
import type { EngineContext } from "./engine-context.ts";
import { PendingStore } from "./pending-prefixes.ts";
import type { Security } from "./security.ts";
import { type LoggedInUser, milliseconds, type SessionState } from "./state.ts";
import { initialParameters, type Protection, type TransferParameters } from "./transfer-parameters.ts";

/** Session functions that the slot uses. */
export interface TransferSession {
  readonly engine: EngineContext;
  readonly client: string;
  readonly state: SessionState;
  readonly security: Security | undefined;
  readonly loggedIn: LoggedInUser | undefined;
  /** Whether the session has ended or is sending its last reply. */
  readonly ended: boolean;
  changeState(state: SessionState): void;
  send(answer: Reply): void;
  /**
   * Sends the reply to the command that started the transfer or job. Then processes the next command.
   * @param beforeNext called after the reply, before the next command. Also called if the session has ended.
   */
  finish(answer: Reply, beforeNext?: () => void): void;
  /** Returns the reply for an error. */
  failed(error: unknown): Reply;
}

/** Transfers and background jobs of a session. At most one transfer or background job runs at a time. */
export class TransferSlot implements TransferControl {
  readonly pending = new PendingStore();
  readonly #session: TransferSession;
  #parameters: TransferParameters;
  #source: DataSource | undefined;
  /**
   * Resolves when the last transfer has committed or rolled back, or the last job has ended. The transfer or job can
   * end after the session.
   */
  #lastWork: Promise<void> = Promise.resolve();

  constructor(session: TransferSession, protection: Protection) {
    this.#session = session;
    this.#parameters = initialParameters(protection);
  }

  get parameters(): TransferParameters {
    return this.#parameters;
  }

  get source(): DataSource | undefined {
    return this.#source;
  }

  /** Resolves when no transfer or job is running. Never rejects. */
  get settled(): Promise<void> {
    return this.#lastWork;
  }

  prepare(source: DataSource | undefined): void {
    this.#source?.dispose();
    // The session can end during the wait for a passive port.
    if (this.#session.ended) source?.dispose();
    this.#source = this.#session.ended ? undefined : source;
  }

  /** Discards the prepared data connection, the prepared values and the transfer parameters. */
  reset(protection: Protection): void {
    this.prepare(undefined);
    this.pending.clear();
    this.#parameters = initialParameters(protection);
  }

  /** Disposes of the prepared data connection. */
  release(): void {
    this.#source?.dispose();
    this.#source = undefined;
  }

  start(job: Job, announcement: string): CommandResult | Promise<CommandResult> {
    const { state, engine } = this.#session;
    const source = this.#source;
    if (state.type !== "LoggedIn" || source === undefined) return rolledBack(job);
    this.#source = undefined;
    // RFC 959 section 5.4: the server sends reply 150 before it opens the data connection. Many clients open the data
    // connection or start TLS only after this reply.
    this.#session.send(reply(150, announcement));
    const transfer = this.#transferOf(source, job, state.user);
    this.#session.changeState({ type: "Transferring", user: state.user, transfer });
    engine.observer.transferStarted(job.direction);
    this.#lastWork = transfer.outcome.then((outcome) => this.#transferEnded(transfer, outcome));
    return "Started";
  }

  runInBackground(
    semaphore: Semaphore,
    description: string,
    run: (control: JobControl) => Promise<Reply>,
  ): CommandResult {
    const { state, engine, client } = this.#session;
    if (state.type !== "LoggedIn") return "Closed";
    const owner = ownerOf(engine, client, state.user);
    const pause = engine.transferTicks.pauseFor(owner);
    const status = { description };
    const describe = (text: string): void => void (status.description = text);
    const runWithPermit = async (signal: AbortSignal): Promise<Reply> => {
      const isFull =
        semaphore.waiting(owner) >= MAX_WAITING_OF_CLIENT ||
        semaphore.waiting(owner.slice(0, 1)) >= MAX_WAITING_OF_USER;
      if (isFull)
        throw new EngineError(
          "TooManyJobs",
          "Too many checksums, copies or renames are queued; try again later",
        );
      return await semaphore.run((permit) => run({ permit, pause, signal, describe }), { signal, owner });
    };
    const job = new BackgroundJob(status, runWithPermit, (error) => this.#session.failed(error));
    this.#session.changeState({ type: "RunningJob", user: state.user, job });
    this.#lastWork = job.outcome.then((answer) => this.#session.finish(answer));
    return "Started";
  }

  #transferOf(source: DataSource, job: Job, user: LoggedInUser): Transfer {
    const { config, clock, kernelCopy } = this.#session.engine;
    return new Transfer({
      source: this.#protectedSource(source),
      job,
      clock,
      connectTimeout: milliseconds(config, "dataConnectTimeoutSeconds"),
      stallTimeout: milliseconds(config, "stalledTransferTimeoutSeconds"),
      kernelCopy,
      onCommit: (transfer) => this.#record(transfer, user),
    });
  }

  /** Records the event for a transfer if a sink receives this event. */
  #record({ job, bytes, startedAt }: Transfer, { account }: LoggedInUser): Promise<void> | undefined {
    const { recorder, clock } = this.#session.engine;
    const type = job.direction === "Upload" ? "FileUploaded" : "FileDownloaded";
    const { path } = job;
    if (job.fileSize === undefined || !recorder.wants(type) || !hasHome(account)) return undefined;
    const durationSeconds = (clock.now() - startedAt) / 1000;
    const { client } = this.#session;
    const checksum = job.checksum?.();
    const event = {
      type,
      account,
      client,
      path,
      transferredBytes: bytes,
      durationSeconds,
      checksum,
    } as const;
    const fileSize = job.fileSize(bytes);
    if (typeof fileSize === "number") return recorder.record({ ...event, size: fileSize });
    return fileSize.then(
      (size) => recorder.record({ ...event, size }),
      () => recorder.record(event),
    );
  }

  #protectedSource(source: DataSource): DataSource {
    if (this.#parameters.protection === "Clear") return source;
    const { security } = this.#session;
    if (security === undefined) throw new EngineError("Internal", "TLS is not on");
    return new SecuredSource(source, security.data);
  }

  /** The reply precedes the report, because the client waits for the reply. */
  #transferEnded(transfer: Transfer, outcome: Outcome): void {
    const user = this.#session.loggedIn?.account.name;
    this.#session.finish(
      outcome.type === "Complete" ? reply(226, "Transfer complete.") : this.#session.failed(outcome.error),
      () => this.#report(transfer, outcome, user),
    );
  }

  /** Counts a finished transfer. Logs the transfer unless it was a listing. */
  #report({ job, bytes, startedAt }: Transfer, outcome: Outcome, user: string | undefined): void {
    const { client, engine } = this.#session;
    const { observer, log, clock, config } = engine;
    const seconds = (clock.now() - startedAt) / 1000;
    const aborted = outcome.type === "Failed" && outcome.error.code === "Aborted";
    const result: TransferResult = aborted ? "Aborted" : outcome.type;
    observer.transferEnded(job.direction, result, bytes, seconds);
    if (config.logging.transferLog === "Disabled" || job.direction === "Listing") return;
    const reason = outcome.type === "Failed" ? outcome.error.message : undefined;
    const path = logText(job.path);
    const fields = { client, user, direction: job.direction, path, bytes, seconds, result, reason };
    log.info({ ...logEvent("Transfer"), ...fields }, "transfer");
  }
}

async function rolledBack(job: Job): Promise<CommandResult> {
  await job.rollback();
  return "Closed";
}
