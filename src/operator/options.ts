import type { LOG_LEVELS } from "../api/engine-config.ts";
import { isCidr } from "../common/networks.ts";
import { CommandError } from "../common/command-error.ts";
import { Credentials, inClusterNamespace } from "../kube/credentials.ts";
import type { Settings } from "../plan/model/observed.ts";

/** Flags of `ftp-operator operator`. */
export interface OperatorOptions {
  /** Namespaces to watch. Undefined or empty for all, because Operator Lifecycle Manager passes an empty list for all. */
  namespaces?: string[];
  engineImage: string;
  imagePullPolicy: Settings["imagePullPolicy"];
  /** CIDRs of node addresses that no Node object lists. */
  nodeAddresses: string[];
  /** Namespace of the Lease. Undefined: no leader election. */
  leaderElectionNamespace?: string;
  /** Name of the Lease. Of the operators with the same name, one is active at a time. */
  leaderElectionName: string;
  /** Must be longer than the renew deadline, in seconds. */
  leaderElectionLeaseDuration: number;
  /** Must be longer than the retry period, in seconds. */
  leaderElectionRenewDeadline: number;
  leaderElectionRetryPeriod: number;
  /** Whether the operator connects to FtpServers as an FTP client. */
  reachabilityChecks: boolean;
  /** Labels of the operator pods. Undefined: unknown. */
  podLabels?: Record<string, string>;
  /** Maximum number of concurrent reconciles. */
  workers: number;
  metricsPort: number;
  /** Port of /debug on loopback. Undefined: disabled. */
  debugPort?: number;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Default: see {@link Credentials}. */
  kubeconfig?: string;
}

/** Validates the options and the access to a cluster. @throws CommandError for an error that no retry can fix */
export async function validateOptions(options: OperatorOptions): Promise<void> {
  const { nodeAddresses, metricsPort, debugPort, kubeconfig } = options;
  if (debugPort === metricsPort)
    throw new CommandError(`same port for --debug-port and --metrics-port: ${metricsPort}`, {
      hint: "set --debug-port to another port, for example 6060",
    });
  validateElectionTimings(options);
  const invalid = nodeAddresses.find((text) => !isCidr(text));
  if (invalid !== undefined)
    throw new CommandError(`invalid value for --node-addresses: ${invalid}`, {
      hint: "use networks in CIDR notation, for example 198.51.100.0/24",
    });
  try {
    await new Credentials(kubeconfig).current();
  } catch (error) {
    throw new CommandError(
      `no access to a cluster: ${error instanceof Error ? error.message : String(error)}`,
      { hint: "set KUBECONFIG, or run the operator in a pod with a service account" },
    );
  }
}

/**
 * Two operators could be active at the same time if the Lease could expire before its holder stops.
 * @throws CommandError
 */
function validateElectionTimings({
  leaderElectionLeaseDuration: lease,
  leaderElectionRenewDeadline: deadline,
  leaderElectionRetryPeriod: retry,
}: OperatorOptions): void {
  if (deadline >= lease)
    throw new CommandError(`invalid value for --leader-election-renew-deadline: ${deadline}s`, {
      hint: `use less than --leader-election-lease-duration, which is ${lease}s`,
    });
  if (retry >= deadline)
    throw new CommandError(`invalid value for --leader-election-retry-period: ${retry}s`, {
      hint: `use less than --leader-election-renew-deadline, which is ${deadline}s`,
    });
}

/** Returns the settings that apply to every FtpServer. */
export async function readSettings({
  engineImage,
  imagePullPolicy,
  nodeAddresses,
  reachabilityChecks,
  podLabels: labels,
}: OperatorOptions): Promise<Settings> {
  const namespace = await inClusterNamespace();
  return {
    engineImage,
    imagePullPolicy,
    extraNodeAddresses: nodeAddresses,
    reachabilityChecks,
    ...(namespace !== undefined && labels !== undefined && { operatorPods: { namespace, labels } }),
  };
}
