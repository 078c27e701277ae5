// Generated from crds/ by `npm run generate`; do not edit.
import type { Condition, KubeObject } from "./kubernetes.ts";

/** FtpServer is one FTP server: `kubectl apply` it, wait for its Ready condition, and transfer files at `status.endpoint`. The smallest useful one has a user with a password Secret; everything else has a default. */
export interface FtpServer extends KubeObject {
  /** What the server shall be. */
  spec: FtpServerSpec;
  /** What the server is. Written by the operator. */
  status?: FtpServerStatus;
}

/** What the server shall be. */
export interface FtpServerSpec {
  /** How many servers share the address. Each one owns a slice of the passive range. More than one needs storage that many nodes can mount (or Ephemeral storage, where every replica has files of its own). 0 stops the server and keeps its address. */
  replicas: number;
  /** The most servers that an autoscaler may ask for. The passive range is cut for this many at once, so a change of replicas up to it replaces no pod. Unset, the range is cut for replicas, and scaling replaces the pods whose slice changes, one by one. */
  maxReplicas?: number;
  /** How clients outside reach the server. Control port and passive ports always share one Service, and with it one address. */
  exposure: FtpServerExposure;
  /** Passive mode, in which the client opens the data connections. Nearly all clients use it. */
  passive: FtpServerPassive;
  /** Active mode, in which the server opens the data connections (PORT and EPRT). */
  active: FtpServerActive;
  /** Users that can log in. You can add, change and remove users without a restart. At least one is required, unless anonymous logins or userSources are enabled. */
  users: FtpServerUser[];
  /** Namespaces whose FtpUsers can log in, in addition to `users`. An FtpUser of another namespace has its home in "/@NAMESPACE", for example /@team-a/scanner, and cannot see other parts of the volume. */
  userSources: FtpServerUserSources;
  /** Logins with the name anonymous or ftp and any password. A user of the list above who has such a name comes first. */
  anonymous: FtpServerAnonymous;
  /** FTPS, which encrypts control and data connections (RFC 4217). */
  tls: FtpServerTls;
  /** The PROXY protocol, versions 1 and 2, by which a load balancer or proxy in front tells the addresses of clients. Then every connection must begin with it, control and data. */
  proxyProtocol: FtpServerProxyProtocol;
  /** What becomes of uploads. */
  uploads: FtpServerUploads;
  /** Limits of each replica. They can be changed while the server runs. */
  limits: FtpServerLimits;
  /** Where the files are. */
  storage: FtpServerStorage;
  /** The NetworkPolicy around the pods. */
  networkPolicy: FtpServerNetworkPolicy;
  /** How new versions replace old ones. */
  rollout: FtpServerRollout;
  /** A client of the operator dials the announced address from inside the cluster, logs in with an account that sees no files, and lists over PASV and EPSV. The condition PassiveReachable tells how far it came. */
  reachabilityCheck: FtpServerReachabilityCheck;
  /** Enabled keeps the operator's hands off pods, Services, NetworkPolicies and the other children, so that they can be worked on by hand. The address, users, certificates and limits of running servers stay live. Changes of the spec wait until it is Disabled again. */
  maintenance: "Disabled" | "Enabled";
  /** The greeting of the server, one line. Unset means a short neutral one. */
  banner?: string;
  /** What the servers log, as JSON to standard output. */
  logging: FtpServerLogging;
  /** Settings of the pods. A change replaces them, one at a time, and sessions end gently. */
  podTemplate: FtpServerPodTemplate;
}

/** How clients outside reach the server. Control port and passive ports always share one Service, and with it one address. */
export interface FtpServerExposure {
  /** LoadBalancer asks the cluster for an address outside. NodePort opens the same ports on every node. HostPort opens the ports themselves, 21 included, on the node of the one pod; Pod Security levels baseline and restricted forbid that. ClusterIP serves clients inside the cluster only. */
  type: "LoadBalancer" | "NodePort" | "ClusterIP" | "HostPort";
  /** The port of the Service that clients connect to. */
  controlPort: number;
  /** More about the load balancer. Only with type LoadBalancer. */
  loadBalancer?: FtpServerExposureLoadBalancer;
  /** The ports on the nodes. Only with type NodePort, and needed there. Each passive port is its own node port. */
  nodePort?: FtpServerExposureNodePort;
}

/** More about the load balancer. Only with type LoadBalancer. */
export interface FtpServerExposureLoadBalancer {
  /** Class of the load balancer, for instance service.k8s.aws/nlb or io.cilium/l2-announcer. Unset means the cluster's default. It cannot change while the type is LoadBalancer. */
  class?: string;
  /** Networks of clients that the balancer lets in, for instance 198.51.100.0/24. Empty means everyone. Some balancers ignore this; networkPolicy.allowedClients is enforced in the cluster. */
  sourceRanges?: string[];
  /** Annotations of the Service, which many load balancers take settings from. */
  annotations?: Record<string, string>;
  /** Local keeps the addresses of clients, and sends everything to the one node the server is on. Cluster lets every node take connections, and hides the addresses of clients. Unset means Local for one replica and Cluster for more. */
  externalTrafficPolicy?: "Local" | "Cluster";
  /** Allocated lets Kubernetes give the Service a node port for each of its ports, which many balancers send connections to; a cluster has 2768 of them, enough for about 230 servers with ten passive ports. None creates a Service without node ports, for load balancers that do not need them, such as MetalLB, Cilium and AWS with targets of type ip. A Service that has node ports keeps them. Unset means None with MetalLB and Cilium, where the class or provider says so, and else Allocated. */
  nodePorts?: "Allocated" | "None";
  /** Whose load balancer it is. The operator then sets the annotations that let health checks ask the control port and, with proxyProtocol, PROXY headers be sent, and warns of a range that is longer than the balancer can be. Annotations above stand against its own. Auto, and unset, go by the class, or by whose nodes the cluster has. Generic sets none. */
  provider?: "Auto" | "Generic" | "AWS" | "GKE" | "Azure" | "DigitalOcean" | "Hetzner" | "MetalLB" | "Cilium";
}

/** The ports on the nodes. Only with type NodePort, and needed there. Each passive port is its own node port. */
export interface FtpServerExposureNodePort {
  /** The node port that clients connect to. */
  controlPort: number;
}

/** Passive mode, in which the client opens the data connections. Nearly all clients use it. */
export interface FtpServerPassive {
  /** The ports of data connections. Exactly these are opened in Service, pods and NetworkPolicy, and no other is ever announced. Many load balancers limit the number of ports; ten serve hundreds of transfers at once when portSharing is Enabled. */
  portRange: FtpServerPassivePortRange;
  /** The IPv4 address that PASV announces. EPSV, which newer clients prefer, needs none. */
  address: FtpServerPassiveAddress;
  /** Enabled lets sessions of different client addresses wait on one port at the same time, told apart by their addresses; and FTPS sessions of one address too, told apart by their TLS sessions. Disabled keeps a port for one session until its data connection has come. */
  portSharing: "Enabled" | "Disabled";
}

/** The ports of data connections. Exactly these are opened in Service, pods and NetworkPolicy, and no other is ever announced. Many load balancers limit the number of ports; ten serve hundreds of transfers at once when portSharing is Enabled. */
export interface FtpServerPassivePortRange {
  /** The lowest port. */
  first: number;
  /** The highest port. It belongs to the range. */
  last: number;
}

/** The IPv4 address that PASV announces. EPSV, which newer clients prefer, needs none. */
export interface FtpServerPassiveAddress {
  /** FromExposure announces what the Service says (the load balancer's address, a node's address or the cluster IP) and follows it. Static announces a fixed address. Hostname announces what a name resolves to. ControlConnection announces the address that the client dialled; behind a Service that needs proxyProtocol, whose header tells it. */
  type: "FromExposure" | "Static" | "Hostname" | "ControlConnection";
  /** The address to announce, for instance 203.0.113.10. Only with type Static. */
  static?: string;
  /** The name to resolve. Only with type Hostname. */
  hostname?: FtpServerPassiveAddressHostname;
  /** Addresses that some clients reach instead, as those inside a company do. The first entry whose clients hold the client counts. */
  overrides?: FtpServerPassiveAddressOverride[];
}

/** The name to resolve. Only with type Hostname. */
export interface FtpServerPassiveAddressHostname {
  /** A DNS name with an IPv4 address, for instance ftp.example.com. */
  name: string;
  /** How often the name is resolved again, in seconds. */
  refreshPeriodSeconds: number;
}

/** One group of clients. */
export interface FtpServerPassiveAddressOverride {
  /** The network of the clients, for instance 10.0.0.0/8. */
  clients: string;
  /** The address to announce to them, for instance 10.1.2.3. */
  address: string;
}

/** Active mode, in which the server opens the data connections (PORT and EPRT). */
export interface FtpServerActive {
  /** Enabled lets the server dial ports from 1024 up of the client's own address, and of no other. It rarely works through firewalls. */
  mode: "Disabled" | "Enabled";
  /** The port that data connections come from, for instance 20, which RFC 959 asks for and firewalls of old clients let in. Unset means any port. It may not be seen outside: networks that hide pods behind their node's address may change the port too. */
  sourcePort?: number;
}

/** One account. */
export interface FtpServerUser {
  /** The login name, for instance alice or alice@example.com. */
  name: string;
  /** The Secret with the password, in the same namespace. A change takes effect at once. Only where client certificates log in (tls.clientCertificates.login) a user may have none. */
  passwordSecretRef?: FtpServerUserPasswordSecretRef;
  /** The directory that the user sees as "/" and cannot leave, as an absolute path on the volume. Created when absent. Unset means "/" followed by the user's name. Users with the same home share their files. A user whose home contains another home sees its files. With "/", the user sees the files of all users, including FtpUsers. Paths that begin with "/@" are reserved for FtpUsers of other namespaces. */
  homeDirectory?: string;
  /** Permissions of the user. `List`: list directories. `Read`: download files. `Write`: create files, replace, resume and truncate existing files, and set modes. `Append`: create files and add to the end of existing files, without replacing or truncating them. `Delete`: remove files. `Rename`: rename and move files and directories; replacing an existing file also needs `Write` or `Delete`, and a directory is never replaced. `MakeDirectory`: create directories. `RemoveDirectory`: remove empty directories. `SetModificationTime`: set the times of files and directories. A copy of a file on the server needs `Read` and `Write`. */
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
  /** How much the home directory may hold. Users with one home share what it holds. Unset means no limit but the volume's. */
  quota?: FtpServerUserQuota;
  /** Limits of this user in each replica, over all of the user's sessions. Unset means no limit but the server's. */
  limits?: FtpServerUserLimits;
  /** Networks from which this user may log in. Empty means all networks. A user with such a list cannot log in when nodes replace the clients' addresses (type NodePort, or externalTrafficPolicy Cluster) and proxyProtocol is Disabled. */
  allowedClients: string[];
}

/** The Secret with the password, in the same namespace. A change takes effect at once. Only where client certificates log in (tls.clientCertificates.login) a user may have none. */
export interface FtpServerUserPasswordSecretRef {
  /** Name of the Secret. */
  name: string;
  /** Key of the password in the Secret. Its value is the password, or a hash in the usual format of scrypt, argon2, bcrypt or sha-crypt. A hash needs at most 64 MiB of memory, and at most the computing time of scrypt with ln=16,r=8,p=2, of argon2 with m=65536,t=4, of bcrypt with cost 12 or of sha-crypt with rounds=200000. A more expensive hash is rejected. */
  key: string;
}

/** How much the home directory may hold. Users with one home share what it holds. Unset means no limit but the volume's. */
export interface FtpServerUserQuota {
  /** Size of all files together, for instance 10Gi. */
  bytes?: string;
  /** Number of files and directories. */
  files?: number;
}

/** Limits of this user in each replica, over all of the user's sessions. Unset means no limit but the server's. */
export interface FtpServerUserLimits {
  /** Sessions at the same time. */
  sessions?: number;
  /** Maximum rate of all uploads together, in bytes per second. A compressed upload (MODE Z) is charged for the bytes that it stores. */
  uploadBytesPerSecond?: number;
  /** Maximum rate of all downloads together, in bytes per second. A compressed download (MODE Z) is charged for the bytes that are sent. */
  downloadBytesPerSecond?: number;
}

/** Namespaces whose FtpUsers can log in, in addition to `users`. An FtpUser of another namespace has its home in "/@NAMESPACE", for example /@team-a/scanner, and cannot see other parts of the volume. */
export interface FtpServerUserSources {
  /** None takes no FtpUser. SameNamespace takes those of the server's namespace. Selector takes those of namespaces with certain labels. */
  from: "None" | "SameNamespace" | "Selector";
  /** Labels of the namespaces. Required when `from` is Selector, and rejected otherwise. */
  namespaceSelector?: object;
}

/** Logins with the name anonymous or ftp and any password. A user of the list above who has such a name comes first. */
export interface FtpServerAnonymous {
  /** ReadOnly lets them list and download. ReadWrite also lets them upload new files and make directories, and neither replace nor remove anything. */
  mode: "Disabled" | "ReadOnly" | "ReadWrite";
  /** The directory that they see as "/" and cannot leave, as an absolute path on the volume. Created when absent. It cannot begin with "/@", which is reserved for FtpUsers of other namespaces. It cannot be "/" when userSources selects other namespaces. */
  homeDirectory: string;
}

/** FTPS, which encrypts control and data connections (RFC 4217). */
export interface FtpServerTls {
  /** Optional lets clients start TLS (AUTH TLS). Required lets nobody log in without. Implicit speaks TLS from the first byte, which old clients expect on port 990. */
  mode: "Disabled" | "Optional" | "Required" | "Implicit";
  /** Secret of type kubernetes.io/tls in the same namespace, with tls.crt and tls.key. A changed one, as a renewal makes, is shown to new connections within seconds; sessions go on. Needed unless mode is Disabled. */
  secretName?: string;
  /** The oldest version of TLS that clients may speak. */
  minimumVersion: "TLS12" | "TLS13";
  /** Required refuses transfers in the clear (PROT C) in an encrypted session. Optional leaves it to the client. */
  dataProtection: "Required" | "Optional";
  /** Allowed lets clients end TLS on the control connection after the login (CCC), for firewalls on their side that read PASV replies. From then on their commands can be read and changed on the way. */
  clearControl: "Refused" | "Allowed";
  /** Data connections that are accepted with PROT P. Required accepts only those that resume the TLS session of their control connection, which proves their owner. Some clients cannot do that, for example Python's ftplib. Preferred also accepts a full handshake from clients that have not resumed before, while no second one comes. It rejects sessions of other users. */
  sessionReuse: "Preferred" | "Required";
  /** Host names that clients may ask for, by TLS (SNI) or HOST; others are turned away. Empty means any. */
  serverNames: string[];
  /** Certificates that clients show. */
  clientCertificates: FtpServerTlsClientCertificates;
}

/** Certificates that clients show. */
export interface FtpServerTlsClientCertificates {
  /** Optional checks the certificates of clients that show one. Required turns away those that show none. */
  mode: "Disabled" | "Optional" | "Required";
  /** Secret in the same namespace with the certificates of the authorities in ca.crt. Needed unless mode is Disabled. */
  caSecretName?: string;
  /** Password: a certificate comes on top of the password. CommonName, SubjectAlternativeName: a certificate in the name of the user logs in without a password (for the latter a DNS name or e-mail address). */
  login: "Password" | "CommonName" | "SubjectAlternativeName";
}

/** The PROXY protocol, versions 1 and 2, by which a load balancer or proxy in front tells the addresses of clients. Then every connection must begin with it, control and data. */
export interface FtpServerProxyProtocol {
  /** Enabled expects a PROXY header on every connection. */
  mode: "Disabled" | "Enabled";
  /** Networks of the proxies; connections from elsewhere are dropped. Needed when mode is Enabled. */
  trustedSources: string[];
}

/** What becomes of uploads. */
export interface FtpServerUploads {
  /** Handling of incomplete uploads. `Keep` stores the data that arrived for 7 days. Only the account that uploaded it can see and resume it, under the name of the file. It counts against the quota. `Remove` deletes it. Only a complete upload replaces the file itself. */
  incomplete: "Keep" | "Remove";
  /** Always answers an upload when it is on the disk. Never answers when the file system has it, which is faster for small files. */
  sync: "Always" | "Never";
  /** Refuse takes an encrypted upload that ends without the client's close_notify as broken, since it may have been cut. Accept takes it as whole, for old clients. */
  missingCloseNotify: "Refuse" | "Accept";
}

/** Limits of each replica. They can be changed while the server runs. */
export interface FtpServerLimits {
  /** Maximum number of control connections. Sessions before their login can use at most three quarters of them, and the engine ends the oldest ones to accept new clients. */
  sessions: number;
  /** Maximum number of control connections of one client: an IPv4 address, or an IPv6 network of 64 bits. */
  sessionsPerClient: number;
  /** From the connection to a successful login, in seconds. */
  loginTimeoutSeconds: number;
  /** How long a session may do nothing, in seconds. */
  idleTimeoutSeconds: number;
  /** From a transfer command to its data connection, in seconds. */
  dataConnectTimeoutSeconds: number;
  /** How long a transfer may move no byte, in seconds. */
  stalledTransferTimeoutSeconds: number;
  /** Longest command line, in bytes. Longer ones are refused. */
  commandLineBytes: number;
  /** Commands of a session that may wait for their turn before reading stops. */
  queuedCommands: number;
  /** Lines before the login that are no FTP commands; then the session ends. */
  unknownCommands: number;
  /** Entries of one listing; a longer one ends with an error. */
  listingEntries: number;
  /** Largest file, or part of one, that checksum commands (HASH, XMD5, …) read, for instance 100Gi. */
  checksumBytes: string;
  /** What wrong passwords cost. */
  failedLogins: FtpServerLimitsFailedLogins;
}

/** What wrong passwords cost. */
export interface FtpServerLimitsFailedLogins {
  /** Wrong passwords in one session; then it ends. */
  perSession: number;
  /** How long the answer to a wrong password is held back, in seconds. */
  delaySeconds: number;
  /** Maximum number of wrong passwords of one client (an IPv4 address, or an IPv6 network of 64 bits), or for one login name, within periodSeconds. Above it, that client cannot log in for banSeconds, or each client has one more try for that name. Clients whose addresses nodes replace are never banned. */
  attempts: number;
  /** Over how long wrong passwords are counted, in seconds. */
  periodSeconds: number;
  /** How long a ban lasts, in seconds; 0 for none. */
  banSeconds: number;
}

/** Where the files are. */
export interface FtpServerStorage {
  /** Ephemeral keeps files as long as the pod lives, on its node, and each replica has its own. PersistentVolumeClaim keeps them on a volume. */
  type: "Ephemeral" | "PersistentVolumeClaim";
  /** The volume. Only with type PersistentVolumeClaim, and needed there. Either claimName or template. */
  persistentVolumeClaim?: FtpServerStoragePersistentVolumeClaim;
  /** More about ephemeral files. Only with type Ephemeral. */
  ephemeral?: FtpServerStorageEphemeral;
}

/** The volume. Only with type PersistentVolumeClaim, and needed there. Either claimName or template. */
export interface FtpServerStoragePersistentVolumeClaim {
  /** Name of a PersistentVolumeClaim in the same namespace. More than one replica needs one that many nodes can mount. */
  claimName?: string;
  /** The claim to make. It is named after the FtpServer, with "-data" at the end. */
  template?: FtpServerStoragePersistentVolumeClaimTemplate;
  /** What becomes of a claim made from template when the FtpServer is deleted. Retain keeps it with all files; Delete removes it. */
  whenDeleted: "Retain" | "Delete";
}

/** The claim to make. It is named after the FtpServer, with "-data" at the end. */
export interface FtpServerStoragePersistentVolumeClaimTemplate {
  /** The storage class. Unset means the cluster's default. */
  storageClassName?: string;
  /** ReadWriteOnce serves one replica. ReadWriteMany serves many, and lets rollouts start the new pod before the old one ends. */
  accessMode: "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany";
  /** Size of the volume, for instance 10Gi. It can grow where the storage class allows it. */
  size: string;
}

/** More about ephemeral files. Only with type Ephemeral. */
export interface FtpServerStorageEphemeral {
  /** Size of all files of one replica, for instance 1Gi. A pod that goes over it is replaced. Unset means no limit but the node's disk. */
  sizeLimit?: string;
}

/** The NetworkPolicy around the pods. */
export interface FtpServerNetworkPolicy {
  /** Managed makes a NetworkPolicy that opens the control port and the passive range, and nothing else. Disabled makes none. */
  mode: "Managed" | "Disabled";
  /** Networks whose clients may connect, for instance 198.51.100.0/24. Empty means everyone. */
  allowedClients: string[];
  /** Who may read the metrics port, for instance the pods of Prometheus. Empty means nobody. */
  metricsFrom: FtpServerNetworkPolicyMetricsFrom[];
}

/** Pods by namespaceSelector and podSelector, or a network by cidr. */
export interface FtpServerNetworkPolicyMetricsFrom {
  /** A network, for instance that of the nodes. */
  cidr?: string;
  /** Labels of the namespaces of the scrapers. Unset means the namespace of the FtpServer; {} means all. */
  namespaceSelector?: object;
  /** Labels of the pods of the scrapers. Unset means all pods of those namespaces. */
  podSelector?: object;
}

/** How new versions replace old ones. */
export interface FtpServerRollout {
  /** Surge starts the new pod before the old one ends, so that new logins are served all the time. Recreate ends the old pod first, for nodes without room for another; until its sessions have ended, new logins go to other replicas, or nowhere. A change of this field replaces the pods, as they share the passive range differently. */
  type: "Surge" | "Recreate";
  /** How long an ending pod still serves new logins, in seconds. They reach it until every node and the load balancer have heard that it ends, which takes a few seconds, and longer with some cloud balancers. */
  handOverSeconds: number;
  /** How long sessions of an ending pod may go on after that, in seconds. New sessions go to other pods meanwhile. */
  drainPeriodSeconds: number;
}

/** A client of the operator dials the announced address from inside the cluster, logs in with an account that sees no files, and lists over PASV and EPSV. The condition PassiveReachable tells how far it came. */
export interface FtpServerReachabilityCheck {
  /** Whether it dials. */
  mode: "Enabled" | "Disabled";
  /** How often it dials when nothing changes, in seconds. After a change it dials at once. */
  periodSeconds: number;
}

/** What the servers log, as JSON to standard output. */
export interface FtpServerLogging {
  /** The least important messages that are logged. */
  level: "Error" | "Warn" | "Info" | "Debug";
  /** Whether each transfer is logged, with user, path, bytes and result. */
  transferLog: "Enabled" | "Disabled";
}

/** Settings of the pods. A change replaces them, one at a time, and sessions end gently. */
export interface FtpServerPodTemplate {
  /** Labels and annotations to add to the pods. */
  metadata?: FtpServerPodTemplateMetadata;
  /** Image of the server. Unset means the one that the operator was installed with. */
  image?: string;
  /** Secrets with the credentials of the image's registry. */
  imagePullSecrets?: FtpServerPodTemplateImagePullSecret[];
  /** Priority class of the pods. */
  priorityClassName?: string;
  /** Labels that a node must have for pods to run there. */
  nodeSelector?: Record<string, string>;
  /** CPU and memory of the engine container, in the form that pods use, for instance {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 512Mi}}. */
  resources?: object;
  /** Taints of nodes that the pods tolerate. */
  tolerations?: object[];
  /** Where pods should and should not run, in the form that pods use. */
  affinity?: object;
  /** How the pods spread over the cluster, in the form that pods use. */
  topologySpreadConstraints?: object[];
}

/** Labels and annotations to add to the pods. */
export interface FtpServerPodTemplateMetadata {
  /** Labels of the pods. */
  labels?: Record<string, string>;
  /** Annotations of the pods. */
  annotations?: Record<string, string>;
}

/** A Secret of type kubernetes.io/dockerconfigjson in the same namespace. */
export interface FtpServerPodTemplateImagePullSecret {
  /** Name of the Secret. */
  name: string;
}

/** What the server is. Written by the operator. */
export interface FtpServerStatus {
  /** The generation of the spec that this status is about. */
  observedGeneration?: number;
  /** Ready sums up. Reconciling and Stalled tell tools whether to wait or to give up. The others say which part is fine and which is not, each with a message that says what to do. */
  conditions?: Condition[];
  /** Label selector of the pods, for autoscalers. */
  selector?: string;
  /** Servers that exist. */
  replicas?: number;
  /** Servers that take logins. */
  readyReplicas?: number;
  /** The address that passive mode announces now, for instance 192.0.2.10. */
  address?: string;
  /** Where clients connect, for instance ftp://192.0.2.10:21. */
  endpoint?: string;
  /** The passive range, for instance 50000-50009. */
  passivePorts?: string;
  /** Who owns which part of the passive range. */
  slots?: FtpServerStatusSlot[];
}

/** A part of the passive range. Its pod is named after the FtpServer and the slot, with "-0" at the end. */
export interface FtpServerStatusSlot {
  /** Name of the slot, for instance a. */
  name: string;
  /** Its ports, for instance 50000-50004. */
  passivePorts?: string;
  /** Free has no pod. Starting has one that takes no logins yet. Serving takes logins. Draining takes no new ones and lets sessions finish. */
  state: "Free" | "Starting" | "Serving" | "Draining";
}
