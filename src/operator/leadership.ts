import { hostname } from "node:os";
import type { Logger } from "pino";
import type { KubeClient } from "../kube/client.ts";
import { LeaderElector } from "../kube/leader-election.ts";
import type { OperatorOptions } from "./options.ts";

/**
 * Runs `work` while this operator is the leader. Without leader election, `work` runs immediately.
 * @param work function that must end when its signal aborts
 * @returns the exit code: 0 after `signal` aborted, 1 when the Lease was lost
 */
export async function runAsLeader(
  options: OperatorOptions,
  { client, log }: { client: KubeClient; log: Logger },
  work: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  if (options.leaderElectionNamespace === undefined) {
    await work(signal);
    return 0;
  }
  const lease = options.leaderElectionName;
  const elector = new LeaderElector({
    client,
    name: lease,
    namespace: options.leaderElectionNamespace,
    identity: `${hostname()}_${process.pid}`,
    config: {
      leaseDurationSeconds: options.leaderElectionLeaseDuration,
      renewDeadlineSeconds: options.leaderElectionRenewDeadline,
      retryPeriodSeconds: options.leaderElectionRetryPeriod,
    },
    onError: (err) => log.warn({ lease, err }, "reading or writing lease failed, retrying"),
    onOtherLeader: (holder) => log.info({ lease, holder }, "waiting for lease"),
  });
  const lost = await elector.acquire(signal);
  if (lost === undefined) return 0;
  log.info({ lease }, "became leader");
  await work(AbortSignal.any([signal, lost]));
  if (!lost.aborted) {
    await elector.release();
    return 0;
  }
  log.error({ lease }, "lost lease");
  return 1;
}
