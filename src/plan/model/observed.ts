import type { PortRange } from "../../api/engine-config.ts";
import type { EngineReport } from "../../api/engine-report.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import type { ObjectKey, ObjectRef } from "../../api/kubernetes.ts";
import type {
  NetworkPolicy,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
} from "./objects.ts";

/** Complete input for the plan of one FtpServer. */
export interface Observed {
  /** RFC 3339. */
  now: string;
  server: FtpServer;
  settings: Settings;
  children: Children;
  certificates: Certificates;
  /** Admission results of all FtpUsers that reference the FtpServer. */
  admissions: readonly Admission[];
  /** Password hashes of accepted FtpUsers, keyed by `namespace/name`. */
  accountPasswords: ReadonlyMap<ObjectKey, PasswordOutcome>;
  /** Password hashes of the users in `spec.users`, keyed by user name. Users without `passwordSecretRef` are absent. */
  passwords: ReadonlyMap<string, PasswordOutcome>;
  /**
   * Objects that each bucket references, keyed by the name of the additional storage. The key for `spec.storage` is an
   * empty string.
   */
  objectStorage: ReadonlyMap<string, ObservedObjectStorage>;
  /** Existing PersistentVolumeClaims that `spec.additionalStorage` names, keyed by claim name. */
  additionalClaims: ReadonlyMap<string, PersistentVolumeClaim>;
  /**
   * The value is undefined when the operator is not permitted to list nodes, for example in a namespaced installation.
   */
  nodes: readonly NodeAddresses[] | undefined;
  /** Changes that the API server rejected in the previous reconcile. */
  rejections?: readonly Rejection[];
  /** Password for the reachability check, either from the current engine configuration or newly generated. */
  checkToken: string;
  /** The value is undefined until the first reachability check after the operator start has finished. */
  reachability?: ReachabilityOutcome | undefined;
  /**
   * Engine reports, keyed by pod UID. A pod is absent until the operator schedules the first request for its report.
   */
  reports?: ReadonlyMap<string, ReportOutcome>;
}

/** Objects that a bucket references. */
export interface ObservedObjectStorage {
  /**
   * Current version of the Secret in `credentialsSecretRef`. The value is undefined if the bucket references no Secret.
   */
  credentials?: { version: string } | "Missing";
  /** Certificates in the object that `caRef` names. The value is undefined if the bucket references no object. */
  authorities?: CertificateOutcome;
}

/** Operator settings that apply to every FtpServer. */
export interface Settings {
  /** Default engine image, used when `spec.pod.image` is not set. */
  engineImage: string;
  imagePullPolicy: "Always" | "IfNotPresent" | "Never";
  /** Addresses or CIDRs that replace client addresses (source NAT) and that no Node object lists. */
  extraNodeAddresses: readonly string[];
  /** Policy for non-public addresses of notification sinks. Defaults to `Deny`. */
  internalSinks?: "Allow" | "Deny";
  /** True when the operator settings enable reachability checks. */
  reachabilityChecks: boolean;
  /**
   * Selector for the operator pods, which read engine reports. The value is undefined when the labels of the operator
   * pods are unknown.
   */
  operatorPods?: { namespace: string; labels: Record<string, string> };
}

/** Child objects of one FtpServer in the cluster. A field is absent if the object does not exist. */
export interface Children {
  service?: Service;
  statefulSets: readonly StatefulSet[];
  pods: readonly Pod[];
  networkPolicy?: NetworkPolicy;
  podDisruptionBudget?: PodDisruptionBudget;
  serviceAccount?: ServiceAccount;
  configSecret?: Secret;
  /** PersistentVolumeClaim that `spec.storage.persistentVolumeClaim` names or creates. */
  persistentVolumeClaim?: PersistentVolumeClaim;
}

/** Addresses and state of a node. */
export interface NodeAddresses {
  name: string;
  ready: boolean;
  /** Scheme of the node's `spec.providerID`, for example `aws`. */
  cloud?: string;
  addresses: readonly { type: "InternalIP" | "ExternalIP"; address: string }[];
}

/** A change that the API server rejected permanently with HTTP status 400, 403 or 422. */
export interface Rejection {
  ref: ObjectRef;
  /**
   * The field is absent for an apply. A rejected annotation only delays the kubelet sync of a Secret by about one
   * minute.
   */
  verb?: "delete" | "annotate";
  message: string;
}

/** Condition reason and message. The message names the object and states the remedy. */
export interface Failure<R extends string> {
  reason: R;
  message: string;
}

export type PasswordFailure = Failure<"SecretNotFound" | "SecretKeyMissing" | "SecretValueInvalid">;

/** Hash of a user's password, or the cause of a missing hash. The value never contains the password. */
export type PasswordOutcome = { hash: string; source: string } | { failure: PasswordFailure };

export type CertificateFailure = Failure<
  | "CertificateInvalid"
  | "ConfigMapKeyMissing"
  | "ConfigMapNotFound"
  | "KeyMismatch"
  | "SecretKeyMissing"
  | "SecretNotFound"
>;

/**
 * Validity period of the certificates in a Secret or ConfigMap, or the cause of a failure. The value never contains a
 * private key.
 */
export type CertificateOutcome =
  | {
      /**
       * RFC 3339 time. A certificate chain is valid while all its certificates are valid. A CA bundle is valid while at
       * least one of its certificates is valid.
       */
      notBefore: string;
      notAfter: string;
      /** Identifier that changes when the content of the object changes. */
      version: string;
    }
  | { failure: CertificateFailure; version: string };

/** Certificates that `spec.tls` references. */
export interface Certificates {
  server?: CertificateOutcome;
  clientAuthorities?: CertificateOutcome;
}

/** Keys in a Secret of type `kubernetes.io/tls`. */
export const CERTIFICATE_KEY = "tls.crt";
export const PRIVATE_KEY_KEY = "tls.key";

/** Reason why an FtpServer rejects an FtpUser. */
export type AccountRejection = Failure<
  | "ClientAddressesHidden"
  | "HomeNotAllowed"
  | "MountNotAllowed"
  | "InvalidSpec"
  | "NameReserved"
  | "NameTaken"
  | "NamespaceNotAllowed"
  | "PasswordMissing"
  | "TooManyUsers"
>;

/** Decision of an FtpServer to accept or reject an FtpUser. */
export interface Admission {
  user: FtpUser;
  loginName: string;
  /** Home directory as an absolute path on the volume. */
  homeDirectory: string;
  /** The value is undefined when the FtpServer accepts the FtpUser. */
  rejection: AccountRejection | undefined;
}

/** Result of a request for an engine report. See {@link EngineReport}. */
export type ReportOutcome =
  /** The first request has not finished. */
  | { type: "Pending" }
  /** The operator cannot read the report, for example because a NetworkPolicy blocks the metrics port. */
  | { type: "Unknown" }
  | { type: "Known"; report: EngineReport };

/** Pod whose engine report the operator requests. */
export interface ReportTarget {
  uid: string;
  /** IP address of the pod. */
  host: string;
  ready: boolean;
  /** True after the startup probe has succeeded. The engine then serves reports. */
  started: boolean;
}

/** Engines whose reports the operator requests. */
export interface ReportRequest {
  targets: ReportTarget[];
  /** Interval in seconds between two reports of a ready pod. */
  periodSeconds: number;
}

/** Host name or IP address. If `family` is set, the operator resolves a host name only to addresses of this family. */
export interface ReachabilityHost {
  host: string;
  family?: 4 | 6;
}

/** Target of a reachability check. */
export interface ReachabilityTarget {
  /** One host for each address family of the Service. The host in `status.endpoint` is first. */
  hosts: ReachabilityHost[];
  port: number;
  tls: "None" | "Explicit" | "Implicit";
  /** See EngineCheck. */
  token: string;
  /** Addresses that PASV announces to clients that match an override. */
  dataAddresses: string[];
  /** Serving slots. The check succeeds after one directory listing through a port of each slot. */
  slots: { name: string; ports: PortRange }[];
}

/** Step at which a reachability check failed. */
export type ReachabilityFailureReason =
  | "AddressNotAllowed"
  | "AddressUnreachable"
  | "ConnectFailed"
  | "DataConnectFailed"
  | "DataEncryptionFailed"
  | "EncryptionFailed"
  | "LoginFailed"
  | "NameNotResolved"
  | "NoGreeting"
  | "PassiveModeRejected"
  | "TransferFailed"
  | "UnexpectedAddress";

/** Result of a reachability check. */
export type ReachabilityOutcome =
  | {
      type: "Reachable";
      /** Names of the slots that received no test connection. */
      unchecked: string[];
      /** Commands whose data connections transferred directory listings, for example PASV. */
      commands: readonly string[];
      /** Hosts that were checked. */
      hosts: readonly string[];
      /** Hosts that the operator skipped, because it has no address in their address family. */
      skipped: readonly string[];
    }
  /** `detail` describes the observed failure. `usualCause` contains the usual cause and the remedy. */
  | { type: "Unreachable"; reason: ReachabilityFailureReason; detail: string; usualCause: string };

/** Request for a reachability check, or the reason to skip or postpone the check. */
export type ProbeRequest =
  | { type: "Check"; target: ReachabilityTarget; periodSeconds: number }
  /** Reachability checks are disabled or cannot provide a result. */
  | { type: "Skip"; reason: "CheckDisabled" | "CheckNotPossible"; message: string }
  /** No pod or address is available for a connection. The condition keeps the previous result. */
  | { type: "Wait" };
