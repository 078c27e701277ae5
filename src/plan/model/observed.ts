import type { Certificates } from "./certificates.ts";
import type { Admission } from "../accounts/admission.ts";
import type { ObjectKey, ObjectRef } from "../../api/kubernetes.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { ReportOutcome } from "../engine-reports.ts";
import type { ReachabilityOutcome } from "../reachability.ts";
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

/** What the operator's own flags say about every FtpServer. */
export interface Settings {
  /** Image of the engine, unless the FtpServer names another. */
  engineImage: string;
  imagePullPolicy: "Always" | "IfNotPresent" | "Never";
  /** Addresses or CIDRs that masquerade clients and are not listed in any Node. */
  extraNodeAddresses: readonly string[];
  /** Whether servers are dialled to see if they can be reached. */
  reachabilityChecks: boolean;
  /** The operator's own pods, which read the reports of engines; undefined: the operator does not know them. */
  operatorPods?: { namespace: string; labels: Record<string, string> };
}

/** The child objects of one FtpServer, as last seen. Absent means not there. */
export interface Children {
  service?: Service;
  statefulSets: readonly StatefulSet[];
  pods: readonly Pod[];
  networkPolicy?: NetworkPolicy;
  podDisruptionBudget?: PodDisruptionBudget;
  serviceAccount?: ServiceAccount;
  configSecret?: Secret;
  /** The claim that `spec.storage` names or makes. */
  persistentVolumeClaim?: PersistentVolumeClaim;
}

/** What became of a user's password Secret: a hash to serve, or why there is none. Never the password. */
export type PasswordOutcome =
  | { hash: string; source: string }
  /** `reason` in CamelCase; `message` names the Secret and the key, and says what to do. */
  | { problem: { reason: string; message: string } };

/** A node of the cluster, as far as announcing and masquerading go. */
export interface NodeAddresses {
  name: string;
  ready: boolean;
  /** Scheme of the node's `spec.providerID`, for instance `aws`. */
  cloud?: string;
  addresses: readonly { type: "InternalIP" | "ExternalIP"; address: string }[];
}

/** What the API server refused in the round before (HTTP 400, 403 or 422). */
export interface Rejection {
  ref: ObjectRef;
  /** Absent: to write it. Without a touch things go on, only later: kubelet looks at its Secrets every minute or so. */
  verb?: "delete" | "touch";
  message: string;
}

/** Everything that the plan of one FtpServer depends on. */
export interface Observed {
  /** RFC 3339. */
  now: string;
  server: FtpServer;
  settings: Settings;
  children: Children;
  certificates: Certificates;
  /** What the server makes of each FtpUser that names it. */
  admissions: readonly Admission[];
  /** Of FtpUsers that are taken, by namespace/name. */
  accountPasswords: ReadonlyMap<ObjectKey, PasswordOutcome>;
  /** By user name; users without a password Secret are not in it. */
  passwords: ReadonlyMap<string, PasswordOutcome>;
  /** Undefined when the operator has no right to list nodes (namespaced mode). */
  nodes: readonly NodeAddresses[] | undefined;
  refusals?: readonly Rejection[];
  /** Password of the operator's own client: that of the present config, or a new one. */
  checkToken: string;
  /** Undefined: not checked since the operator started. */
  reachability?: ReachabilityOutcome | undefined;
  /** What the engines report, by UID of the pod. A pod that has not been seen before is not in it. */
  reports?: ReadonlyMap<string, ReportOutcome>;
}
