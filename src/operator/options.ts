import type { LOG_LEVELS } from "../api/engine-config.ts";
import { isCidr } from "../common/networks.ts";
import { CommandError } from "../common/command-error.ts";
import { Credentials, inClusterNamespace } from "../kube/credentials.ts";
import type { Settings } from "../plan/model/observed.ts";

/** Flags of the command `ftp-operator operator`. */
export interface OperatorOptions {
  /**
   * Namespaces to watch. An undefined or empty list selects all namespaces. Operator Lifecycle Manager passes an empty
   * list for all namespaces.
   */
  namespaces?: string[];
  engineImage: string;
  imagePullPolicy: Settings["imagePullPolicy"];
  /** CIDRs of node addresses that no Node object lists. */
  nodeAddresses: string[];
  /** Namespace of the Lease. If the value is undefined, leader election is disabled. */
  leaderElectionNamespace?: string;
  /** Name of the Lease. Only one of the operators with the same Lease name is active at a time. */
  leaderElectionName: string;
  /** Lease duration in seconds. The duration must exceed the renew deadline. */
  leaderElectionLeaseDuration: number;
  /** Renew deadline in seconds. The duration must exceed the retry period. */
  leaderElectionRenewDeadline: number;
  leaderElectionRetryPeriod: number;
  /** True when notification sinks can have non-public addresses. */
  allowInternalSinks?: boolean;
  /** True when the operator connects to FtpServers as an FTP client. */
  reachabilityChecks: boolean;
  /** Labels of the operator pods. The value is undefined when the labels are unknown. */
  podLabels?: Record<string, string>;
  /** Maximum number of concurrent reconciles. */
  workers: number;
  metricsPort: number;
  /**
   * Port on the loopback address that serves `/debug`. If the value is undefined, the operator does not serve `/debug`.
   */
  debugPort?: number;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Default: see {@link Credentials}. */
  kubeconfig?: string;
}

/**
 * Validates the options and the access to the cluster.
 * @throws CommandError for an error that a retry cannot fix
 */
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
 * Validates the durations of leader election. Two operators could be active at the same time if the Lease could expire
 * before its holder stops.
 * @throws CommandError
 */
function validateElectionTimings({
  leaderElectionLeaseDuration: lease,
  leaderElectionRenewDeadline: deadline,
  leaderElectionRetryPeriod: retry,
}: OperatorOptions): void {
  if (deadline >= lease)
    throw new CommandError(`invalid value for --leader-election-renew-deadline: ${deadline}s`, {
      hint: `use a value below --leader-election-lease-duration (${lease}s)`,
    });
  if (retry >= deadline)
    throw new CommandError(`invalid value for --leader-election-retry-period: ${retry}s`, {
      hint: `use a value below --leader-election-renew-deadline (${deadline}s)`,
    });
}

/** Returns the operator settings that apply to every FtpServer. */
export async function readSettings({
  engineImage,
  imagePullPolicy,
  nodeAddresses,
  allowInternalSinks = false,
  reachabilityChecks,
  podLabels: labels,
}: OperatorOptions): Promise<Settings> {
  const namespace = await inClusterNamespace();
  return {
    engineImage,
    imagePullPolicy,
    extraNodeAddresses: nodeAddresses,
    internalSinks: allowInternalSinks ? "Allow" : "Deny",
    reachabilityChecks,
    ...(namespace !== undefined && labels !== undefined && { operatorPods: { namespace, labels } }),
  };
}
