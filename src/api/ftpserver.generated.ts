// Generated from src/api/schema/ by `npm run generate`; do not edit.
/* eslint-disable max-lines -- data */
import type { Condition, KubeObject } from "./kubernetes.ts";

/** FtpServer is a managed FTP server. Clients can connect to the URL in `status.endpoint` when the condition `Ready` is True. A minimal FtpServer has one user with a password Secret and uses defaults for all other fields. */
export interface FtpServer extends KubeObject {
  /** Desired state of the FtpServer. */
  spec: FtpServerSpec;
  /** Current state of the FtpServer, written by the operator. */
  status?: FtpServerStatus;
}

/** Desired state of the FtpServer. */
export interface FtpServerSpec {
  /** Desired number of engine pods. All pods of an FtpServer share one address. Each pod owns a slice of the passive port range. If `spec.storage.type` is `PersistentVolumeClaim`, more than one replica requires a volume that several nodes can mount. If `spec.storage.type` is `Ephemeral`, replicas do not share files. The value 0 removes all pods and keeps the address. Defaults to 1. */
  replicas: number;
  /** Upper bound for `spec.replicas`, normally the `maxReplicas` of your HorizontalPodAutoscaler. The operator divides the passive port range into slices for `spec.maxReplicas` replicas. Scaling up to `spec.maxReplicas` therefore does not replace any pods. If `spec.maxReplicas` is unset, the operator divides the passive port range into slices for `spec.replicas` replicas. Scaling then replaces each pod whose port slice changes, one pod at a time. */
  maxReplicas?: number;
  /** Exposure of the FtpServer to clients. The control port and the passive port range share one Service and one address. */
  exposure: FtpServerExposure;
  /** Passive mode, in which the client opens data connections. Nearly all clients use passive mode. */
  passive: FtpServerPassive;
  /** Active mode (PORT and EPRT), in which the engine opens data connections to the client. */
  active: FtpServerActive;
  /** Users who can log in. You can add, change and remove users without restarting the engine. At least one user is required when `spec.anonymous.mode` is `Disabled` and `spec.userSources.from` is `None`. */
  users: FtpServerUser[];
  /** Namespaces whose FtpUsers can log in. Accounts in `spec.users` are independent of this field. FtpUsers from another namespace have home directories in `/@NAMESPACE`, for example `/@team-a/scanner`, and cannot access other parts of the storage. */
  userSources: FtpServerUserSources;
  /** Anonymous logins with the login name `anonymous` or `ftp` and any password. An entry in `spec.users` with the login name `anonymous` or `ftp` takes precedence. */
  anonymous: FtpServerAnonymous;
  /** FTPS settings for control and data connections (RFC 4217). */
  tls: FtpServerTls;
  /** PROXY protocol (versions 1 and 2), which load balancers and proxies use to report client addresses. When `spec.proxyProtocol.mode` is `Enabled`, every control and data connection must begin with a PROXY header. */
  proxyProtocol: FtpServerProxyProtocol;
  /** Modes of files and directories that clients create. Existing files keep their modes, even when an upload replaces them. Clients with the permission `Write` can set other modes with SITE CHMOD and MFF. Changes to `spec.files` take effect without an engine restart. */
  files: FtpServerFiles;
  /** Upload handling. */
  uploads: FtpServerUploads;
  /** Limits for each replica. Changes to `spec.limits` take effect without an engine restart. */
  limits: FtpServerLimits;
  /** Storage of the files. */
  storage: FtpServerStorage;
  /** Additional storage for the mounts in `spec.users[].mounts` and in `spec.mounts` of FtpUsers. A change to `spec.additionalStorage` replaces the pods one at a time. */
  additionalStorage: FtpServerAdditionalStorage[];
  /** NetworkPolicy of the pods. */
  networkPolicy: FtpServerNetworkPolicy;
  /** Notifications about files and logins. The engine stores each event before it replies to the client, and then sends the event to the sink as a CloudEvent. A sink can receive an event more than once. The operator replaces the pods when you add the first notification, remove the last notification, or add, change or remove a reference to a Secret or ConfigMap. */
  notifications: FtpServerNotification[];
  /** Replacement of pods when the pod template changes. */
  rollout: FtpServerRollout;
  /** Periodic test of logins and passive data connections. The operator connects to the announced address from inside the cluster, logs in with an account that cannot access files, and lists a directory with PASV and with EPSV. The condition `PassiveReachable` shows the result of the test. */
  reachabilityCheck: FtpServerReachabilityCheck;
  /** Maintenance mode for manual changes to child objects. */
  maintenance: FtpServerMaintenance;
  /** Single-line text that replaces `ftp-operator ready.` in the greeting (reply 220). */
  banner?: string;
  /** Engine logs, written to standard output as JSON lines. */
  logging: FtpServerLogging;
  /** Labels and annotations for all objects that the operator creates for the FtpServer, including pods and the claim. Metadata in `spec.pod`, `spec.exposure.service` and `spec.storage.persistentVolumeClaim.create` takes precedence. A change to `spec.childMetadata` does not replace pods. */
  childMetadata?: FtpServerChildMetadata;
  /** Settings for the engine pods. A change to `spec.pod` replaces the pods one at a time and drains their sessions. */
  pod: FtpServerPod;
}

/** Exposure of the FtpServer to clients. The control port and the passive port range share one Service and one address. */
export interface FtpServerExposure {
  /** Type of exposure. `LoadBalancer` requests an external address from the cluster. `NodePort` opens a control port and the passive ports on every node. `HostPort` opens the control port and the passive ports on the node that runs the pod. The Pod Security Standards `baseline` and `restricted` forbid host ports. With `ClusterIP`, only clients in the cluster can connect. Defaults to `LoadBalancer`. */
  type: "LoadBalancer" | "NodePort" | "ClusterIP" | "HostPort";
  /** Service port for control connections. Defaults to 21. */
  controlPort: number;
  /** Metadata and traffic settings of the Service. When `spec.exposure.type` is `HostPort`, only clients in the cluster use the Service. */
  service: FtpServerExposureService;
  /** Load balancer settings. Set this field only when `spec.exposure.type` is `LoadBalancer`. */
  loadBalancer?: FtpServerExposureLoadBalancer;
  /** Node port settings. This field is required when `spec.exposure.type` is `NodePort`, and invalid otherwise. Each passive port and its node port have the same number. */
  nodePort?: FtpServerExposureNodePort;
}

/** Metadata and traffic settings of the Service. When `spec.exposure.type` is `HostPort`, only clients in the cluster use the Service. */
export interface FtpServerExposureService {
  /** Labels of the Service, for example to match the selector of a Cilium load balancer pool or BGP advertisement. */
  labels?: Record<string, string>;
  /** Annotations of the Service, for example load balancer settings. The annotations in this field override annotations with the same key that the operator sets for `spec.exposure.loadBalancer.provider`. */
  annotations?: Record<string, string>;
  /** IP family policy of the Service. `SingleStack` assigns an address from one IP family. `PreferDualStack` assigns an IPv4 address and an IPv6 address if the cluster supports both families. With `RequireDualStack`, the API server rejects the Service if the cluster does not support both families. PASV replies contain the IPv4 address. EPSV works over IPv4 and IPv6. Defaults to `SingleStack`. */
  ipFamilyPolicy: "SingleStack" | "PreferDualStack" | "RequireDualStack";
  /** IP families of the Service, starting with the primary family, for example `[IPv6, IPv4]`. Defaults to the IP families of the cluster in their configured order. Kubernetes cannot change the primary IP family of an existing Service. */
  ipFamilies?: ("IPv4" | "IPv6")[];
  /** Routing of external traffic. `Local` preserves client addresses and accepts traffic only on nodes that run an engine pod. `Cluster` accepts traffic on all nodes and hides client addresses. `Auto` selects `Cluster` if `spec.exposure.type` is `NodePort`, or if `spec.replicas` or `spec.maxReplicas` is greater than 1. Otherwise, `Auto` selects `Local`. `spec.exposure.service.externalTrafficPolicy` has no effect when `spec.exposure.type` is `ClusterIP` or `HostPort`. Defaults to `Auto`. */
  externalTrafficPolicy: "Auto" | "Local" | "Cluster";
}

/** Load balancer settings. Set this field only when `spec.exposure.type` is `LoadBalancer`. */
export interface FtpServerExposureLoadBalancer {
  /** Load balancer class, for example `service.k8s.aws/nlb` or `io.cilium/l2-announcer`. If the field is unset, the cluster uses its default load balancer class. The class is immutable while `spec.exposure.type` is `LoadBalancer`. */
  class?: string;
  /** Client networks that the load balancer accepts, for example `198.51.100.0/24`. An empty list accepts all networks. Some load balancers ignore this field. To restrict clients with a NetworkPolicy, set `spec.networkPolicy.allowedClients`. */
  sourceRanges: string[];
  /** Allocation of node ports for a Service of type `LoadBalancer`. Many load balancers send connections to node ports. The default node port range has 2768 ports, enough for about 230 FtpServers with ten passive ports each. `Disabled` saves node ports if the load balancer does not require them. For example, MetalLB, Cilium, and AWS with targets of type `ip` do not require node ports. An existing Service keeps its allocated node ports. `Auto` selects `Disabled` when the load balancer class or provider is MetalLB or Cilium, and `Enabled` otherwise. Defaults to `Auto`. */
  nodePorts: "Auto" | "Enabled" | "Disabled";
  /** Provider of the load balancer. The operator adds provider-specific annotations for health checks on the control port. If `spec.proxyProtocol.mode` is `Enabled`, the operator also adds provider-specific annotations for PROXY headers. The operator warns when the passive port range exceeds the provider's port limit. `Auto` detects the provider from the load balancer class or the nodes. `Generic` does not add provider-specific annotations. Defaults to `Auto`. */
  provider: "Auto" | "Generic" | "AWS" | "GKE" | "Azure" | "DigitalOcean" | "Hetzner" | "MetalLB" | "Cilium";
}

/** Node port settings. This field is required when `spec.exposure.type` is `NodePort`, and invalid otherwise. Each passive port and its node port have the same number. */
export interface FtpServerExposureNodePort {
  /** Node port for control connections. The port must be in the node port range of the cluster, 30000-32767 by default. */
  controlPort: number;
}

/** Passive mode, in which the client opens data connections. Nearly all clients use passive mode. */
export interface FtpServerPassive {
  /** Port range for data connections in passive mode. The Service, the pods and the NetworkPolicy open only these ports for data connections. Many load balancers limit the number of ports in a Service. Ten passive ports serve hundreds of concurrent transfers when `spec.passive.portSharing` is `Enabled`. When `spec.exposure.type` is `NodePort`, the passive port range must be in the node port range of the cluster, 30000-32767 by default. */
  portRange: FtpServerPassivePortRange;
  /** IPv4 address in PASV replies. EPSV replies contain no address. */
  address: FtpServerPassiveAddress;
  /** `Enabled` allows sessions from different clients to share a passive port. The engine distinguishes clients by their addresses, and FTPS clients with the same address by their TLS sessions. `Disabled` reserves a passive port for one session until its data connection is established. Defaults to `Enabled`. */
  portSharing: "Enabled" | "Disabled";
}

/** Port range for data connections in passive mode. The Service, the pods and the NetworkPolicy open only these ports for data connections. Many load balancers limit the number of ports in a Service. Ten passive ports serve hundreds of concurrent transfers when `spec.passive.portSharing` is `Enabled`. When `spec.exposure.type` is `NodePort`, the passive port range must be in the node port range of the cluster, 30000-32767 by default. */
export interface FtpServerPassivePortRange {
  /** Lowest port. */
  first: number;
  /** Highest port, inclusive. */
  last: number;
}

/** IPv4 address in PASV replies. EPSV replies contain no address. */
export interface FtpServerPassiveAddress {
  /** Source of the announced address. `FromExposure` announces the load balancer address, a node address or the cluster IP, depending on `spec.exposure.type`. `Static` announces the fixed address in `spec.passive.address.static`. `Hostname` resolves the DNS name in `spec.passive.address.hostname`. `ControlConnection` announces the destination address of the control connection. Behind a Service, `ControlConnection` requires that `spec.proxyProtocol.mode` is `Enabled`. Defaults to `FromExposure`. */
  type: "FromExposure" | "Static" | "Hostname" | "ControlConnection";
  /** Fixed announced address. This field is required when `spec.passive.address.type` is `Static`, and invalid otherwise. */
  static?: FtpServerPassiveAddressStatic;
  /** DNS name that resolves to the announced address. This field is required when `spec.passive.address.type` is `Hostname`, and invalid otherwise. */
  hostname?: FtpServerPassiveAddressHostname;
  /** Announced addresses for clients in specific networks, for example in a company network. The first entry whose network contains the client address applies. */
  overrides?: FtpServerPassiveAddressOverride[];
}

/** Fixed announced address. This field is required when `spec.passive.address.type` is `Static`, and invalid otherwise. */
export interface FtpServerPassiveAddressStatic {
  /** IPv4 address to announce, for example `203.0.113.10`. */
  address: string;
}

/** DNS name that resolves to the announced address. This field is required when `spec.passive.address.type` is `Hostname`, and invalid otherwise. */
export interface FtpServerPassiveAddressHostname {
  /** DNS name that resolves to an IPv4 address, for example `ftp.example.com`. */
  name: string;
  /** Interval in seconds between DNS lookups. Defaults to 30. */
  refreshPeriodSeconds: number;
}

/** Announced address for one network. */
export interface FtpServerPassiveAddressOverride {
  /** Network of the clients, for example `10.0.0.0/8`. */
  clients: string;
  /** IPv4 address to announce to these clients, for example `10.1.2.3`. */
  address: string;
}

/** Active mode (PORT and EPRT), in which the engine opens data connections to the client. */
export interface FtpServerActive {
  /** `Enabled` allows the engine to open data connections to ports 1024 and above at the client address. In active mode, the engine connects only to the client address. Firewalls often block data connections in active mode. Defaults to `Disabled`. */
  mode: "Disabled" | "Enabled";
  /** Source port of data connections in active mode. Some client firewalls expect port 20, the default source port in RFC 959. If `spec.active.sourcePort` is unset, the operating system selects the source port. Networks that translate pod addresses can also change the source port. */
  sourcePort?: number;
}

/** An account. */
export interface FtpServerUser {
  /** Login name, for example `alice` or `alice@example.com`. */
  name: string;
  /** Reference to the Secret with the password, in the namespace of the FtpServer. Changes to the Secret take effect within seconds, without an engine restart. This field is required unless `spec.tls.clientCertificates.login` accepts client certificates instead of passwords. */
  passwordSecretRef?: FtpServerUserPasswordSecretRef;
  /** Absolute path in the storage to the directory that the user sees as `/` and cannot leave. The engine creates the directory if it does not exist. Defaults to `/` followed by the user name. Users with the same home directory access the same files. A user can also access other home directories that are inside the user's home directory. With home directory `/`, a user can access the files of all users, including FtpUsers. Paths that begin with `/@` are reserved for FtpUsers from other namespaces. */
  homeDirectory?: string;
  /** `Disabled` rejects logins and ends open sessions. A disabled account keeps its login name and files. A disabled account does not require a password Secret. Defaults to `Enabled`. */
  state: "Enabled" | "Disabled";
  /** Expiry time of the account in RFC 3339 format, for example `2030-01-31T00:00:00Z`. When the account expires, the engine rejects logins and ends open sessions. An expired account keeps its login name and files. An account without `expiresAt` does not expire. */
  expiresAt?: string;
  /** Permissions of the user. `List` permits listing directories. `Read` permits downloading files. `Write` permits creating, replacing, resuming and truncating files, and setting file modes. `Append` permits creating files and appending to existing files. `Delete` permits removing files. `Rename` permits renaming and moving files and directories. With `Rename`, replacing an existing file also requires `Write` or `Delete`. The engine never replaces an existing directory. `MakeDirectory` permits creating directories. `RemoveDirectory` permits removing empty directories. `SetModificationTime` permits setting the modification times of files and directories. Server-side copies require `Read` and `Write`. */
  permissions: (
    | "List"
    | "Read"
    | "Write"
    | "Append"
    | "Delete"
    | "Rename"
    | "MakeDirectory"
    | "RemoveDirectory"
    | "SetModificationTime"
  )[];
  /** Directories with their own permissions, for example a read-only `/outbox` or a write-only `/inbox`. If a file is below the paths of several entries, the entry with the longest path applies. The engine creates missing directories when the user logs in. The user cannot rename or remove the listed directories or their parent directories. */
  directories: FtpServerUserDirectory[];
  /** Storage directories that are mounted in the user's directory tree. A mounted directory hides a file or directory with the same path in the home directory. The quota of the user does not apply to mounted directories. */
  mounts: FtpServerUserMount[];
  /** Quota of the home directory. The files of all users with the same home directory count toward the quota. By default, the home directory has no quota. */
  quota?: FtpServerUserQuota;
  /** Combined limits for all sessions of the user on each replica. By default, only the limits of the FtpServer apply. */
  limits?: FtpServerUserLimits;
  /** Modes of files and directories that the user creates. An unset mode defaults to the mode in `spec.files` of the FtpServer. */
  files?: FtpServerUserFiles;
  /** Networks from which the user can log in. An empty list allows all networks. If `spec.users[].allowedClients` is not empty, the user cannot log in when nodes replace client addresses and `spec.proxyProtocol.mode` is `Disabled`. Nodes replace client addresses when the external traffic policy of the Service is `Cluster`, which is the default for node ports and for several replicas. */
  allowedClients: string[];
}

/** Reference to the Secret with the password, in the namespace of the FtpServer. Changes to the Secret take effect within seconds, without an engine restart. This field is required unless `spec.tls.clientCertificates.login` accepts client certificates instead of passwords. */
export interface FtpServerUserPasswordSecretRef {
  /** Name of the Secret. */
  name: string;
  /** Key of the password in the Secret. The value is a password, or a password hash in the standard format of scrypt, argon2, bcrypt or sha-crypt. A hash is rejected if its verification requires more than 64 MiB of memory. The maximum hash costs are `ln=16,r=8,p=2` for scrypt, `m=65536,t=4` for argon2, cost 12 for bcrypt and `rounds=200000` for sha-crypt. Defaults to `password`. */
  key: string;
}

/** A directory with its own permissions. */
export interface FtpServerUserDirectory {
  /** Absolute path at which the user sees the directory, for example `/outbox`. The permissions also apply to all subdirectories. The path must not be `/`. */
  path: string;
  /** Permissions in this directory, used instead of the account's `permissions`. With an empty list, the user has no permissions in this directory. */
  permissions: (
    | "List"
    | "Read"
    | "Write"
    | "Append"
    | "Delete"
    | "Rename"
    | "MakeDirectory"
    | "RemoveDirectory"
    | "SetModificationTime"
  )[];
}

/** A storage directory and the path at which the user sees this directory. */
export interface FtpServerUserMount {
  /** Absolute path at which the user sees the directory, for example `/archive`. The path must not be `/`. */
  path: string;
  /** Name of an entry in `spec.additionalStorage` of the FtpServer. Defaults to the storage for home directories. */
  storage?: string;
  /** Absolute path in the storage to the directory that the user sees at `path`. The engine creates a missing directory unless `access` is `ReadOnly`. Defaults to `/`. */
  subPath: string;
  /** Access to the files. `ReadOnly` removes all permissions that allow changes. The account's `permissions` and `directories` further restrict access. Defaults to `ReadWrite`. */
  access: "ReadWrite" | "ReadOnly";
}

/** Quota of the home directory. The files of all users with the same home directory count toward the quota. By default, the home directory has no quota. */
export interface FtpServerUserQuota {
  /** Maximum total size of all files in the home directory, for example `10Gi`. */
  bytes?: string | number;
  /** Maximum number of files and directories in the home directory. */
  files?: number;
}

/** Combined limits for all sessions of the user on each replica. By default, only the limits of the FtpServer apply. */
export interface FtpServerUserLimits {
  /** Maximum number of concurrent sessions. */
  sessions?: number;
  /** Maximum combined upload rate in bytes per second, for example `10Mi`. For compressed uploads (MODE Z), the limit applies to the decompressed data. */
  uploadBytesPerSecond?: string | number;
  /** Maximum combined download rate in bytes per second, for example `10Mi`. For compressed downloads (MODE Z), the limit applies to the compressed data. */
  downloadBytesPerSecond?: string | number;
}

/** Modes of files and directories that the user creates. An unset mode defaults to the mode in `spec.files` of the FtpServer. */
export interface FtpServerUserFiles {
  /** Mode of new files as a quoted octal number, for example `"0664"`. */
  fileMode?: string;
  /** Mode of new directories as a quoted octal number, for example `"2775"`. */
  directoryMode?: string;
}

/** Namespaces whose FtpUsers can log in. Accounts in `spec.users` are independent of this field. FtpUsers from another namespace have home directories in `/@NAMESPACE`, for example `/@team-a/scanner`, and cannot access other parts of the storage. */
export interface FtpServerUserSources {
  /** Selection of namespaces. `None` selects no FtpUsers. `SameNamespace` selects FtpUsers in the namespace of the FtpServer. `Selector` selects FtpUsers in namespaces that match `spec.userSources.namespaceSelector`. Defaults to `None`. */
  from: "None" | "SameNamespace" | "Selector";
  /** Label selector for namespaces. This field is required when `spec.userSources.from` is `Selector`, and invalid otherwise. */
  namespaceSelector?: object;
}

/** Anonymous logins with the login name `anonymous` or `ftp` and any password. An entry in `spec.users` with the login name `anonymous` or `ftp` takes precedence. */
export interface FtpServerAnonymous {
  /** `ReadOnly` permits listings and downloads. `ReadWrite` also permits creating files and directories. Anonymous sessions cannot replace or remove existing files and directories. Defaults to `Disabled`. */
  mode: "Disabled" | "ReadOnly" | "ReadWrite";
  /** Absolute path in the storage to the directory that anonymous sessions see as `/` and cannot leave. The engine creates the directory if it does not exist. The path must not begin with `/@`, which is reserved for FtpUsers from other namespaces. The path must not be `/` when `spec.userSources.from` is `Selector`. Defaults to `/pub`. */
  homeDirectory: string;
  /** Quota for the anonymous home directory. The engine rejects uploads that exceed the quota. The quota limits the space that anonymous clients can use on a volume shared with users. */
  quota: FtpServerAnonymousQuota;
  /** Combined limits for all anonymous sessions on each replica. By default, only the limits in `spec.limits` apply. */
  limits?: FtpServerAnonymousLimits;
  /** Networks from which anonymous logins are accepted. An empty list allows all networks. If `spec.anonymous.allowedClients` is not empty, the engine rejects all anonymous logins when nodes replace client addresses and `spec.proxyProtocol.mode` is `Disabled`. Nodes replace client addresses when the external traffic policy of the Service is `Cluster`, which is the default for node ports and for several replicas. */
  allowedClients: string[];
}

/** Quota for the anonymous home directory. The engine rejects uploads that exceed the quota. The quota limits the space that anonymous clients can use on a volume shared with users. */
export interface FtpServerAnonymousQuota {
  /** Maximum total size of all files in the home directory, for example `10Gi`. Defaults to `1Gi`. */
  bytes: string | number;
  /** Maximum number of files and directories in the home directory. Defaults to 10000. */
  files: number;
}

/** Combined limits for all anonymous sessions on each replica. By default, only the limits in `spec.limits` apply. */
export interface FtpServerAnonymousLimits {
  /** Maximum number of concurrent sessions. */
  sessions?: number;
  /** Maximum combined upload rate in bytes per second, for example `10Mi`. For compressed uploads (MODE Z), the limit applies to the decompressed data. */
  uploadBytesPerSecond?: string | number;
  /** Maximum combined download rate in bytes per second, for example `10Mi`. For compressed downloads (MODE Z), the limit applies to the compressed data. */
  downloadBytesPerSecond?: string | number;
}

/** FTPS settings for control and data connections (RFC 4217). */
export interface FtpServerTls {
  /** TLS mode. `Optional` allows clients to start TLS with AUTH TLS. `Required` rejects logins without TLS. `Implicit` starts TLS immediately on each control connection. Some old clients use implicit TLS on port 990. Defaults to `Disabled`. */
  mode: "Disabled" | "Optional" | "Required" | "Implicit";
  /** Reference to the Secret with the server certificate, in the namespace of the FtpServer. The Secret has type `kubernetes.io/tls` and the keys `tls.crt` and `tls.key`. This field is required unless `spec.tls.mode` is `Disabled`. When the Secret changes, for example after a renewal, new connections use the new certificate within seconds. A certificate change does not interrupt open sessions. */
  certificateRef?: FtpServerTlsCertificateRef;
  /** Minimum TLS version. Defaults to `TLS12`. */
  minimumVersion: "TLS12" | "TLS13";
  /** `Required` rejects cleartext transfers (PROT C) in an encrypted session. `Optional` permits cleartext transfers. Defaults to `Required`. */
  dataProtection: "Required" | "Optional";
  /** `Allow` permits the command CCC, which ends TLS on the control connection after the login. Client-side firewalls that inspect PASV replies require CCC. After CCC, an attacker on the network path can read and modify commands and replies. `Allow` requires that `spec.tls.mode` is `Optional`. Defaults to `Deny`. */
  clearControl: "Deny" | "Allow";
  /** TLS session reuse on encrypted data connections (PROT P). `Required` accepts only data connections that resume the TLS session of their control connection. A resumed TLS session proves that the same client opened both connections. Some clients, for example Python's ftplib, cannot resume TLS sessions. `Preferred` also accepts a full TLS handshake if the client has never resumed a TLS session and only one data connection arrives at the passive port. `Preferred` rejects data connections that resume the TLS session of another user. Defaults to `Preferred`. */
  sessionReuse: "Preferred" | "Required";
  /** Server names that clients can request with SNI or HOST. The engine rejects server names that are not in the list. An empty list accepts all server names. */
  serverNames: string[];
  /** Verification of client certificates. */
  clientCertificates: FtpServerTlsClientCertificates;
}

/** Reference to the Secret with the server certificate, in the namespace of the FtpServer. The Secret has type `kubernetes.io/tls` and the keys `tls.crt` and `tls.key`. This field is required unless `spec.tls.mode` is `Disabled`. When the Secret changes, for example after a renewal, new connections use the new certificate within seconds. A certificate change does not interrupt open sessions. */
export interface FtpServerTlsCertificateRef {
  /** Name of the Secret. */
  name: string;
}

/** Verification of client certificates. */
export interface FtpServerTlsClientCertificates {
  /** `Optional` verifies certificates that clients present. `Required` also rejects clients without a certificate. Defaults to `Disabled`. */
  mode: "Disabled" | "Optional" | "Required";
  /** Reference to the Secret or ConfigMap with the PEM certificates of the certificate authorities, in the namespace of the FtpServer. This field is required unless `spec.tls.clientCertificates.mode` is `Disabled`. */
  caRef?: FtpServerTlsClientCertificatesCaRef;
  /** Use of client certificates at login. `Password` requires a password even if the client certificate is valid. `CommonName` accepts a client certificate instead of a password if its common name is the login name. `SubjectAlternativeName` accepts a client certificate instead of a password if it contains the login name as a DNS name or email address. Defaults to `Password`. */
  login: "Password" | "CommonName" | "SubjectAlternativeName";
}

/** Reference to the Secret or ConfigMap with the PEM certificates of the certificate authorities, in the namespace of the FtpServer. This field is required unless `spec.tls.clientCertificates.mode` is `Disabled`. */
export interface FtpServerTlsClientCertificatesCaRef {
  /** Kind of the referenced object. Defaults to `Secret`. */
  kind: "Secret" | "ConfigMap";
  /** Name of the Secret or ConfigMap. */
  name: string;
  /** Key of the certificates in the Secret or ConfigMap. Defaults to `ca.crt`. */
  key: string;
}

/** PROXY protocol (versions 1 and 2), which load balancers and proxies use to report client addresses. When `spec.proxyProtocol.mode` is `Enabled`, every control and data connection must begin with a PROXY header. */
export interface FtpServerProxyProtocol {
  /** `Enabled` requires a PROXY header on every control and data connection. Defaults to `Disabled`. */
  mode: "Disabled" | "Enabled";
  /** Networks of trusted load balancers and proxies. The engine closes connections from addresses outside these networks. This field is required when `spec.proxyProtocol.mode` is `Enabled`. */
  trustedSources: string[];
}

/** Modes of files and directories that clients create. Existing files keep their modes, even when an upload replaces them. Clients with the permission `Write` can set other modes with SITE CHMOD and MFF. Changes to `spec.files` take effect without an engine restart. */
export interface FtpServerFiles {
  /** Mode of new files as a quoted octal number, for example `"0664"`. The mode must grant read and write permission to the owner because the engine owns the files. With SITE UMASK, clients can remove permission bits from the modes of new files. Defaults to `0640`. */
  fileMode: string;
  /** Mode of new directories and home directories as a quoted octal number, for example `"2770"`. The mode must grant all permissions to the owner because the engine owns the directories. With the setgid bit (first digit 2), new files and directories inherit the group of their parent directory. Defaults to `0750`. */
  directoryMode: string;
}

/** Upload handling. */
export interface FtpServerUploads {
  /** Handling of incomplete uploads. `Keep` stores incomplete uploads for 7 days. Only the account that started an upload can see and resume it. Incomplete uploads count toward the quota. `Remove` deletes incomplete uploads. Only a complete upload replaces an existing file. Defaults to `Keep`. */
  incomplete: "Keep" | "Remove";
  /** `Always` confirms an upload after its data is on stable storage. `Never` confirms an upload after the file system has accepted its data. `Never` is faster for small files. Defaults to `Always`. */
  sync: "Always" | "Never";
  /** Handling of TLS uploads that end without a close_notify alert. `Deny` rejects these uploads because they might be truncated. `Allow` accepts them as complete, for compatibility with old clients. Defaults to `Deny`. */
  missingCloseNotify: "Deny" | "Allow";
}

/** Limits for each replica. Changes to `spec.limits` take effect without an engine restart. */
export interface FtpServerLimits {
  /** Maximum number of control connections. Sessions that have not logged in can use at most three quarters of `spec.limits.sessions`. To accept new clients, the engine ends the oldest sessions that have not logged in. Defaults to 1000. */
  sessions: number;
  /** Maximum number of control connections from one client. Each IPv4 address or IPv6 /64 network counts as one client. Defaults to 50. */
  sessionsPerClient: number;
  /** Maximum time in seconds between the connection and a successful login. Defaults to 30. */
  loginTimeoutSeconds: number;
  /** Maximum time in seconds without a command or a transfer before the engine ends the session. Defaults to 300. */
  idleTimeoutSeconds: number;
  /** Maximum time in seconds to wait for the data connection after a transfer command. Defaults to 15. */
  dataConnectTimeoutSeconds: number;
  /** Maximum time in seconds without progress in a transfer before the engine aborts the transfer. Defaults to 300. */
  stalledTransferTimeoutSeconds: number;
  /** Maximum length of a command line in bytes, from 512 to 64Ki. The engine rejects longer command lines. Defaults to 4096. */
  commandLineBytes: string | number;
  /** Maximum number of pending commands in a session before the engine stops reading from the control connection. Defaults to 32. */
  queuedCommands: number;
  /** Maximum number of unknown commands before the login. When a session reaches this number, the engine sends reply 421 and ends the session. Defaults to 10. */
  unknownCommands: number;
  /** Maximum number of entries in one listing. A listing with more entries ends with an error. Defaults to 1000000. */
  listingEntries: number;
  /** Maximum number of bytes that a checksum command such as HASH reads, for example `100Gi`. Defaults to `1Ti`. */
  checksumBytes: string | number;
  /** Brute-force protection: delays, limits and bans for failed logins. */
  failedLogins: FtpServerLimitsFailedLogins;
}

/** Brute-force protection: delays, limits and bans for failed logins. */
export interface FtpServerLimitsFailedLogins {
  /** Maximum number of failed logins in one session. The engine ends a session that reaches `spec.limits.failedLogins.perSession`. Defaults to 3. */
  perSession: number;
  /** Delay in seconds before the reply to a failed login. If the value is 0, the engine replies immediately. Defaults to 1. */
  delaySeconds: number;
  /** Maximum number of failed logins from one client or for one login name within `spec.limits.failedLogins.periodSeconds`. Each IPv4 address or IPv6 /64 network counts as one client. The engine bans a client that reaches `spec.limits.failedLogins.attempts`. When a login name reaches `spec.limits.failedLogins.attempts`, each client has only one more attempt for this name. The engine never bans clients when nodes replace client addresses. Defaults to 20. */
  attempts: number;
  /** Period in seconds over which the engine counts failed logins. Defaults to 300. */
  periodSeconds: number;
  /** `Enabled` bans clients and login names that reach `spec.limits.failedLogins.attempts`. Defaults to `Enabled`. */
  bans: "Enabled" | "Disabled";
  /** Ban duration in seconds. Defaults to 300. */
  banSeconds: number;
}

/** Storage of the files. */
export interface FtpServerStorage {
  /** Type of storage. `Ephemeral` stores files on the node that runs the pod. Kubernetes deletes the files together with the pod. With `Ephemeral`, replicas do not share files. `PersistentVolumeClaim` stores files on a persistent volume. `ObjectStorage` stores files in a bucket that all replicas share. Defaults to `Ephemeral`. */
  type: "Ephemeral" | "PersistentVolumeClaim" | "ObjectStorage";
  /** PersistentVolumeClaim for the files. This field is required when `spec.storage.type` is `PersistentVolumeClaim`, and invalid otherwise. Set either `spec.storage.persistentVolumeClaim.claimName` or `spec.storage.persistentVolumeClaim.create`. */
  persistentVolumeClaim?: FtpServerStoragePersistentVolumeClaim;
  /** Bucket for the files. This field is required when `spec.storage.type` is `ObjectStorage`, and invalid otherwise. A change to `spec.storage.objectStorage` replaces the pods one at a time. The operator does not move existing files. */
  objectStorage?: FtpServerStorageObjectStorage;
  /** Settings for ephemeral storage. `spec.storage.ephemeral` has no effect unless `spec.storage.type` is `Ephemeral`. */
  ephemeral: FtpServerStorageEphemeral;
}

/** PersistentVolumeClaim for the files. This field is required when `spec.storage.type` is `PersistentVolumeClaim`, and invalid otherwise. Set either `spec.storage.persistentVolumeClaim.claimName` or `spec.storage.persistentVolumeClaim.create`. */
export interface FtpServerStoragePersistentVolumeClaim {
  /** Name of an existing PersistentVolumeClaim in the namespace of the FtpServer. More than one replica requires a volume that several nodes can mount. */
  claimName?: string;
  /** PersistentVolumeClaim that the operator creates. The claim name is the FtpServer name with the suffix `-data`. */
  create?: FtpServerStoragePersistentVolumeClaimCreate;
  /** Path of the directory that contains the home directories, relative to the root of the volume. Kubernetes creates the directory if it does not exist. Defaults to the root of the volume. */
  subPath?: string;
  /** Handling of the operator-created claim when the FtpServer is deleted. `Retain` keeps the claim with all files. `Delete` deletes the claim. Defaults to `Retain`. */
  whenDeleted: "Retain" | "Delete";
}

/** PersistentVolumeClaim that the operator creates. The claim name is the FtpServer name with the suffix `-data`. */
export interface FtpServerStoragePersistentVolumeClaimCreate {
  /** Metadata of the claim. */
  metadata?: FtpServerStoragePersistentVolumeClaimCreateMetadata;
  /** Storage class of the claim. If the field is unset, the cluster uses its default storage class. */
  storageClassName?: string;
  /** Access modes of the claim. `ReadWriteOnce` permits only one replica. `ReadWriteMany` permits several replicas. With `ReadWriteMany`, a rollout can start the new pod before the old pod terminates. */
  accessModes: ("ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany")[];
  /** Requested size of the volume, for example `10Gi`. You can increase the size if the storage class supports expansion. */
  size: string | number;
  /** VolumeAttributesClass of the volume. You can change the class if the storage driver supports VolumeAttributesClasses. */
  volumeAttributesClassName?: string;
  /** Source of the initial volume content, for example a `VolumeSnapshot` or another PersistentVolumeClaim in the namespace of the FtpServer. The source is immutable. */
  dataSourceRef?: FtpServerStoragePersistentVolumeClaimCreateDataSourceRef;
}

/** Metadata of the claim. */
export interface FtpServerStoragePersistentVolumeClaimCreateMetadata {
  /** Labels of the claim, for example to select the claim for backups. */
  labels?: Record<string, string>;
  /** Annotations of the claim. */
  annotations?: Record<string, string>;
}

/** Source of the initial volume content, for example a `VolumeSnapshot` or another PersistentVolumeClaim in the namespace of the FtpServer. The source is immutable. */
export interface FtpServerStoragePersistentVolumeClaimCreateDataSourceRef {
  /** API group of the source, for example `snapshot.storage.k8s.io`. Defaults to the core group. */
  apiGroup?: string;
  /** Kind of the source, for example `VolumeSnapshot`. */
  kind: string;
  /** Name of the source. */
  name: string;
}

/** Bucket for the files. This field is required when `spec.storage.type` is `ObjectStorage`, and invalid otherwise. A change to `spec.storage.objectStorage` replaces the pods one at a time. The operator does not move existing files. */
export interface FtpServerStorageObjectStorage {
  /** Protocol of the object storage. `S3` is the Amazon S3 protocol, which MinIO, Ceph and most cloud providers also support. Defaults to `S3`. */
  provider: "S3";
  /** Name of an existing bucket. */
  bucket: string;
  /** Prefix of all object keys as a relative path, for example `ftp/production`. FtpServers with different prefixes can share a bucket. Defaults to the root of the bucket. */
  prefix?: string;
  /** Region of the bucket, for example `eu-central-1`. Defaults to `us-east-1`. */
  region: string;
  /** URL of the S3 service. Defaults to the Amazon S3 endpoint of the region. Connections to a URL that begins with `http:` are not encrypted. */
  endpoint?: string;
  /** Position of the bucket name in request URLs. `Path` adds the bucket name to the URL path. MinIO and Ceph require `Path` by default. `VirtualHost` adds the bucket name to the host name. `Auto` selects `Path` when `endpoint` is set, and `VirtualHost` otherwise. Defaults to `Auto`. */
  addressing: "Auto" | "Path" | "VirtualHost";
  /** Reference to the Secret with an access key, in the namespace of the FtpServer. The Secret contains the keys `accessKeyId` and `secretAccessKey`, and optionally `sessionToken`. Changes to the Secret take effect within about a minute. By default, the engine uses the credentials of the pod: EKS Pod Identity, IRSA or environment variables. */
  credentialsSecretRef?: FtpServerStorageObjectStorageCredentialsSecretRef;
  /** Role that the engine assumes with a token of its ServiceAccount (`AssumeRoleWithWebIdentity`). Kubernetes renews the token. The role must trust the ServiceAccount token issuer of the cluster. */
  webIdentity?: FtpServerStorageObjectStorageWebIdentity;
  /** Reference to the Secret or ConfigMap with the PEM-encoded CA certificates for the endpoint, in the namespace of the FtpServer. Defaults to the public certificate authorities. */
  caRef?: FtpServerStorageObjectStorageCaRef;
  /** Server-side encryption of new objects. Defaults to the encryption settings of the bucket. */
  serverSideEncryption?: FtpServerStorageObjectStorageServerSideEncryption;
  /** Storage class of new objects, for example `STANDARD_IA`. Defaults to the default storage class of the service. */
  storageClass?: string;
  /** Settings for multipart uploads of large files. */
  multipart: FtpServerStorageObjectStorageMultipart;
}

/** Reference to the Secret with an access key, in the namespace of the FtpServer. The Secret contains the keys `accessKeyId` and `secretAccessKey`, and optionally `sessionToken`. Changes to the Secret take effect within about a minute. By default, the engine uses the credentials of the pod: EKS Pod Identity, IRSA or environment variables. */
export interface FtpServerStorageObjectStorageCredentialsSecretRef {
  /** Name of the Secret. */
  name: string;
}

/** Role that the engine assumes with a token of its ServiceAccount (`AssumeRoleWithWebIdentity`). Kubernetes renews the token. The role must trust the ServiceAccount token issuer of the cluster. */
export interface FtpServerStorageObjectStorageWebIdentity {
  /** ARN of the role, for example `arn:aws:iam::111122223333:role/ftp`. */
  roleArn: string;
  /** Audience of the token. Defaults to `sts.amazonaws.com`. */
  audience: string;
  /** URL of the STS service. Defaults to the AWS STS endpoint of the region. */
  stsEndpoint?: string;
}

/** Reference to the Secret or ConfigMap with the PEM-encoded CA certificates for the endpoint, in the namespace of the FtpServer. Defaults to the public certificate authorities. */
export interface FtpServerStorageObjectStorageCaRef {
  /** Kind of the referenced object. Defaults to `Secret`. */
  kind: "Secret" | "ConfigMap";
  /** Name of the Secret or ConfigMap. */
  name: string;
  /** Key of the certificates in the Secret or ConfigMap. Defaults to `ca.crt`. */
  key: string;
}

/** Server-side encryption of new objects. Defaults to the encryption settings of the bucket. */
export interface FtpServerStorageObjectStorageServerSideEncryption {
  /** Encryption algorithm. `AES256` uses keys that the service manages (SSE-S3). `KMS` uses an AWS KMS key (SSE-KMS). */
  algorithm: "AES256" | "KMS";
  /** ID or ARN of the KMS key. Defaults to the AWS managed key. */
  kmsKeyId?: string;
}

/** Settings for multipart uploads of large files. */
export interface FtpServerStorageObjectStorageMultipart {
  /** Part size in MiB. A file has at most 10,000 parts. Defaults to 16. */
  partSizeMebibytes: number;
  /** Maximum number of parts that the engine uploads concurrently for one file. Defaults to 4. */
  concurrency: number;
}

/** Settings for ephemeral storage. `spec.storage.ephemeral` has no effect unless `spec.storage.type` is `Ephemeral`. */
export interface FtpServerStorageEphemeral {
  /** Maximum total size of the files that one replica stores on its node. Kubernetes evicts a pod that exceeds this size and deletes the pod's files. The engine therefore rejects uploads before the files reach this size. Defaults to `5Gi`. */
  sizeLimit: string | number;
}

/** A volume or a bucket. */
export interface FtpServerAdditionalStorage {
  /** Name that mounts use to reference the storage, for example `archive`. */
  name: string;
  /** Type of storage. `PersistentVolumeClaim` uses an existing PersistentVolumeClaim. `ObjectStorage` uses a bucket. */
  type: "PersistentVolumeClaim" | "ObjectStorage";
  /** PersistentVolumeClaim for the files. This field is required when `spec.additionalStorage[].type` is `PersistentVolumeClaim`, and invalid otherwise. */
  persistentVolumeClaim?: FtpServerAdditionalStoragePersistentVolumeClaim;
  /** Bucket for the files. This field is required when `spec.additionalStorage[].type` is `ObjectStorage`, and invalid otherwise. */
  objectStorage?: FtpServerAdditionalStorageObjectStorage;
  /** Maximum access that FtpUsers can request in `spec.mounts`. `Disabled` permits mounts only for users in `spec.users`. Defaults to `Disabled`. */
  ftpUsers: "Disabled" | "ReadOnly" | "ReadWrite";
}

/** PersistentVolumeClaim for the files. This field is required when `spec.additionalStorage[].type` is `PersistentVolumeClaim`, and invalid otherwise. */
export interface FtpServerAdditionalStoragePersistentVolumeClaim {
  /** Name of an existing PersistentVolumeClaim in the namespace of the FtpServer. */
  claimName: string;
  /** Path of the directory that contains the files, relative to the root of the volume. Kubernetes creates the directory if it does not exist. Defaults to the root of the volume. */
  subPath?: string;
}

/** Bucket for the files. This field is required when `spec.additionalStorage[].type` is `ObjectStorage`, and invalid otherwise. */
export interface FtpServerAdditionalStorageObjectStorage {
  /** Protocol of the object storage. `S3` is the Amazon S3 protocol, which MinIO, Ceph and most cloud providers also support. Defaults to `S3`. */
  provider: "S3";
  /** Name of an existing bucket. */
  bucket: string;
  /** Prefix of all object keys as a relative path, for example `ftp/production`. FtpServers with different prefixes can share a bucket. Defaults to the root of the bucket. */
  prefix?: string;
  /** Region of the bucket, for example `eu-central-1`. Defaults to `us-east-1`. */
  region: string;
  /** URL of the S3 service. Defaults to the Amazon S3 endpoint of the region. Connections to a URL that begins with `http:` are not encrypted. */
  endpoint?: string;
  /** Position of the bucket name in request URLs. `Path` adds the bucket name to the URL path. MinIO and Ceph require `Path` by default. `VirtualHost` adds the bucket name to the host name. `Auto` selects `Path` when `endpoint` is set, and `VirtualHost` otherwise. Defaults to `Auto`. */
  addressing: "Auto" | "Path" | "VirtualHost";
  /** Reference to the Secret with an access key, in the namespace of the FtpServer. The Secret contains the keys `accessKeyId` and `secretAccessKey`, and optionally `sessionToken`. Changes to the Secret take effect within about a minute. By default, the engine uses the credentials of the pod: EKS Pod Identity, IRSA or environment variables. */
  credentialsSecretRef?: FtpServerAdditionalStorageObjectStorageCredentialsSecretRef;
  /** Role that the engine assumes with a token of its ServiceAccount (`AssumeRoleWithWebIdentity`). Kubernetes renews the token. The role must trust the ServiceAccount token issuer of the cluster. */
  webIdentity?: FtpServerAdditionalStorageObjectStorageWebIdentity;
  /** Reference to the Secret or ConfigMap with the PEM-encoded CA certificates for the endpoint, in the namespace of the FtpServer. Defaults to the public certificate authorities. */
  caRef?: FtpServerAdditionalStorageObjectStorageCaRef;
  /** Server-side encryption of new objects. Defaults to the encryption settings of the bucket. */
  serverSideEncryption?: FtpServerAdditionalStorageObjectStorageServerSideEncryption;
  /** Storage class of new objects, for example `STANDARD_IA`. Defaults to the default storage class of the service. */
  storageClass?: string;
  /** Settings for multipart uploads of large files. */
  multipart: FtpServerAdditionalStorageObjectStorageMultipart;
}

/** Reference to the Secret with an access key, in the namespace of the FtpServer. The Secret contains the keys `accessKeyId` and `secretAccessKey`, and optionally `sessionToken`. Changes to the Secret take effect within about a minute. By default, the engine uses the credentials of the pod: EKS Pod Identity, IRSA or environment variables. */
export interface FtpServerAdditionalStorageObjectStorageCredentialsSecretRef {
  /** Name of the Secret. */
  name: string;
}

/** Role that the engine assumes with a token of its ServiceAccount (`AssumeRoleWithWebIdentity`). Kubernetes renews the token. The role must trust the ServiceAccount token issuer of the cluster. */
export interface FtpServerAdditionalStorageObjectStorageWebIdentity {
  /** ARN of the role, for example `arn:aws:iam::111122223333:role/ftp`. */
  roleArn: string;
  /** Audience of the token. Defaults to `sts.amazonaws.com`. */
  audience: string;
  /** URL of the STS service. Defaults to the AWS STS endpoint of the region. */
  stsEndpoint?: string;
}

/** Reference to the Secret or ConfigMap with the PEM-encoded CA certificates for the endpoint, in the namespace of the FtpServer. Defaults to the public certificate authorities. */
export interface FtpServerAdditionalStorageObjectStorageCaRef {
  /** Kind of the referenced object. Defaults to `Secret`. */
  kind: "Secret" | "ConfigMap";
  /** Name of the Secret or ConfigMap. */
  name: string;
  /** Key of the certificates in the Secret or ConfigMap. Defaults to `ca.crt`. */
  key: string;
}

/** Server-side encryption of new objects. Defaults to the encryption settings of the bucket. */
export interface FtpServerAdditionalStorageObjectStorageServerSideEncryption {
  /** Encryption algorithm. `AES256` uses keys that the service manages (SSE-S3). `KMS` uses an AWS KMS key (SSE-KMS). */
  algorithm: "AES256" | "KMS";
  /** ID or ARN of the KMS key. Defaults to the AWS managed key. */
  kmsKeyId?: string;
}

/** Settings for multipart uploads of large files. */
export interface FtpServerAdditionalStorageObjectStorageMultipart {
  /** Part size in MiB. A file has at most 10,000 parts. Defaults to 16. */
  partSizeMebibytes: number;
  /** Maximum number of parts that the engine uploads concurrently for one file. Defaults to 4. */
  concurrency: number;
}

/** NetworkPolicy of the pods. */
export interface FtpServerNetworkPolicy {
  /** `Managed` creates a NetworkPolicy that opens only the control port and the passive port range. `Disabled` creates no NetworkPolicy. Defaults to `Managed`. */
  mode: "Managed" | "Disabled";
  /** Networks from which clients can connect, for example `198.51.100.0/24`. An empty list allows all networks. */
  allowedClients: string[];
  /** Peers that can connect to the metrics port, for example Prometheus pods. If the list is empty, no peer can connect to the metrics port. */
  metricsFrom: FtpServerNetworkPolicyMetricsFrom[];
  /** Destinations to which the engine can connect for object storage and notifications. DNS and active data connections require no entry. An empty list permits connections to all addresses, but only to the ports of the S3 endpoints and sinks. If the destination is a Service, specify the port of its pods instead of the Service port. */
  egress: FtpServerNetworkPolicyEgress[];
}

/** A network, or pods selected by `namespaceSelector` and `podSelector`. */
export interface FtpServerNetworkPolicyMetricsFrom {
  /** Network in CIDR notation, for example the node network. */
  cidr?: string;
  /** Label selector for namespaces. Defaults to the namespace of the FtpServer. The selector `{}` matches all namespaces. */
  namespaceSelector?: object;
  /** Label selector for pods. Defaults to all pods in the selected namespaces. */
  podSelector?: object;
}

/** Peers and TCP ports to which the engine can connect. */
export interface FtpServerNetworkPolicyEgress {
  /** Peers to which the engine can connect. */
  to: FtpServerNetworkPolicyEgressTo[];
  /** TCP ports of the peers. */
  ports: number[];
}

/** A network, or pods selected by `namespaceSelector` and `podSelector`. */
export interface FtpServerNetworkPolicyEgressTo {
  /** Network in CIDR notation, for example the node network. */
  cidr?: string;
  /** Label selector for namespaces. Defaults to the namespace of the FtpServer. The selector `{}` matches all namespaces. */
  namespaceSelector?: object;
  /** Label selector for pods. Defaults to all pods in the selected namespaces. */
  podSelector?: object;
}

/** Selected events and the sink that receives these events. */
export interface FtpServerNotification {
  /** Name of the notification in metrics and messages, for example `pipeline`. */
  name: string;
  /** Events that the sink receives. `FileUploaded` reports that STOR, STOU, APPE or SITE CPTO has stored a complete file. `FileRenamed` also reports renamed directories. */
  events: (
    | "FileUploaded"
    | "FileDownloaded"
    | "FileDeleted"
    | "FileRenamed"
    | "DirectoryCreated"
    | "DirectoryRemoved"
    | "LoginSucceeded"
    | "LoginFailed"
  )[];
  /** Patterns for the paths that users see, for example `/inbox/*.csv` or `/inbox/**`. `*` matches any number of characters in a name, and `?` matches one character. `**` matches any number of directories. An empty list includes all paths. Login events have no path and are always included. */
  paths: string[];
  /** Names of the users whose events the sink receives. An empty list includes all users. */
  users: string[];
  /** Receiver of the events. */
  sink: FtpServerNotificationSink;
}

/** Receiver of the events. */
export interface FtpServerNotificationSink {
  /** Type of sink. */
  type: "HTTP";
  /** HTTP receiver. Each request contains one event. This field is required when `spec.notifications[].sink.type` is `HTTP`. */
  http?: FtpServerNotificationSinkHttp;
}

/** HTTP receiver. Each request contains one event. This field is required when `spec.notifications[].sink.type` is `HTTP`. */
export interface FtpServerNotificationSinkHttp {
  /** URL of the receiver. The engine does not follow redirects. The host must have a public address, unless the operator runs with `--allow-internal-sinks`. */
  url: string;
  /** Content mode of the CloudEvents HTTP protocol binding. `Structured` sends the complete event as JSON. `Binary` sends the attributes as headers and the data as JSON. Defaults to `Structured`. */
  mode: "Structured" | "Binary";
  /** Request headers with values from Secrets, for example `Authorization`. */
  headersFrom: FtpServerNotificationSinkHttpHeadersFrom[];
  /** Reference to the Secret or ConfigMap with the PEM-encoded CA certificates for the receiver, in the namespace of the FtpServer. Defaults to the public certificate authorities. */
  caRef?: FtpServerNotificationSinkHttpCaRef;
  /** Reference to the Secret with the signing key for requests (HMAC-SHA-256, Standard Webhooks), in the namespace of the FtpServer. If the key begins with `whsec_`, the engine decodes the rest of the key as Base64. By default, requests have no signature. */
  hmacSecretRef?: FtpServerNotificationSinkHttpHmacSecretRef;
}

/** A request header. */
export interface FtpServerNotificationSinkHttpHeadersFrom {
  /** Name of the header, for example `Authorization`. */
  name: string;
  /** Reference to the Secret key with the header value, in the namespace of the FtpServer. */
  secretKeyRef: FtpServerNotificationSinkHttpHeadersFromSecretKeyRef;
}

/** Reference to the Secret key with the header value, in the namespace of the FtpServer. */
export interface FtpServerNotificationSinkHttpHeadersFromSecretKeyRef {
  /** Name of the Secret. */
  name: string;
  /** Key in the Secret. */
  key: string;
}

/** Reference to the Secret or ConfigMap with the PEM-encoded CA certificates for the receiver, in the namespace of the FtpServer. Defaults to the public certificate authorities. */
export interface FtpServerNotificationSinkHttpCaRef {
  /** Kind of the referenced object. Defaults to `Secret`. */
  kind: "Secret" | "ConfigMap";
  /** Name of the Secret or ConfigMap. */
  name: string;
  /** Key of the certificates in the Secret or ConfigMap. Defaults to `ca.crt`. */
  key: string;
}

/** Reference to the Secret with the signing key for requests (HMAC-SHA-256, Standard Webhooks), in the namespace of the FtpServer. If the key begins with `whsec_`, the engine decodes the rest of the key as Base64. By default, requests have no signature. */
export interface FtpServerNotificationSinkHttpHmacSecretRef {
  /** Name of the Secret. */
  name: string;
  /** Key in the Secret. */
  key: string;
}

/** Replacement of pods when the pod template changes. */
export interface FtpServerRollout {
  /** Rollout strategy. `Surge` starts the new pod before the old pod terminates, so that logins succeed during the rollout. `Recreate` terminates the old pod first, so that the cluster requires no capacity for a second pod. With `Recreate`, only the other replicas accept logins while an old pod drains. A change to `spec.rollout.type` replaces the pods because the division of the passive port range changes. Defaults to `Surge`. */
  type: "Surge" | "Recreate";
  /** Time in seconds during which a terminating pod accepts new logins. New connections can reach a terminating pod until all nodes and the load balancer have removed the pod from load balancing. This removal takes a few seconds, or longer with some cloud load balancers. Defaults to 10. */
  handOverSeconds: number;
  /** Maximum time in seconds to wait for sessions to finish before a pod is terminated. The wait begins after `spec.rollout.handOverSeconds`. Defaults to 600. */
  drainPeriodSeconds: number;
}

/** Periodic test of logins and passive data connections. The operator connects to the announced address from inside the cluster, logs in with an account that cannot access files, and lists a directory with PASV and with EPSV. The condition `PassiveReachable` shows the result of the test. */
export interface FtpServerReachabilityCheck {
  /** `Enabled` runs the reachability check. Defaults to `Enabled`. */
  mode: "Enabled" | "Disabled";
  /** Interval in seconds between reachability checks. A change to the ports or the announced address starts an additional check. Defaults to 600. */
  periodSeconds: number;
}

/** Maintenance mode for manual changes to child objects. */
export interface FtpServerMaintenance {
  /** `Enabled` pauses reconciliation of pods, Services and other child objects so that you can change them manually. The operator continues to update the announced address, users, certificates and limits of running engines. Defaults to `Disabled`. */
  mode: "Disabled" | "Enabled";
}

/** Engine logs, written to standard output as JSON lines. */
export interface FtpServerLogging {
  /** Minimum level of logged messages. Defaults to `Info`. */
  level: "Error" | "Warn" | "Info" | "Debug";
  /** `Enabled` logs the user, path, number of bytes and result of each transfer. Defaults to `Enabled`. */
  transferLog: "Enabled" | "Disabled";
}

/** Labels and annotations for all objects that the operator creates for the FtpServer, including pods and the claim. Metadata in `spec.pod`, `spec.exposure.service` and `spec.storage.persistentVolumeClaim.create` takes precedence. A change to `spec.childMetadata` does not replace pods. */
export interface FtpServerChildMetadata {
  /** Labels of all child objects, for example `team` or `cost-center`. */
  labels?: Record<string, string>;
  /** Annotations of all child objects. */
  annotations?: Record<string, string>;
}

/** Settings for the engine pods. A change to `spec.pod` replaces the pods one at a time and drains their sessions. */
export interface FtpServerPod {
  /** Metadata of the pods. */
  metadata?: FtpServerPodMetadata;
  /** Container image of the engine. Defaults to the engine image in the operator configuration. */
  image?: string;
  /** Name of an existing ServiceAccount in the namespace of the FtpServer. The engine does not use the Kubernetes API. Cloud providers use the ServiceAccount to issue credentials. By default, the operator creates a ServiceAccount without permissions. */
  serviceAccountName?: string;
  /** Annotations of the ServiceAccount that the operator creates, for example `eks.amazonaws.com/role-arn`. */
  serviceAccountAnnotations?: Record<string, string>;
  /** Secrets with credentials for the image registry. */
  imagePullSecrets?: FtpServerPodImagePullSecret[];
  /** User, groups and SELinux options of the pods. All accepted values meet the Pod Security Standard `restricted`. */
  securityContext: FtpServerPodSecurityContext;
  /** PriorityClass of the pods. */
  priorityClassName?: string;
  /** RuntimeClass of the pods, for example `gvisor`. */
  runtimeClassName?: string;
  /** Scheduler of the pods. If the field is unset, Kubernetes uses its default scheduler. */
  schedulerName?: string;
  /** DNS policy of the pods. Defaults to `ClusterFirst`. */
  dnsPolicy: "ClusterFirst" | "Default" | "None";
  /** DNS parameters of the pods, merged with the parameters from `spec.pod.dnsPolicy`. This field is required when `spec.pod.dnsPolicy` is `None`. */
  dnsConfig?: FtpServerPodDnsConfig;
  /** Additional entries in the file `/etc/hosts` of the pods. */
  hostAliases?: FtpServerPodHostAliase[];
  /** Environment variables of the engine container, for example `HTTPS_PROXY`. `PATH`, `HOME` and names that begin with `FTP_OPERATOR_`, `NODE_`, `UV_` or `LD_` are reserved and rejected. */
  env?: FtpServerPodEnv[];
  /** Labels that a node must have to run the pods. */
  nodeSelector?: Record<string, string>;
  /** CPU and memory resources of the engine container. The default sets no CPU limit because a CPU limit can delay transfers and TLS handshakes. A custom value replaces all default requests and limits. */
  resources: FtpServerPodResources;
  /** Tolerations of the pods. */
  tolerations?: object[];
  /** Affinity of the pods. */
  affinity?: object;
  /** Topology spread constraints of the pods. */
  topologySpreadConstraints?: object[];
}

/** Metadata of the pods. */
export interface FtpServerPodMetadata {
  /** Labels of the pods. */
  labels?: Record<string, string>;
  /** Annotations of the pods. */
  annotations?: Record<string, string>;
}

/** A Secret of type `kubernetes.io/dockerconfigjson` in the namespace of the FtpServer. */
export interface FtpServerPodImagePullSecret {
  /** Name of the Secret. */
  name: string;
}

/** User, groups and SELinux options of the pods. All accepted values meet the Pod Security Standard `restricted`. */
export interface FtpServerPodSecurityContext {
  /** Source of the user ID and group IDs. `Fixed` uses `runAsUser`, `runAsGroup` and `fsGroup` from `spec.pod.securityContext`. `Platform` uses the IDs that the Kubernetes platform assigns, for example on OpenShift with the security context constraint `restricted-v2`. Defaults to `Fixed`. */
  ids: "Fixed" | "Platform";
  /** ID of the user that runs the engine and owns its files. Defaults to 65532. Set this field only when `spec.pod.securityContext.ids` is `Fixed`. */
  runAsUser?: number;
  /** Primary group ID of the engine. Defaults to 65532. Set this field only when `spec.pod.securityContext.ids` is `Fixed`. */
  runAsGroup?: number;
  /** Group ID of the volume. Kubernetes makes the files on most volume types accessible to this group. Defaults to 65532. Set this field only when `spec.pod.securityContext.ids` is `Fixed`. */
  fsGroup?: number;
  /** Policy for changing the group of existing files when Kubernetes mounts the volume. `OnRootMismatch` changes the group only when the root of the volume has a different group. `Always` changes the group on every mount, which delays the start of pods if the volume contains many files. Use `Always` when you change the user or group IDs of an FtpServer with existing files. Defaults to `OnRootMismatch`. */
  fsGroupChangePolicy: "OnRootMismatch" | "Always";
  /** Additional group IDs of the engine, for example the group of an NFS share. */
  supplementalGroups: number[];
  /** SELinux context of the pods. By default, the container runtime assigns the context. */
  seLinuxOptions?: FtpServerPodSecurityContextSeLinuxOptions;
}

/** SELinux context of the pods. By default, the container runtime assigns the context. */
export interface FtpServerPodSecurityContextSeLinuxOptions {
  /** SELinux type. */
  type?: string;
  /** SELinux level, for example `s0:c26,c15`. */
  level?: string;
}

/** DNS parameters of the pods, merged with the parameters from `spec.pod.dnsPolicy`. This field is required when `spec.pod.dnsPolicy` is `None`. */
export interface FtpServerPodDnsConfig {
  /** IP addresses of DNS servers. */
  nameservers?: string[];
  /** DNS search domains. */
  searches?: string[];
  /** Resolver options, for example `ndots`. */
  options?: FtpServerPodDnsConfigOption[];
}

/** A resolver option. */
export interface FtpServerPodDnsConfigOption {
  /** Name of the option. */
  name: string;
  /** Value of the option. */
  value?: string;
}

/** Host names of an IP address. */
export interface FtpServerPodHostAliase {
  /** IP address. */
  ip: string;
  /** Host names. */
  hostnames: string[];
}

/** An environment variable. */
export interface FtpServerPodEnv {
  /** Name of the variable. */
  name: string;
  /** Value of the variable. */
  value: string;
}

/** CPU and memory resources of the engine container. The default sets no CPU limit because a CPU limit can delay transfers and TLS handshakes. A custom value replaces all default requests and limits. */
export interface FtpServerPodResources {
  /** Resources that the scheduler reserves for the container. */
  requests?: Record<string, string | number>;
  /** Maximum resources of the container. Kubernetes restarts a container that exceeds its memory limit. */
  limits?: Record<string, string | number>;
}

/** Current state of the FtpServer, written by the operator. */
export interface FtpServerStatus {
  /** Generation of the resource that this status describes. */
  observedGeneration?: number;
  /** Current conditions of the FtpServer. `Ready` summarizes the other conditions. `Reconciling` and `Stalled` follow the kstatus conventions. Every other condition describes one aspect of the FtpServer. */
  conditions?: Condition[];
  /** Label selector for the pods, used by autoscalers. */
  selector?: string;
  /** Current number of replicas, ready or not. */
  replicas?: number;
  /** Number of replicas that accept logins. */
  readyReplicas?: number;
  /** Addresses that clients can connect to. `status.endpoint` contains the first address. */
  addresses?: FtpServerStatusAddresse[];
  /** URL that FTP clients connect to, for example `ftp://192.0.2.10:21`. */
  endpoint?: string;
  /** Passive port range that is currently open. */
  passivePorts?: FtpServerStatusPassivePorts;
  /** Engine image that new pods use. */
  image?: string;
  /** Engine version, or the lowest version while replicas run different versions. */
  version?: string;
  /** Slots of the FtpServer. Each slot owns a slice of the passive port range. */
  slots?: FtpServerStatusSlot[];
}

/** An address. */
export interface FtpServerStatusAddresse {
  /** Type of the address. */
  type: "IPAddress" | "Hostname";
  /** IP address or host name, for example `192.0.2.10`. */
  value: string;
}

/** Passive port range that is currently open. */
export interface FtpServerStatusPassivePorts {
  /** Lowest port. */
  first: number;
  /** Highest port, inclusive. */
  last: number;
}

/** A slot. The pod name consists of the FtpServer name, the slot name and the ordinal 0, for example `demo-a-0`. */
export interface FtpServerStatusSlot {
  /** Name of the slot, for example `a`. */
  name: string;
  /** Slice of the passive port range that the slot owns. */
  passivePorts?: FtpServerStatusSlotPassivePorts;
  /** Engine version in the pod of the slot. */
  version?: string;
  /** State of the slot. A `Free` slot has no pod. The pod of a `Starting` slot is not ready. The pod of a `Serving` slot accepts logins. The pod of a `Draining` slot does not accept new logins and waits until its open sessions end. */
  state: "Free" | "Starting" | "Serving" | "Draining";
}

/** Slice of the passive port range that the slot owns. */
export interface FtpServerStatusSlotPassivePorts {
  /** Lowest port. */
  first: number;
  /** Highest port, inclusive. */
  last: number;
}
