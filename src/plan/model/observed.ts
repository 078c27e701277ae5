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

/** Everything that the plan of one FtpServer depends on. */
export interface Observed {
  /** RFC 3339. */
  now: string;
  server: FtpServer;
  settings: Settings;
  children: Children;
  certificates: Certificates;
  /** For each FtpUser that references the FtpServer, whether it is accepted. */
  admissions: readonly Admission[];
  /** Passwords of accepted FtpUsers, by namespace/name. */
  accountPasswords: ReadonlyMap<ObjectKey, PasswordOutcome>;
  /** Passwords of `spec.users`, by user name. Users without `passwordSecretRef` are absent. */
  passwords: ReadonlyMap<string, PasswordOutcome>;
  /** Undefined when the operator is not permitted to list nodes (namespaced installation). */
  nodes: readonly NodeAddresses[] | undefined;
  /** Changes that the API server rejected in the previous reconcile. */
  rejections?: readonly Rejection[];
  /** Password of the reachability check: the one in the current configuration, or a new one. */
  checkToken: string;
  /** Undefined until a check has finished since the operator started. */
  reachability?: ReachabilityOutcome | undefined;
  /** Reports of the engines, by pod UID. A pod that was never asked is absent. */
  reports?: ReadonlyMap<string, ReportOutcome>;
}

/** Settings of the operator that apply to every FtpServer. */
export interface Settings {
  /** Image of the engine, unless `spec.pod.image` is set. */
  engineImage: string;
  imagePullPolicy: "Always" | "IfNotPresent" | "Never";
  /** Addresses or CIDRs that replace client addresses (source NAT) and that no Node lists. */
  extraNodeAddresses: readonly string[];
  /** Whether the operator checks that FtpServers are reachable. */
  reachabilityChecks: boolean;
  /** The pods of the operator, which read engine reports. Undefined when the operator does not know its own labels. */
  operatorPods?: { namespace: string; labels: Record<string, string> };
}

/** The child objects of one FtpServer in the cluster. Absent objects do not exist. */
export interface Children {
  service?: Service;
  statefulSets: readonly StatefulSet[];
  pods: readonly Pod[];
  networkPolicy?: NetworkPolicy;
  podDisruptionBudget?: PodDisruptionBudget;
  serviceAccount?: ServiceAccount;
  configSecret?: Secret;
  /** The claim that `spec.storage.persistentVolumeClaim` names or creates. */
  persistentVolumeClaim?: PersistentVolumeClaim;
}

/** The addresses of a node. */
export interface NodeAddresses {
  name: string;
  ready: boolean;
  /** Scheme of the node's `spec.providerID`, for example `aws`. */
  cloud?: string;
  addresses: readonly { type: "InternalIP" | "ExternalIP"; address: string }[];
}

/** A change that the API server rejected permanently (HTTP 400, 403 or 422). */
export interface Rejection {
  ref: ObjectRef;
  /** Absent for an apply. A rejected annotation only delays the kubelet sync of a Secret by about a minute. */
  verb?: "delete" | "annotate";
  message: string;
}

/** A reason of the catalog with a message that names the object and states what to do. */
export interface Failure<R extends string> {
  reason: R;
  message: string;
}

export type PasswordFailure = Failure<"SecretNotFound" | "SecretKeyMissing" | "SecretValueInvalid">;

/** The hash of a user's password, or why there is none. Never the password. */
export type PasswordOutcome = { hash: string; source: string } | { failure: PasswordFailure };

export type CertificateFailure = Failure<
  | "CertificateInvalid"
  | "ConfigMapKeyMissing"
  | "ConfigMapNotFound"
  | "KeyMismatch"
  | "SecretKeyMissing"
  | "SecretNotFound"
>;

/** The validity period of the certificates in a Secret or ConfigMap, or why they cannot be used. Never a key. */
export type CertificateOutcome =
  | {
      /** RFC 3339. A chain is valid while all its certificates are, a CA bundle while at least one is. */
      notBefore: string;
      notAfter: string;
      /** Changes with the object. */
      version: string;
    }
  | { failure: CertificateFailure; version: string };

/** The certificates that `spec.tls` references. */
export interface Certificates {
  server?: CertificateOutcome;
  clientAuthorities?: CertificateOutcome;
}

/** Keys of a Secret of type kubernetes.io/tls. */
export const CERTIFICATE_KEY = "tls.crt";
export const PRIVATE_KEY_KEY = "tls.key";

/** Why an FtpServer rejects an FtpUser. */
export type AccountRejection = Failure<
  | "ClientAddressesHidden"
  | "HomeNotAllowed"
  | "InvalidSpec"
  | "NameReserved"
  | "NameTaken"
  | "NamespaceNotAllowed"
  | "PasswordMissing"
  | "TooManyUsers"
>;

/** Whether an FtpServer accepts an FtpUser. */
export interface Admission {
  user: FtpUser;
  loginName: string;
  /** Absolute path on the volume. */
  homeDirectory: string;
  /** Undefined when the FtpUser is accepted. */
  rejection: AccountRejection | undefined;
}

/** What is known about the report of one engine (see {@link EngineReport}). */
export type ReportOutcome =
  /** The first request has not finished. */
  | { type: "Pending" }
  /** The report cannot be read, for example because a NetworkPolicy blocks the metrics port. */
  | { type: "Unknown" }
  | { type: "Known"; report: EngineReport };

/** A pod whose engine is asked for its report. */
export interface ReportTarget {
  uid: string;
  /** IP address of the pod. */
  host: string;
  ready: boolean;
}

/** The engines to ask for their reports. */
export interface ReportRequest {
  targets: ReportTarget[];
  /** Interval between two reports of a ready pod. */
  periodSeconds: number;
}

/** A host name or IP address, and the address family in which to resolve a name. */
export interface ReachabilityHost {
  host: string;
  family?: 4 | 6;
}

/** What a reachability check connects to. */
export interface ReachabilityTarget {
  /** One host for each address family of the Service. The host of the endpoint is first. */
  hosts: ReachabilityHost[];
  port: number;
  tls: "None" | "Explicit" | "Implicit";
  /** See EngineCheck. */
  token: string;
  /** Addresses that PASV announces to the clients of an override. */
  dataAddresses: string[];
  /** Serving slots. The check needs one listing through a port of each. */
  slots: { name: string; ports: PortRange }[];
}

/** The step at which a reachability check failed. */
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

/** The result of a reachability check. */
export type ReachabilityOutcome =
  | {
      type: "Reachable";
      /** Names of slots to which no test connection was routed. */
      unchecked: string[];
      /** Commands whose data connections carried listings, for example PASV. */
      commands: readonly string[];
      /** Hosts that were checked. */
      hosts: readonly string[];
      /** Hosts of an address family that the operator does not have. */
      skipped: readonly string[];
    }
  /** `detail` states what was observed, `usualCause` the usual cause and what to do. */
  | { type: "Unreachable"; reason: ReachabilityFailureReason; detail: string; usualCause: string };

/** Whether and how to check reachability. */
export type ProbeRequest =
  | { type: "Check"; target: ReachabilityTarget; periodSeconds: number }
  /** Checks are disabled or cannot give a result. */
  | { type: "Skip"; reason: "CheckDisabled" | "CheckNotPossible"; message: string }
  /** There is nothing to connect to. The previous result stays. */
  | { type: "Wait" };
