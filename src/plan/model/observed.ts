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
  /** Passwords of accepted FtpUsers, keyed by namespace/name. */
  accountPasswords: ReadonlyMap<ObjectKey, PasswordOutcome>;
  /** Passwords of `spec.users`, keyed by user name. Users without `passwordSecretRef` are absent. */
  passwords: ReadonlyMap<string, PasswordOutcome>;
  /**
   * The objects that each bucket references, keyed by the name of the additional storage. The key of `spec.storage` is
   * an empty string.
   */
  objectStorage: ReadonlyMap<string, ObservedObjectStorage>;
  /** The existing claims of `spec.additionalStorage`, keyed by claim name. */
  additionalClaims: ReadonlyMap<string, PersistentVolumeClaim>;
  /** Undefined when the operator is not permitted to list nodes, as in a namespaced installation. */
  nodes: readonly NodeAddresses[] | undefined;
  /** Changes that the API server rejected in the previous reconcile. */
  rejections?: readonly Rejection[];
  /** Password for the reachability check, either from the current engine configuration or newly generated. */
  checkToken: string;
  /** Undefined until the first reachability check after the operator start has finished. */
  reachability?: ReachabilityOutcome | undefined;
  /** Engine reports, keyed by pod UID. A pod is absent until the operator first requests its report. */
  reports?: ReadonlyMap<string, ReportOutcome>;
}

/** The objects that a bucket references. */
export interface ObservedObjectStorage {
  /** The current version of the Secret of `credentialsSecretRef`. Undefined without a reference. */
  credentials?: { version: string } | "Missing";
  /** The certificates of `caRef`. Undefined without a reference. */
  authorities?: CertificateOutcome;
}

/** Operator settings that apply to every FtpServer. */
export interface Settings {
  /** Default engine image, used when `spec.pod.image` is not set. */
  engineImage: string;
  imagePullPolicy: "Always" | "IfNotPresent" | "Never";
  /** Addresses or CIDRs that replace client addresses (source NAT) and are not listed in any Node. */
  extraNodeAddresses: readonly string[];
  /** Policy for non-public addresses of notification sinks. Defaults to `Deny`. */
  internalSinks?: "Allow" | "Deny";
  /** True when reachability checks are enabled in the operator. */
  reachabilityChecks: boolean;
  /**
   * Selector for the operator pods, which read engine reports. Undefined when the labels of the operator pods are
   * unknown.
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
  /** Absent for an apply. A rejected annotation only delays the kubelet sync of a Secret by about one minute. */
  verb?: "delete" | "annotate";
  message: string;
}

/** Reason from the catalog and a message. The message names the object and states the remedy. */
export interface Failure<R extends string> {
  reason: R;
  message: string;
}

export type PasswordFailure = Failure<"SecretNotFound" | "SecretKeyMissing" | "SecretValueInvalid">;

/** Hash of a user's password, or the cause of a missing hash. Never contains the password. */
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
 * Validity period of the certificates in a Secret or ConfigMap, or the cause of a failure. Never contains a private
 * key.
 */
export type CertificateOutcome =
  | {
      /**
       * RFC 3339 time. A certificate chain is valid while all its certificates are valid. A CA bundle is valid while at
       * least one of its certificates is valid.
       */
      notBefore: string;
      notAfter: string;
      /** Identifier that changes with the content of the object. */
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

/** Cause of the rejection of an FtpUser by its FtpServer. */
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
  /** Undefined when the FtpUser is accepted. */
  rejection: AccountRejection | undefined;
}

/** Result of a request for the report of one engine. See {@link EngineReport}. */
export type ReportOutcome =
  /** The first request has not finished. */
  | { type: "Pending" }
  /** The operator cannot read the report, for example because a NetworkPolicy blocks the metrics port. */
  | { type: "Unknown" }
  | { type: "Known"; report: EngineReport };

/** Pod whose engine report is requested. */
export interface ReportTarget {
  uid: string;
  /** IP address of the pod. */
  host: string;
  ready: boolean;
  /** True after the startup probe has succeeded. The engine then serves reports. */
  started: boolean;
}

/** Engines whose reports are requested. */
export interface ReportRequest {
  targets: ReportTarget[];
  /** Interval in seconds between two reports of a ready pod. */
  periodSeconds: number;
}

/** Host name or IP address. `family` restricts the address family used to resolve a host name. */
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
      /** Names of slots that received no test connection. */
      unchecked: string[];
      /** Commands whose data connections transferred directory listings, for example PASV. */
      commands: readonly string[];
      /** Hosts that were checked. */
      hosts: readonly string[];
      /** Hosts that were skipped, because the operator has no address in their address family. */
      skipped: readonly string[];
    }
  /** `detail` describes the observed failure. `usualCause` contains the usual cause and the remedy. */
  | { type: "Unreachable"; reason: ReachabilityFailureReason; detail: string; usualCause: string };

/** Request for a reachability check, or the reason to skip or postpone the check. */
export type ProbeRequest =
  | { type: "Check"; target: ReachabilityTarget; periodSeconds: number }
  /** Reachability checks are disabled or cannot provide a result. */
  | { type: "Skip"; reason: "CheckDisabled" | "CheckNotPossible"; message: string }
  /** No pod or address is available for a connection. The previous result is kept. */
  | { type: "Wait" };
