import type { Outcome, Transfer } from "../transfer/transfer.ts";
import type { TransferResult } from "../observer.ts";
import { loggable } from "../protocol/reply.ts";
import type { Session } from "./session.ts";

/** Counts a transfer that has ended and, unless it was a listing, logs it. */
export function reportTransfer(
  { engine, client, loggedIn }: Pick<Session, "engine" | "client" | "loggedIn">,
  { job, bytes, startedAt }: Transfer,
  outcome: Outcome,
): void {
  const { observer, log, clock, config } = engine;
  const seconds = (clock.now() - startedAt) / 1000;
  const aborted = outcome.type === "Failed" && outcome.error.code === "Aborted";
  const result: TransferResult = aborted ? "Aborted" : outcome.type;
  observer.transferEnded(job.direction, result, bytes, seconds);
  if (config.logging.transferLog === "Disabled" || job.direction === "Listing") return;
  const reason = outcome.type === "Failed" ? outcome.error.message : undefined;
  const path = loggable(job.path);
  const user = loggedIn?.account.name;
  log.info({ client, user, direction: job.direction, path, bytes, seconds, result, reason }, "transfer");
}
