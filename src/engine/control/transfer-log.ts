import type { Outcome, Transfer } from "../data/transfer.ts";
import type { TransferResult } from "./observer.ts";
import { loggable } from "./reply.ts";
import type { ServerContext } from "./server-context.ts";

/** Counts a transfer that has ended and, unless it was a listing, logs it. */
export function reportTransfer(
  { observer, log, clock, config }: ServerContext,
  who: { client: string; user: string | undefined },
  { job, bytes, startedAt }: Transfer,
  outcome: Outcome,
): void {
  const seconds = (clock.now() - startedAt) / 1000;
  const aborted = outcome.type === "Failed" && outcome.error.code === "Aborted";
  const result: TransferResult = aborted ? "Aborted" : outcome.type;
  observer.transferEnded(job.direction, result, bytes, seconds);
  if (config.logging.transferLog === "Disabled" || job.direction === "Listing") return;
  const reason = outcome.type === "Failed" ? outcome.error.message : undefined;
  const path = loggable(job.path);
  log.info({ ...who, direction: job.direction, path, bytes, seconds, result, reason }, "transfer");
}
