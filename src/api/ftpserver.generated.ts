// Generated from src/api/schema/ by `npm run generate`; do not edit.
/* eslint-disable max-lines -- data */
import type { Condition, KubeObject } from "./kubernetes.ts";

/** FtpServer is a managed FTP server. Clients connect to `status.endpoint` when the condition `Ready` is True. The smallest FtpServer has one user with a password Secret. All other fields have defaults. */
export interface FtpServer extends KubeObject {
  /** Desired state of the FtpServer. */
  spec: FtpServerSpec;
  /** Current state of the FtpServer, written by the operator. */
  status?: FtpServerStatus;
}

/** Desired state of the FtpServer. */
export interface FtpServerSpec {
  /** Desired number of engine pods. All pods share one address, and each owns a slice of the passive port range. More than one replica requires a volume that several nodes can mount. With `Ephemeral` storage, each replica has its own files. 0 removes all pods and keeps the address. Defaults to 1. */
  replicas: number;
  /** Upper bound for `replicas`, normally the `maxReplicas` of your HorizontalPodAutoscaler. The passive port range is divided for this number of replicas, so scaling up to it replaces no pod. By default the range is divided for `replicas`, and scaling replaces the pods whose slice changes, one at a time. */
  maxReplicas?: number;
  /** Exposure to clients. The control port and the passive port range share one Service and one address. */
  exposure: FtpServerExposure;
  /** Passive mode, in which the client opens data connections. Nearly all clients use it. */
  passive: FtpServerPassive;
  /** Active mode, in which the server opens data connections (PORT and EPRT). */
  active: FtpServerActive;
  /** Users that can log in. You can add, change and remove users without a restart. At least one is required unless anonymous logins or `userSources` are enabled. */
  users: FtpServerUser[];
  /** Namespaces whose FtpUsers can log in, in addition to `users`. An FtpUser of another namespace has its home directory below "/@NAMESPACE", for example /@team-a/scanner, and cannot see other parts of the volume. */
  userSources: FtpServerUserSources;
  /** Anonymous logins: the login names anonymous and ftp with any password. An entry in `users` with such a name takes precedence. */
  anonymous: FtpServerAnonymous;
  /** FTPS, the encryption of control and data connections (RFC 4217). */
  tls: FtpServerTls;
  /** PROXY protocol, versions 1 and 2. A load balancer or proxy uses it to report client addresses. When enabled, every control and data connection must begin with a PROXY header. */
  proxyProtocol: FtpServerProxyProtocol;
  /** Modes of files and directories that clients create. Existing files keep their modes, even when an upload replaces them. Changes take effect without a restart. */
  files: FtpServerFiles;
  /** Upload handling. */
  uploads: FtpServerUploads;
  /** Limits of each replica. Changes take effect without a restart. */
  limits: FtpServerLimits;
  /** Storage of the files. */
  storage: FtpServerStorage;
  /** NetworkPolicy of the pods. */
  networkPolicy: FtpServerNetworkPolicy;
  /** Replacement of pods when the pod template changes. */
  rollout: FtpServerRollout;
  /** Reachability check. The operator connects to the announced address from inside the cluster, logs in with an account that sees no files, and lists a directory with PASV and EPSV. The condition `PassiveReachable` shows the result. */
  reachabilityCheck: FtpServerReachabilityCheck;
  /** Maintenance mode. */
  maintenance: FtpServerMaintenance;
  /** Text of the greeting (reply 220), one line. A short neutral text by default. */
  banner?: string;
  /** Logs of the engine, as JSON lines on standard output. */
  logging: FtpServerLogging;
  /** Labels and annotations of all objects that the operator creates for the FtpServer, including its pods and its claim. The metadata fields of `spec.pod`, `spec.exposure.service` and the claim take precedence. A change replaces no pod. */
  childMetadata?: FtpServerChildMetadata;
  /** Settings of the engine pods. A change replaces the pods one at a time and drains their sessions. */
  pod: FtpServerPod;
}

/** Exposure to clients. The control port and the passive port range share one Service and one address. */
export interface FtpServerExposure {
  /** Type of exposure. `LoadBalancer` requests an external address from the cluster. `NodePort` opens the same ports on every node. `HostPort` opens the ports on the node of the pod, including 21; the Pod Security levels baseline and restricted forbid it. `ClusterIP` serves only clients in the cluster. Defaults to `LoadBalancer`. */
  type: "LoadBalancer" | "NodePort" | "ClusterIP" | "HostPort";
  /** Port of the Service that clients connect to. Defaults to 21. */
  controlPort: number;
  /** Metadata and traffic settings of the Service. When `spec.exposure.type` is `HostPort`, only clients in the cluster use the Service. */
  service: FtpServerExposureService;
  /** Settings of the load balancer. Only valid with type `LoadBalancer`. */
  loadBalancer?: FtpServerExposureLoadBalancer;
  /** Node ports. Required with type `NodePort`, and invalid with other types. Each passive port is also its own node port. */
  nodePort?: FtpServerExposureNodePort;
}

/** Metadata and traffic settings of the Service. When `spec.exposure.type` is `HostPort`, only clients in the cluster use the Service. */
export interface FtpServerExposureService {
  /** Labels of the Service, for example to select a Cilium load balancer pool or BGP advertisement. */
  labels?: Record<string, string>;
  /** Annotations of the Service, for example settings of a load balancer. Annotations with the same key that the operator sets for `provider` are replaced. */
  annotations?: Record<string, string>;
  /** Number of IP families of the Service. `SingleStack` assigns an address of one family. `PreferDualStack` assigns addresses of IPv4 and IPv6 if the cluster has both. With `RequireDualStack`, the API server rejects the Service otherwise. PASV announces the IPv4 address. EPSV works over both. Defaults to `SingleStack`. */
  ipFamilyPolicy: "SingleStack" | "PreferDualStack" | "RequireDualStack";
  /** IP families of the Service, the primary one first, for example [IPv6, IPv4]. Defaults to the families of the cluster in the order of the cluster. Kubernetes cannot change the primary family of an existing Service. */
  ipFamilies?: ("IPv4" | "IPv6")[];
  /** Routing of external traffic. `Local` preserves client addresses and routes all traffic to the node of the pod. `Cluster` accepts traffic on all nodes and hides client addresses. `Auto` is `Local` for one replica and `Cluster` for more. With type `ClusterIP` it has no effect. Defaults to `Auto`. */
  externalTrafficPolicy: "Auto" | "Local" | "Cluster";
}

/** Settings of the load balancer. Only valid with type `LoadBalancer`. */
export interface FtpServerExposureLoadBalancer {
  /** Load balancer class, for example service.k8s.aws/nlb or io.cilium/l2-announcer. The default class of the cluster by default. It cannot change while the type is `LoadBalancer`. */
  class?: string;
  /** Networks of clients that the load balancer accepts, for example 198.51.100.0/24. Empty means all networks. Some load balancers ignore this field. The cluster itself enforces `spec.networkPolicy.allowedClients`. */
  sourceRanges: string[];
  /** Allocation of node ports for the ports of the Service. Many load balancers send connections to node ports. A cluster has 2768 of them by default, enough for about 230 FtpServers with ten passive ports. `Disabled` saves them for load balancers that do not require them, such as MetalLB, Cilium and AWS with targets of type ip. A Service that has node ports keeps them. `Auto` is `Disabled` when class or provider is MetalLB or Cilium, and otherwise `Enabled`. Defaults to `Auto`. */
  nodePorts: "Auto" | "Enabled" | "Disabled";
  /** Provider of the load balancer. The operator sets its annotations for health checks on the control port and, with `spec.proxyProtocol`, for PROXY headers. It warns when the passive port range exceeds the limit of the provider. `Auto` detects the provider from the class or the nodes. `Generic` sets no annotations. Defaults to `Auto`. */
  provider: "Auto" | "Generic" | "AWS" | "GKE" | "Azure" | "DigitalOcean" | "Hetzner" | "MetalLB" | "Cilium";
}

/** Node ports. Required with type `NodePort`, and invalid with other types. Each passive port is also its own node port. */
export interface FtpServerExposureNodePort {
  /** Node port that clients connect to. It must be in the node port range of the cluster, 30000-32767 by default. */
  controlPort: number;
}

/** Passive mode, in which the client opens data connections. Nearly all clients use it. */
export interface FtpServerPassive {
  /** Ports for data connections. The Service, the pods and the NetworkPolicy open exactly these ports, and the engine announces no others. Many load balancers limit the number of ports. Ten ports serve hundreds of concurrent transfers when `portSharing` is `Enabled`. With `spec.exposure.type` `NodePort`, the range must be in the node port range of the cluster, 30000-32767 by default. */
  portRange: FtpServerPassivePortRange;
  /** IPv4 address that PASV announces. EPSV, which newer clients prefer, requires none. */
  address: FtpServerPassiveAddress;
  /** `Enabled` lets sessions of different clients share a passive port. Clients are distinguished by their addresses, and FTPS clients behind one address by their TLS sessions. `Disabled` reserves a port for one session until its data connection is established. Defaults to `Enabled`. */
  portSharing: "Enabled" | "Disabled";
}

/** Ports for data connections. The Service, the pods and the NetworkPolicy open exactly these ports, and the engine announces no others. Many load balancers limit the number of ports. Ten ports serve hundreds of concurrent transfers when `portSharing` is `Enabled`. With `spec.exposure.type` `NodePort`, the range must be in the node port range of the cluster, 30000-32767 by default. */
export interface FtpServerPassivePortRange {
  /** Lowest port. */
  first: number;
  /** Highest port, inclusive. */
  last: number;
}

/** IPv4 address that PASV announces. EPSV, which newer clients prefer, requires none. */
export interface FtpServerPassiveAddress {
  /** Source of the announced address. `FromExposure` follows the Service: the address of the load balancer, of a node, or the cluster IP. `Static` announces a fixed address. `Hostname` resolves a DNS name. `ControlConnection` announces the address that the client connected to; behind a Service this requires `spec.proxyProtocol`. Defaults to `FromExposure`. */
  type: "FromExposure" | "Static" | "Hostname" | "ControlConnection";
  /** Fixed address. Required with type `Static`, and invalid with other types. */
  static?: FtpServerPassiveAddressStatic;
  /** DNS name. Required with type `Hostname`, and invalid with other types. */
  hostname?: FtpServerPassiveAddressHostname;
  /** Announced addresses for clients in specific networks, for example inside a company. The first entry with a matching network applies. */
  overrides?: FtpServerPassiveAddressOverride[];
}

/** Fixed address. Required with type `Static`, and invalid with other types. */
export interface FtpServerPassiveAddressStatic {
  /** IPv4 address to announce, for example 203.0.113.10. */
  address: string;
}

/** DNS name. Required with type `Hostname`, and invalid with other types. */
export interface FtpServerPassiveAddressHostname {
  /** DNS name with an IPv4 address, for example ftp.example.com. */
  name: string;
  /** Interval between DNS lookups in seconds. Defaults to 30. */
  refreshPeriodSeconds: number;
}

/** Announced address for one network. */
export interface FtpServerPassiveAddressOverride {
  /** Network of the clients, for example 10.0.0.0/8. */
  clients: string;
  /** IPv4 address to announce to these clients, for example 10.1.2.3. */
  address: string;
}

/** Active mode, in which the server opens data connections (PORT and EPRT). */
export interface FtpServerActive {
  /** `Enabled` lets the engine connect to port 1024 and above at the address of the client, and to no other address. Active mode rarely works through firewalls. Defaults to `Disabled`. */
  mode: "Disabled" | "Enabled";
  /** Source port of data connections, for example 20 (RFC 959), which firewalls of old clients expect. Any port by default. Networks that translate pod addresses can change the port. */
  sourcePort?: number;
}

/** An account. */
export interface FtpServerUser {
  /** Login name, for example `alice` or `alice@example.com`. */
  name: string;
  /** Reference to the Secret with the password, in the namespace of the FtpServer. Changes take effect immediately. Required unless client certificates are accepted as logins (`spec.tls.clientCertificates.login`). */
  passwordSecretRef?: FtpServerUserPasswordSecretRef;
  /** Directory that the user sees as "/" and cannot leave, as an absolute path on the volume. Created if it does not exist. "/" followed by the user name by default. Users with the same home directory share its files. A user whose home directory contains other home directories sees their files. With "/", the user sees the files of all users, including FtpUsers. Paths that begin with "/@" are reserved for FtpUsers of other namespaces. */
  homeDirectory?: string;
  /** `Disabled` rejects logins and ends open sessions. The account keeps its login name and its files. Its Secret is optional. Defaults to `Enabled`. */
  state: "Enabled" | "Disabled";
  /** Time in RFC 3339 format at which the account expires, for example 2030-01-31T00:00:00Z. Logins are then rejected, and open sessions end. The account keeps its login name and its files. Unset means that the account does not expire. */
  expiresAt?: string;
  /** Permissions of the user. `List`: list directories. `Read`: download files. `Write`: create files, replace, resume and truncate existing files, and set modes. `Append`: create files and add to the end of existing files, without replacing or truncating them. `Delete`: remove files. `Rename`: rename and move files and directories; replacing an existing file also requires `Write` or `Delete`, and a directory is never replaced. `MakeDirectory`: create directories. `RemoveDirectory`: remove empty directories. `SetModificationTime`: set the times of files and directories. A copy of a file on the server requires `Read` and `Write`. */
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
  /** Directories with their own permissions, for example a read-only /outbox in a writable home, or a write-only /inbox. The longest path that contains a file or directory applies. The directories are created when the user logs in. The user cannot rename or remove them or the directories above them. */
  directories: FtpServerUserDirectory[];
  /** Maximum content of the home directory. The files of all users with the same home directory count. No limit by default. */
  quota?: FtpServerUserQuota;
  /** Limits of all sessions of the user together, on each replica. No limits beyond those of the FtpServer by default. */
  limits?: FtpServerUserLimits;
  /** Modes of files and directories that the user creates. Unset modes are those of the FtpServer. */
  files?: FtpServerUserFiles;
  /** Networks from which the user can log in. Empty means all networks. A user with allowed clients cannot log in when nodes replace client addresses (type `NodePort`, or external traffic policy `Cluster`) and `spec.proxyProtocol.mode` is `Disabled`. */
  allowedClients: string[];
}

/** Reference to the Secret with the password, in the namespace of the FtpServer. Changes take effect immediately. Required unless client certificates are accepted as logins (`spec.tls.clientCertificates.login`). */
export interface FtpServerUserPasswordSecretRef {
  /** Name of the Secret. */
  name: string;
  /** Key of the password in the Secret. The value is the password, or its hash in the standard format of scrypt, argon2, bcrypt or sha-crypt. A hash is rejected if its verification needs more than 64 MiB of memory. Maximum costs are `ln=16,r=8,p=2` for scrypt, `m=65536,t=4` for argon2, cost 12 for bcrypt and `rounds=200000` for sha-crypt. Defaults to `password`. */
  key: string;
}

/** A directory with its own permissions. */
export interface FtpServerUserDirectory {
  /** Absolute path of the directory as the user sees it, for example /outbox. It includes all directories below it, and must not be "/". */
  path: string;
  /** Permissions in this directory, instead of those of the user. An empty list permits nothing. */
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

/** Maximum content of the home directory. The files of all users with the same home directory count. No limit by default. */
export interface FtpServerUserQuota {
  /** Maximum total size of all files, for example 10Gi. */
  bytes?: string | number;
  /** Maximum number of files and directories. */
  files?: number;
}

/** Limits of all sessions of the user together, on each replica. No limits beyond those of the FtpServer by default. */
export interface FtpServerUserLimits {
  /** Maximum number of concurrent sessions. */
  sessions?: number;
  /** Maximum rate of all uploads together in bytes per second, for example 10Mi. A compressed upload (MODE Z) counts by its decompressed size. */
  uploadBytesPerSecond?: string | number;
  /** Maximum rate of all downloads together in bytes per second, for example 10Mi. A compressed download (MODE Z) counts by its compressed size. */
  downloadBytesPerSecond?: string | number;
}

/** Modes of files and directories that the user creates. Unset modes are those of the FtpServer. */
export interface FtpServerUserFiles {
  /** Mode of new files as a quoted octal number, for example "0664". */
  fileMode?: string;
  /** Mode of new directories as a quoted octal number, for example "2775". */
  directoryMode?: string;
}

/** Namespaces whose FtpUsers can log in, in addition to `users`. An FtpUser of another namespace has its home directory below "/@NAMESPACE", for example /@team-a/scanner, and cannot see other parts of the volume. */
export interface FtpServerUserSources {
  /** Selection of namespaces. `None` selects no FtpUsers. `SameNamespace` selects those in the namespace of the FtpServer. `Selector` selects those in namespaces that match `namespaceSelector`. Defaults to `None`. */
  from: "None" | "SameNamespace" | "Selector";
  /** Labels of the namespaces. Required with `from: Selector`, and invalid otherwise. */
  namespaceSelector?: object;
}

/** Anonymous logins: the login names anonymous and ftp with any password. An entry in `users` with such a name takes precedence. */
export interface FtpServerAnonymous {
  /** `ReadOnly` permits listings and downloads. `ReadWrite` also permits uploads of new files and new directories, without replacing or removing anything. Defaults to `Disabled`. */
  mode: "Disabled" | "ReadOnly" | "ReadWrite";
  /** Directory that anonymous sessions see as "/" and cannot leave, as an absolute path on the volume. Created if it does not exist. It must not begin with "/@", which is reserved for FtpUsers of other namespaces. It must not be "/" when `userSources` selects other namespaces. Defaults to `/pub`. */
  homeDirectory: string;
  /** Maximum content of the anonymous home directory. Uploads beyond it are rejected. It limits what unknown clients can store on the volume that they share with users. */
  quota: FtpServerAnonymousQuota;
  /** Limits of all anonymous sessions together, on each replica. No limits beyond those of the FtpServer by default. */
  limits?: FtpServerAnonymousLimits;
  /** Networks from which anonymous logins are accepted. Empty means all networks. With allowed clients, all anonymous logins are rejected when nodes replace client addresses (type `NodePort`, or external traffic policy `Cluster`) and `spec.proxyProtocol.mode` is `Disabled`. */
  allowedClients: string[];
}

/** Maximum content of the anonymous home directory. Uploads beyond it are rejected. It limits what unknown clients can store on the volume that they share with users. */
export interface FtpServerAnonymousQuota {
  /** Maximum total size of all files, for example 10Gi. Defaults to `1Gi`. */
  bytes: string | number;
  /** Maximum number of files and directories. Defaults to 10000. */
  files: number;
}

/** Limits of all anonymous sessions together, on each replica. No limits beyond those of the FtpServer by default. */
export interface FtpServerAnonymousLimits {
  /** Maximum number of concurrent sessions. */
  sessions?: number;
  /** Maximum rate of all uploads together in bytes per second, for example 10Mi. A compressed upload (MODE Z) counts by its decompressed size. */
  uploadBytesPerSecond?: string | number;
  /** Maximum rate of all downloads together in bytes per second, for example 10Mi. A compressed download (MODE Z) counts by its compressed size. */
  downloadBytesPerSecond?: string | number;
}

/** FTPS, the encryption of control and data connections (RFC 4217). */
export interface FtpServerTls {
  /** TLS mode. `Optional` lets clients start TLS with AUTH TLS. `Required` rejects logins without TLS. `Implicit` starts TLS with the connection, which old clients expect on port 990. Defaults to `Disabled`. */
  mode: "Disabled" | "Optional" | "Required" | "Implicit";
  /** Reference to the Secret with the server certificate, of type kubernetes.io/tls with the keys tls.crt and tls.key, in the namespace of the FtpServer. Required unless `mode` is `Disabled`. When the Secret changes, for example after a renewal, new connections use the new certificate within seconds. Open sessions are not interrupted. */
  certificateRef?: FtpServerTlsCertificateRef;
  /** Minimum TLS version. Defaults to `TLS12`. */
  minimumVersion: "TLS12" | "TLS13";
  /** `Required` rejects cleartext transfers (PROT C) in an encrypted session. `Optional` permits them. Defaults to `Required`. */
  dataProtection: "Required" | "Optional";
  /** `Allow` permits CCC, which ends TLS on the control connection after the login, for client-side firewalls that inspect PASV replies. Commands that follow can be read and modified in transit. Requires `mode: Optional`. Defaults to `Deny`. */
  clearControl: "Deny" | "Allow";
  /** Data connections that are accepted with PROT P. `Required` accepts only connections that resume the TLS session of their control connection, which proves their owner. Some clients cannot do that, for example Python's ftplib. `Preferred` also accepts a full handshake from clients that have not resumed before, unless a second one arrives. It rejects sessions of other users. Defaults to `Preferred`. */
  sessionReuse: "Preferred" | "Required";
  /** Server names that clients can request with SNI or HOST. Other names are rejected. Empty accepts all names. */
  serverNames: string[];
  /** Verification of client certificates. */
  clientCertificates: FtpServerTlsClientCertificates;
}

/** Reference to the Secret with the server certificate, of type kubernetes.io/tls with the keys tls.crt and tls.key, in the namespace of the FtpServer. Required unless `mode` is `Disabled`. When the Secret changes, for example after a renewal, new connections use the new certificate within seconds. Open sessions are not interrupted. */
export interface FtpServerTlsCertificateRef {
  /** Name of the Secret. */
  name: string;
}

/** Verification of client certificates. */
export interface FtpServerTlsClientCertificates {
  /** `Optional` verifies certificates that clients present. `Required` also rejects clients without a certificate. Defaults to `Disabled`. */
  mode: "Disabled" | "Optional" | "Required";
  /** Reference to the certificates of the certificate authorities in PEM format, in the namespace of the FtpServer. Required unless `mode` is `Disabled`. */
  caRef?: FtpServerTlsClientCertificatesCaRef;
  /** Use of a client certificate at login. `Password` also requires a password. `CommonName` and `SubjectAlternativeName` (DNS name or email address) log in the user that the certificate names without a password. Defaults to `Password`. */
  login: "Password" | "CommonName" | "SubjectAlternativeName";
}

/** Reference to the certificates of the certificate authorities in PEM format, in the namespace of the FtpServer. Required unless `mode` is `Disabled`. */
export interface FtpServerTlsClientCertificatesCaRef {
  /** Kind of the object. Defaults to `Secret`. */
  kind: "Secret" | "ConfigMap";
  /** Name of the object. */
  name: string;
  /** Key of the certificates in the object. Defaults to `ca.crt`. */
  key: string;
}

/** PROXY protocol, versions 1 and 2. A load balancer or proxy uses it to report client addresses. When enabled, every control and data connection must begin with a PROXY header. */
export interface FtpServerProxyProtocol {
  /** `Enabled` requires a PROXY header on every connection. Defaults to `Disabled`. */
  mode: "Disabled" | "Enabled";
  /** Networks of the proxies. Connections from other addresses are closed. Required when `mode` is `Enabled`. */
  trustedSources: string[];
}

/** Modes of files and directories that clients create. Existing files keep their modes, even when an upload replaces them. Changes take effect without a restart. */
export interface FtpServerFiles {
  /** Mode of new files as a quoted octal number, for example "0664". The owner is the engine and needs read and write permission. Clients can remove bits with SITE UMASK. Defaults to `0640`. */
  fileMode: string;
  /** Mode of new directories and home directories as a quoted octal number, for example "2770". The owner needs all permissions. With setgid (2 as the first of four digits), everything that is created in a directory gets the group of the directory. Defaults to `0750`. */
  directoryMode: string;
}

/** Upload handling. */
export interface FtpServerUploads {
  /** Handling of incomplete uploads. `Keep` stores the received data for 7 days. Only the account that uploaded it can see and resume it, under the name of the file. It counts against the quota. `Remove` deletes it. Only a complete upload replaces the file itself. Defaults to `Keep`. */
  incomplete: "Keep" | "Remove";
  /** `Always` confirms an upload when it is on stable storage. `Never` confirms it when the file system has accepted it, which is faster for small files. Defaults to `Always`. */
  sync: "Always" | "Never";
  /** Handling of a TLS upload that ends without a close_notify alert, which can be truncated. `Deny` fails the upload. `Allow` accepts it as complete, for old clients. Defaults to `Deny`. */
  missingCloseNotify: "Deny" | "Allow";
}

/** Limits of each replica. Changes take effect without a restart. */
export interface FtpServerLimits {
  /** Maximum number of control connections. Sessions before their login can use at most three quarters of them, and the engine ends the oldest ones to accept new clients. Defaults to 1000. */
  sessions: number;
  /** Maximum number of control connections of one client: an IPv4 address, or an IPv6 network of 64 bits. Defaults to 50. */
  sessionsPerClient: number;
  /** Maximum time in seconds from the connection to a successful login. Defaults to 30. */
  loginTimeoutSeconds: number;
  /** Maximum time in seconds without a command or a transfer. Defaults to 300. */
  idleTimeoutSeconds: number;
  /** Maximum time in seconds from a transfer command to its data connection. Defaults to 15. */
  dataConnectTimeoutSeconds: number;
  /** Maximum time in seconds that a transfer can make no progress. Defaults to 300. */
  stalledTransferTimeoutSeconds: number;
  /** Maximum length of a command line in bytes, from 512 to 64Ki. Longer ones are rejected. Defaults to 4096. */
  commandLineBytes: string | number;
  /** Maximum number of pending commands of a session before the engine stops reading. Defaults to 32. */
  queuedCommands: number;
  /** Maximum number of lines before the login that are not FTP commands. The session ends with the next one. Defaults to 10. */
  unknownCommands: number;
  /** Maximum number of entries in one listing. A longer listing ends with an error. Defaults to 1000000. */
  listingEntries: number;
  /** Maximum number of bytes that one checksum command (HASH, XMD5 and others) reads, for example 100Gi. Defaults to `1Ti`. */
  checksumBytes: string | number;
  /** Brute-force protection: delays, limits and bans for failed logins. */
  failedLogins: FtpServerLimitsFailedLogins;
}

/** Brute-force protection: delays, limits and bans for failed logins. */
export interface FtpServerLimitsFailedLogins {
  /** Maximum number of failed logins in one session. The session ends with the last one. Defaults to 3. */
  perSession: number;
  /** Delay of the reply to a failed login in seconds. 0 replies immediately. Defaults to 1. */
  delaySeconds: number;
  /** Maximum number of failed logins of one client (an IPv4 address, or an IPv6 network of 64 bits), or for one login name, within `periodSeconds`. A client that exceeds it is banned. For a name that exceeds it, each client has one more attempt. Clients are never banned when nodes replace their addresses. Defaults to 20. */
  attempts: number;
  /** Period in seconds over which failed logins are counted. Defaults to 300. */
  periodSeconds: number;
  /** `Enabled` bans clients and names with more than `attempts` failed logins. Defaults to `Enabled`. */
  bans: "Enabled" | "Disabled";
  /** Duration of a ban in seconds. Defaults to 300. */
  banSeconds: number;
}

/** Storage of the files. */
export interface FtpServerStorage {
  /** Type of storage. `Ephemeral` stores files on the node of the pod and deletes them with the pod. Each replica has its own files. `PersistentVolumeClaim` stores files on a volume. Defaults to `Ephemeral`. */
  type: "Ephemeral" | "PersistentVolumeClaim";
  /** Volume of the files. Required with type `PersistentVolumeClaim`, and invalid with other types. Exactly one of `claimName` and `create` is required. */
  persistentVolumeClaim?: FtpServerStoragePersistentVolumeClaim;
  /** Settings of Ephemeral storage. Not used with other types. */
  ephemeral: FtpServerStorageEphemeral;
}

/** Volume of the files. Required with type `PersistentVolumeClaim`, and invalid with other types. Exactly one of `claimName` and `create` is required. */
export interface FtpServerStoragePersistentVolumeClaim {
  /** Name of an existing PersistentVolumeClaim in the namespace of the FtpServer. More than one replica requires a volume that several nodes can mount. */
  claimName?: string;
  /** PersistentVolumeClaim that the operator creates. Its name is that of the FtpServer with the suffix "-data". */
  create?: FtpServerStoragePersistentVolumeClaimCreate;
  /** Directory on the volume that contains the home directories, as a relative path. Created if it does not exist. The root of the volume by default. */
  subPath?: string;
  /** Handling of the created claim when the FtpServer is deleted. `Retain` keeps the claim with all files. `Delete` deletes it. Defaults to `Retain`. */
  whenDeleted: "Retain" | "Delete";
}

/** PersistentVolumeClaim that the operator creates. Its name is that of the FtpServer with the suffix "-data". */
export interface FtpServerStoragePersistentVolumeClaimCreate {
  /** Metadata of the claim. */
  metadata?: FtpServerStoragePersistentVolumeClaimCreateMetadata;
  /** Storage class. The default class of the cluster by default. */
  storageClassName?: string;
  /** Access modes. ReadWriteOnce permits one replica. ReadWriteMany permits several, and lets rollouts start the new pod before the old one ends. */
  accessModes: ("ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany")[];
  /** Requested size, for example 10Gi. You can increase it if the storage class supports expansion. */
  size: string | number;
  /** VolumeAttributesClass of the volume. You can change it if the storage driver supports this. */
  volumeAttributesClassName?: string;
  /** Source of the initial content of the volume, for example a VolumeSnapshot or another PersistentVolumeClaim in the namespace of the FtpServer. It cannot change. */
  dataSourceRef?: FtpServerStoragePersistentVolumeClaimCreateDataSourceRef;
}

/** Metadata of the claim. */
export interface FtpServerStoragePersistentVolumeClaimCreateMetadata {
  /** Labels of the claim, for example to select it for backups. */
  labels?: Record<string, string>;
  /** Annotations of the claim. */
  annotations?: Record<string, string>;
}

/** Source of the initial content of the volume, for example a VolumeSnapshot or another PersistentVolumeClaim in the namespace of the FtpServer. It cannot change. */
export interface FtpServerStoragePersistentVolumeClaimCreateDataSourceRef {
  /** API group, for example snapshot.storage.k8s.io. Unset means the core group. */
  apiGroup?: string;
  /** Kind, for example VolumeSnapshot. */
  kind: string;
  /** Name of the object. */
  name: string;
}

/** Settings of Ephemeral storage. Not used with other types. */
export interface FtpServerStorageEphemeral {
  /** Maximum size of all files of one replica on the disk of the node. Kubernetes evicts a pod that exceeds it and deletes the files. The engine therefore rejects uploads before this size is reached. Defaults to `5Gi`. */
  sizeLimit: string | number;
}

/** NetworkPolicy of the pods. */
export interface FtpServerNetworkPolicy {
  /** `Managed` creates a NetworkPolicy that opens only the control port and the passive port range. `Disabled` creates none. Defaults to `Managed`. */
  mode: "Managed" | "Disabled";
  /** Networks of clients that can connect, for example 198.51.100.0/24. Empty means all networks. */
  allowedClients: string[];
  /** Peers that can read the metrics port, for example the pods of Prometheus. Empty means none. */
  metricsFrom: FtpServerNetworkPolicyMetricsFrom[];
}

/** Pods, selected by `namespaceSelector` and `podSelector`, or a network. */
export interface FtpServerNetworkPolicyMetricsFrom {
  /** Network in CIDR notation, for example that of the nodes. */
  cidr?: string;
  /** Labels of the namespaces. The namespace of the FtpServer by default; {} selects all namespaces. */
  namespaceSelector?: object;
  /** Labels of the pods. All pods of the selected namespaces by default. */
  podSelector?: object;
}

/** Replacement of pods when the pod template changes. */
export interface FtpServerRollout {
  /** Rollout strategy. `Surge` starts the new pod before the old one ends, so that new logins succeed at any time. `Recreate` ends the old pod first, for nodes without capacity for a second pod. Until its sessions have ended, only other replicas accept logins. A change of this field replaces the pods, because it changes the division of the passive port range. Defaults to `Surge`. */
  type: "Surge" | "Recreate";
  /** Time in seconds during which a terminating pod accepts new logins. Logins arrive until all nodes and the load balancer have removed the pod. This takes a few seconds, or longer with some cloud load balancers. Defaults to 10. */
  handOverSeconds: number;
  /** Maximum time in seconds to wait for sessions to finish before a pod is terminated, after `handOverSeconds`. Defaults to 600. */
  drainPeriodSeconds: number;
}

/** Reachability check. The operator connects to the announced address from inside the cluster, logs in with an account that sees no files, and lists a directory with PASV and EPSV. The condition `PassiveReachable` shows the result. */
export interface FtpServerReachabilityCheck {
  /** `Enabled` enables the check. Defaults to `Enabled`. */
  mode: "Enabled" | "Disabled";
  /** Interval between checks in seconds. A change triggers a check immediately. Defaults to 600. */
  periodSeconds: number;
}

/** Maintenance mode. */
export interface FtpServerMaintenance {
  /** `Enabled` pauses reconciliation of pods, Services, NetworkPolicies and the other child objects so that you can change them manually. The announced address, users, certificates and limits of running engines stay up to date. Defaults to `Disabled`. */
  mode: "Disabled" | "Enabled";
}

/** Logs of the engine, as JSON lines on standard output. */
export interface FtpServerLogging {
  /** Lowest level of messages that are logged. Defaults to `Info`. */
  level: "Error" | "Warn" | "Info" | "Debug";
  /** `Enabled` logs each transfer with user, path, bytes and result. Defaults to `Enabled`. */
  transferLog: "Enabled" | "Disabled";
}

/** Labels and annotations of all objects that the operator creates for the FtpServer, including its pods and its claim. The metadata fields of `spec.pod`, `spec.exposure.service` and the claim take precedence. A change replaces no pod. */
export interface FtpServerChildMetadata {
  /** Labels of all objects, for example team or cost-center. */
  labels?: Record<string, string>;
  /** Annotations of all objects. */
  annotations?: Record<string, string>;
}

/** Settings of the engine pods. A change replaces the pods one at a time and drains their sessions. */
export interface FtpServerPod {
  /** Metadata of the pods. */
  metadata?: FtpServerPodMetadata;
  /** Image of the engine. The image that the operator is configured with by default. */
  image?: string;
  /** Secrets with credentials for the registry of the image. */
  imagePullSecrets?: FtpServerPodImagePullSecret[];
  /** User, groups and SELinux options of the pods. Every value meets the Pod Security Standard `restricted`. */
  securityContext: FtpServerPodSecurityContext;
  /** PriorityClass of the pods. */
  priorityClassName?: string;
  /** RuntimeClass of the pods, for example gvisor. */
  runtimeClassName?: string;
  /** Scheduler of the pods. The default scheduler by default. */
  schedulerName?: string;
  /** DNS policy of the pods. Defaults to `ClusterFirst`. */
  dnsPolicy: "ClusterFirst" | "Default" | "None";
  /** DNS parameters of the pods, merged with those of `dnsPolicy`. Required with `None`. */
  dnsConfig?: FtpServerPodDnsConfig;
  /** Entries that are added to /etc/hosts of the pods. */
  hostAliases?: FtpServerPodHostAliase[];
  /** Environment variables of the engine container, for example HTTPS_PROXY. The variables that the operator sets are reserved. */
  env?: FtpServerPodEnv[];
  /** Labels that a node must have to run the pods. */
  nodeSelector?: Record<string, string>;
  /** CPU and memory of the engine container. No CPU limit by default, because a limit delays transfers and TLS handshakes. A value replaces the complete default. */
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

/** A Secret of type kubernetes.io/dockerconfigjson in the namespace of the FtpServer. */
export interface FtpServerPodImagePullSecret {
  /** Name of the Secret. */
  name: string;
}

/** User, groups and SELinux options of the pods. Every value meets the Pod Security Standard `restricted`. */
export interface FtpServerPodSecurityContext {
  /** Source of the user ID and group IDs. `Fixed` uses `runAsUser`, `runAsGroup` and `fsGroup`. `Platform` sets none of them, so that the platform assigns them, for example OpenShift with the security context constraint `restricted-v2`. Defaults to `Fixed`. */
  ids: "Fixed" | "Platform";
  /** User ID of the engine and owner of its files. 65532 by default. Only valid when `ids` is `Fixed`. */
  runAsUser?: number;
  /** Primary group ID of the engine. 65532 by default. Only valid when `ids` is `Fixed`. */
  runAsGroup?: number;
  /** Group ID of the volume. Kubernetes makes the files of most volume types accessible to it. 65532 by default. Only valid when `ids` is `Fixed`. */
  fsGroup?: number;
  /** Handling of the group of existing files when a volume is mounted. `OnRootMismatch` changes the group only when the root of the volume has a different group. `Always` changes the group each time, which delays the start of pods with many files. Use `Always` when you change the IDs of an FtpServer that has files. Defaults to `OnRootMismatch`. */
  fsGroupChangePolicy: "OnRootMismatch" | "Always";
  /** Additional group IDs of the engine, for example the group of an NFS share. */
  supplementalGroups: number[];
  /** SELinux context of the pods. The container runtime assigns it by default. */
  seLinuxOptions?: FtpServerPodSecurityContextSeLinuxOptions;
}

/** SELinux context of the pods. The container runtime assigns it by default. */
export interface FtpServerPodSecurityContextSeLinuxOptions {
  /** SELinux type. */
  type?: string;
  /** SELinux level, for example s0:c26,c15. */
  level?: string;
}

/** DNS parameters of the pods, merged with those of `dnsPolicy`. Required with `None`. */
export interface FtpServerPodDnsConfig {
  /** IP addresses of DNS servers. */
  nameservers?: string[];
  /** DNS search domains. */
  searches?: string[];
  /** Resolver options, for example ndots. */
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

/** CPU and memory of the engine container. No CPU limit by default, because a limit delays transfers and TLS handshakes. A value replaces the complete default. */
export interface FtpServerPodResources {
  /** Resources that the scheduler reserves for the container. */
  requests?: Record<string, string | number>;
  /** Maximum resources of the container. Kubernetes restarts a container that exceeds its memory limit. */
  limits?: Record<string, string | number>;
}

/** Current state of the FtpServer, written by the operator. */
export interface FtpServerStatus {
  /** Generation of the spec that the status was computed for. */
  observedGeneration?: number;
  /** Current conditions. `Ready` is the summary. `Reconciling` and `Stalled` follow the kstatus conventions. Each other condition describes one aspect. */
  conditions?: Condition[];
  /** Label selector of the pods, for autoscalers. */
  selector?: string;
  /** Current number of replicas, ready or not. */
  replicas?: number;
  /** Number of replicas that accept logins. */
  readyReplicas?: number;
  /** Addresses of the Service that clients can connect to. The first one is part of `endpoint`. */
  addresses?: FtpServerStatusAddresse[];
  /** URL that FTP clients connect to, for example ftp://192.0.2.10:21. */
  endpoint?: string;
  /** The open passive port range. */
  passivePorts?: FtpServerStatusPassivePorts;
  /** Image of the engine that new pods run. */
  image?: string;
  /** Version of the engine, or the lowest version while replicas run different ones. */
  version?: string;
  /** Slots, each of which owns a slice of the passive port range. */
  slots?: FtpServerStatusSlot[];
}

/** An address. */
export interface FtpServerStatusAddresse {
  /** Type of the address. */
  type: "IPAddress" | "Hostname";
  /** IP address or host name, for example 192.0.2.10. */
  value: string;
}

/** The open passive port range. */
export interface FtpServerStatusPassivePorts {
  /** Lowest port. */
  first: number;
  /** Highest port, inclusive. */
  last: number;
}

/** A slot. Its pod is named after the FtpServer and the slot, with the suffix "-0". */
export interface FtpServerStatusSlot {
  /** Name of the slot, for example a. */
  name: string;
  /** Slice of the passive port range that the slot owns. */
  passivePorts?: FtpServerStatusSlotPassivePorts;
  /** Version of the engine in the pod. */
  version?: string;
  /** State of the slot. `Free` has no pod. `Starting` has a pod that is not ready. `Serving` accepts logins. `Draining` accepts no new logins and waits for its sessions to end. */
  state: "Free" | "Starting" | "Serving" | "Draining";
}

/** Slice of the passive port range that the slot owns. */
export interface FtpServerStatusSlotPassivePorts {
  /** Lowest port. */
  first: number;
  /** Highest port, inclusive. */
  last: number;
}
