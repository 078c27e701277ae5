import type { AnnouncedAddress, EngineConfig, PortRange } from "../../api/engine-config.ts";
import type {
  FtpServer,
  FtpServerExposureLoadBalancer,
  FtpServerSpec,
  FtpServerStatusSlot,
  FtpServerStorageObjectStorage,
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
import type { Failure, Observed } from "./observed.ts";

/** Decisions about an FtpServer that determine its child objects. */
export interface Decision {
  observed: Observed;
  server: FtpServer;
  spec: FtpServerSpec;
  storage: StorageDecision;
  additionalStorage: readonly AdditionalStorage[];
  strategy: RolloutStrategy;
  observedSlots: readonly ObservedSlot[];
  /** Slices of the passive port range, each with its owner slot. */
  slices: readonly Slice[];
  network: NetworkDecision;
}

/**
 * A decision with the resulting objects and slot actions. The plan derives the conditions and the status only from this
 * state.
 */
export interface PlannedState extends Decision {
  desired: Desired;
  slots: readonly SlotPlan[];
}

/** Storage for the served files. For a claim, `access` states whether several nodes can mount the volume. */
export type StorageDecision =
  | { type: "Ephemeral" }
  | { type: "Claim"; claimName: string; access: "SingleNode" | "Shared"; readOnly?: true }
  /** The spec names a PersistentVolumeClaim that does not exist. */
  | { type: "MissingClaim"; claimName: string }
  /** A bucket that all replicas share. */
  | { type: "ObjectStorage"; storage: FtpServerStorageObjectStorage; failure: StorageFailure | undefined };

/** An entry of `spec.additionalStorage`. */
export interface AdditionalStorage {
  name: string;
  storage: Exclude<StorageDecision, { type: "Ephemeral" }>;
  /** Relative path of a directory on the volume, or undefined for the root of the volume. */
  subPath?: string | undefined;
}

/** Reason why pods with object storage cannot start. */
export type StorageFailure = Failure<
  "CertificateInvalid" | "ConfigMapKeyMissing" | "ConfigMapNotFound" | "SecretKeyMissing" | "SecretNotFound"
>;

export type TrafficPolicy = "Local" | "Cluster";

export interface NetworkDecision {
  /** Current external traffic policy of the Service. See currentTrafficPolicy. */
  trafficPolicy: TrafficPolicy | undefined;
  /**
   * Sorted addresses and CIDRs that replace client addresses. The list is empty when engines receive client addresses.
   */
  snatSources: readonly string[];
  /** The passive port range and any other ports that terminating pods still use. */
  publishedPorts: readonly PortRange[];
  announced: AddressDecision;
  /**
   * Addresses that clients can connect to. The announced address is first, followed by IPv4 addresses and host names,
   * then IPv6 addresses.
   */
  addresses: readonly string[];
  /** The value is undefined when `spec.exposure.type` is not `LoadBalancer`. */
  loadBalancer: LoadBalancer | undefined;
}

/** Source of the announced address, or the cause of a missing address. */
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

/** Address that PASV announces. */
export interface AddressDecision {
  address: AnnouncedAddress;
  reason: AddressReason;
}

export type ProviderName = Exclude<NonNullable<FtpServerExposureLoadBalancer["provider"]>, "Auto">;

export interface LoadBalancer {
  provider: ProviderName;
  annotations: Record<string, string>;
  /** Maximum number of ports for one load balancer. The value is undefined when no limit is known. */
  maxPorts: number | undefined;
  nodePorts: "Enabled" | "Disabled";
  /** Client networks that the load balancer admits. An empty list admits all clients. */
  sourceRanges: readonly string[];
}

/** Part of the passive port range. At most one pod at a time owns a slice. */
export interface Slice {
  /** Name of the slot. */
  name: string;
  ports: PortRange;
}

/** Observed objects of one slot. */
export interface ObservedSlot {
  name: string;
  statefulSet?: { replicas: number; templateHash: string; ports: PortRange; terminating: boolean };
  pod?: {
    templateHash: string;
    ports: PortRange;
    terminating: boolean;
    ready: boolean;
    /** True after the engine has started, even if the engine is not ready. A started engine can have sessions. */
    started: boolean;
  };
}

/** A slot with its slice and the hash of its pod template. */
export interface DesiredSlot extends Slice {
  templateHash: string;
}

/**
 * - Surge: a new pod starts before the old pod drains.
 * - InPlace: the old pod drains before the new pod starts, because only one pod can use the volume or the host port.
 * - Frozen: no pod starts or drains, because the PersistentVolumeClaim is missing or maintenance is enabled.
 */
export type RolloutStrategy = "Surge" | "InPlace" | "Frozen";

/**
 * - Run: apply the desired StatefulSet with one pod.
 * - Hold: change nothing at this time.
 * - Drain: scale the StatefulSet to zero. The pod terminates when its sessions end.
 * - Replace: drain the pod and apply the desired template at the same time. If the API server rejects the template, the
 * pod continues to run.
 * - Remove: delete the empty StatefulSet.
 * - None: change nothing, because the slot has no objects and requires none.
 */
export type SlotAction = "Run" | "Hold" | "Drain" | "Replace" | "Remove" | "None";

export type SlotState = FtpServerStatusSlot["state"];

/** State and next action of one slot. */
export interface SlotPlan {
  name: string;
  /** Passive ports of the current pod in the slot, or of the next pod if no pod exists. */
  ports: PortRange;
  state: SlotState;
  action: SlotAction;
  /** True when the current pod or StatefulSet has an outdated template. */
  outdated: boolean;
}

/** Labels and annotations that `spec.childMetadata` adds to pods. */
export type PodChildMetadata = Record<"labels" | "annotations", Readonly<Record<string, string>>>;

/** Desired child objects of an FtpServer. Each plan builds each object once. */
export interface Desired {
  config: EngineConfig;
  /** The value is undefined when `spec.pod.serviceAccountName` is set. */
  serviceAccount: ServiceAccount | undefined;
  configSecret: Secret;
  /** The value is undefined when `spec.storage.persistentVolumeClaim.create` is not set. */
  persistentVolumeClaim: PersistentVolumeClaim | undefined;
  /** The value is undefined when `spec.networkPolicy.mode` is `Disabled`. */
  networkPolicy: NetworkPolicy | undefined;
  service: Service;
  podDisruptionBudget: PodDisruptionBudget;
  /** One StatefulSet with one replica for each slice, keyed by slot name. */
  statefulSets: ReadonlyMap<string, StatefulSet>;
  podMetadata: PodChildMetadata;
}
