import type { AnnouncedAddress, EngineConfig, PortRange } from "../../api/engine-config.ts";
import type {
  FtpServer,
  FtpServerExposureLoadBalancer,
  FtpServerSpec,
  FtpServerStatusSlot,
} from "../../api/ftpserver.generated.ts";
import type {
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
} from "./objects.ts";
import type { Observed } from "./observed.ts";

/** Everything that is decided about an FtpServer before its objects are built. */
export interface Decision {
  observed: Observed;
  server: FtpServer;
  spec: FtpServerSpec;
  storage: StorageDecision;
  strategy: RolloutStrategy;
  observedSlots: readonly ObservedSlot[];
  /** The partition of the passive port range, each slice with the slot that owns it. */
  slices: readonly Slice[];
  network: NetworkDecision;
}

/** A decision with the objects and slot actions that follow from it. Conditions and status read nothing else. */
export interface PlannedState extends Decision {
  desired: Desired;
  slots: readonly SlotPlan[];
}

/** The storage of the served files, and how many nodes can mount it. */
export type StorageDecision =
  | { type: "Ephemeral" }
  | { type: "Claim"; claimName: string; access: "SingleNode" | "Shared" }
  /** `spec.storage.persistentVolumeClaim.claimName` names a claim that does not exist. */
  | { type: "MissingClaim"; claimName: string };

export type TrafficPolicy = "Local" | "Cluster";

export interface NetworkDecision {
  /** External traffic policy of the Service now, see currentTrafficPolicy. */
  trafficPolicy: TrafficPolicy | undefined;
  /** Addresses and CIDRs that replace client addresses, sorted. Empty when engines see the addresses of clients. */
  snatSources: readonly string[];
  /** The passive port range, and ports outside it that terminating pods still use. */
  publishedPorts: readonly PortRange[];
  announced: AddressDecision;
  /** Addresses that clients can connect to. The announced one is first, then IPv4 and names, then IPv6. */
  addresses: readonly string[];
  /** Undefined for other exposures. */
  loadBalancer: LoadBalancer | undefined;
}

/** Where the announced address comes from, or why there is none. */
export type AddressReason =
  | "ClusterAddress"
  | "ClusterAddressPending"
  | "ControlConnection"
  | "Hostname"
  | "IPv6Only"
  | "LoadBalancerAddress"
  | "LoadBalancerHostname"
  | "LoadBalancerPending"
  | "NoIPv4Address"
  | "NoNodeAddress"
  | "NodeAddress"
  | "PodHostAddress"
  | "Static";

/** The address that PASV announces. */
export interface AddressDecision {
  address: AnnouncedAddress;
  reason: AddressReason;
}

export type ProviderName = Exclude<NonNullable<FtpServerExposureLoadBalancer["provider"]>, "Auto">;

/** The load balancer of an FtpServer. */
export interface LoadBalancer {
  provider: ProviderName;
  annotations: Record<string, string>;
  /** Maximum number of ports of one load balancer. Undefined when no limit is known. */
  maxPorts: number | undefined;
  nodePorts: "Enabled" | "Disabled";
  /** Clients that the load balancer admits. Empty for all clients. */
  sourceRanges: readonly string[];
}

/** A part of the passive port range. At most one pod owns it at a time. */
export interface Slice {
  /** Name of the slot. */
  name: string;
  ports: PortRange;
}

/** The objects of one slot in the cluster. */
export interface ObservedSlot {
  name: string;
  statefulSet?: { replicas: number; templateHash: string; ports: PortRange; terminating: boolean };
  pod?: {
    templateHash: string;
    ports: PortRange;
    terminating: boolean;
    ready: boolean;
    /** Whether the engine has started, ready or not, so that sessions can exist. */
    started: boolean;
  };
}

/** A slot with its slice and the pod template that belongs to it. */
export interface DesiredSlot extends Slice {
  templateHash: string;
}

/**
 * - Surge: a new pod starts before the old one drains.
 * - InPlace: the old pod drains before the new one starts, because only one of them can have the volume or the host port.
 * - Frozen: no pod starts or drains, because the claim is missing or maintenance is enabled.
 */
export type RolloutStrategy = "Surge" | "InPlace" | "Frozen";

/**
 * - Run: apply the desired StatefulSet with one pod.
 * - Hold: change nothing for now.
 * - Drain: scale the StatefulSet to zero. Its pod terminates when its sessions end.
 * - Replace: Drain, and already apply the desired template. A rejected template then terminates no pod.
 * - Remove: delete the empty StatefulSet.
 * - None: nothing exists and nothing is desired.
 */
export type SlotAction = "Run" | "Hold" | "Drain" | "Replace" | "Remove" | "None";

export type SlotState = FtpServerStatusSlot["state"];

/** The next action of one slot. */
export interface SlotPlan {
  name: string;
  /** Ports that the pod of the slot owns, or will own. */
  ports: PortRange;
  state: SlotState;
  action: SlotAction;
  /** Whether the last pod of the slot has another template than the desired one. */
  outdated: boolean;
}

/** Labels and annotations that `spec.childMetadata` adds to pods. */
export type PodChildMetadata = Record<"labels" | "annotations", Readonly<Record<string, string>>>;

/** The desired child objects of an FtpServer. Each is built once per plan. */
export interface Desired {
  config: EngineConfig;
  serviceAccount: ServiceAccount;
  configSecret: Secret;
  /** Undefined unless `spec.storage.persistentVolumeClaim.create` is set. */
  persistentVolumeClaim: PersistentVolumeClaim | undefined;
  /** Undefined when `spec.networkPolicy.mode` is Disabled. */
  networkPolicy: NetworkPolicy | undefined;
  service: Service;
  podDisruptionBudget: PodDisruptionBudget;
  /** One StatefulSet with one replica for each slice, by slot name. */
  statefulSets: ReadonlyMap<string, StatefulSet>;
  podMetadata: PodChildMetadata;
}
