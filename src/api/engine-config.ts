import type { ModeSettings } from "./file-modes.ts";

/**
 * The configuration of an engine. The operator writes it into a Secret, and the engine reloads it without a restart. Settings that
 * cannot change while a pod runs, for example its port slice, are options of the command line.
 */

/** Unix socket for the administration of an engine in a pod. Only processes in its container can open it. */
export const ADMIN_SOCKET = "/run/ftp-operator/admin.sock";

/** Environment variable in a pod that sets `engine --drain-within`. */
export const DRAIN_WITHIN_VARIABLE = "FTP_OPERATOR_DRAIN_WITHIN";

/** Environment variable in a pod that sets `engine --storage-limit`. */
export const STORAGE_LIMIT_VARIABLE = "FTP_OPERATOR_STORAGE_LIMIT";

/** An inclusive range of TCP ports. */
export interface PortRange {
  first: number;
  last: number;
}

/** Permissions of a user inside the home directory. */
export const PERMISSIONS = [
  "List",
  "Read",
  "Write",
  "Append",
  "Delete",
  "Rename",
  "MakeDirectory",
  "RemoveDirectory",
  "SetModificationTime",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

const READING: ReadonlySet<Permission> = new Set(["List", "Read"]);

/** Whether a permission allows changes of files. */
export function isChange(permission: Permission): boolean {
  return !READING.has(permission);
}

/** One account. */
export interface EngineUser {
  name: string;
  /**
   * Hash of the password in PHC or crypt(3) notation: `$scrypt$`, `$argon2id$`, `$2b$` (bcrypt), `$5$` and `$6$` (sha-crypt). Never
   * plain text. Absent: the user can only log in with a client certificate.
   */
  passwordHash?: string;
  /** Source of the hash (Secret uid, resourceVersion and key), so that an unchanged Secret is not hashed again. */
  passwordSource?: string;
  /** Namespace of the FtpUser. Users of a namespace share capacity for verifying passwords. Absent for users in the FtpServer's spec. */
  namespace?: string;
  /** Absolute POSIX path inside the storage root, which the user sees as "/". */
  homeDirectory: string;
  /** Permissions in the home directory, except in `directories`. */
  permissions: Permission[];
  /** Directories with different permissions. The longest path that contains a file or directory applies. */
  directories?: EngineDirectory[];
  quota?: EngineQuota;
  limits?: EngineUserLimits;
  /** Modes of files and directories that this user creates. */
  files?: ModeSettings;
  /** Addresses or CIDRs from which this user can log in. Absent or empty: all addresses. */
  allowedClients?: string[];
  /** Disabled: logins are rejected and open sessions end. Absent: Enabled. */
  state?: "Enabled" | "Disabled";
  /** Time from which logins are rejected and open sessions end (RFC 3339). Absent: never. */
  expiresAt?: string;
}

/** Permissions in a directory and all directories below it. */
export interface EngineDirectory {
  /** Absolute path as the user sees it, for example "/outbox"; never "/". */
  path: string;
  permissions: Permission[];
}

/** Limits of a home directory. Absent: no limit. */
export interface EngineQuota {
  /** Maximum sum of the sizes of all files. */
  bytes?: number;
  /** Maximum number of files and directories. */
  files?: number;
}

/** Limits of all sessions of one user in this engine. Absent: no limit. */
export interface EngineUserLimits {
  sessions?: number;
  uploadBytesPerSecond?: number;
  downloadBytesPerSecond?: number;
}

/** FTPS (RFC 4217). */
export interface EngineTls {
  /** Optional: clients can send AUTH TLS. Required: clients must send AUTH TLS before they log in. Implicit: TLS from the first byte. */
  mode: "Optional" | "Required" | "Implicit";
  /** PEM files of the certificate chain, leaf first, and of its key. New handshakes use the current content. */
  certificateFile: string;
  keyFile: string;
  minimumVersion: "TLS12" | "TLS13";
  /** Required: transfers are rejected before PROT P. Optional: PROT C is allowed. */
  dataProtection: "Required" | "Optional";
  /** Allow: CCC ends TLS on the control connection after the login. Only for mode Optional. */
  clearControl: "Allow" | "Deny";
  /** Required: a data connection must resume a TLS session of a control connection of the same user. */
  sessionReuse: "Preferred" | "Required";
  /** Names that clients can request with SNI or HOST (RFC 7151). Empty: all names. */
  serverNames: string[];
  clientCertificates:
    | { mode: "Disabled" }
    | {
        /** Optional: a client certificate is verified if there is one. Required: the handshake fails without one. */
        mode: "Optional" | "Required";
        /** PEM file with the CA certificates that sign client certificates. */
        caFile: string;
        /**
         * Password: a password is required in addition to the certificate. CommonName, SubjectAlternativeName: a certificate with the
         * user name (as a DNS name or e-mail address for the latter) replaces the password.
         */
        login: "Password" | "CommonName" | "SubjectAlternativeName";
      };
}

/** Login name for reachability checks. No user can have it, because names of users begin with a letter, a digit or "_". */
export const CHECK_USER = ".ftp-operator-check";

/** The account for reachability checks. It can only list an empty directory, whatever the storage contains. */
export interface EngineCheck {
  /** Random password that the operator creates for this FtpServer. At least 32 characters. */
  token: string;
}

/** The PROXY protocol, versions 1 and 2, on control and data connections. */
export interface EngineProxyProtocol {
  /** Addresses or CIDRs of the proxies. Their connections need a header. All other connections are rejected. */
  trustedSources: string[];
}

/** User name of anonymous logins. */
export const ANONYMOUS = "anonymous";
/** User names that clients send for anonymous logins (RFC 1635). */
const ANONYMOUS_NAMES: ReadonlySet<string> = new Set([ANONYMOUS, "ftp"]);

/** Whether a user name requests an anonymous login. */
export function isAnonymous(name: string): boolean {
  return ANONYMOUS_NAMES.has(name.toLowerCase());
}

/** Logins as "anonymous" or "ftp" with any password. */
export interface EngineAnonymous {
  mode: "ReadOnly" | "ReadWrite";
  homeDirectory: string;
  quota?: EngineQuota;
  /** Limits of all anonymous sessions together in this engine. */
  limits?: EngineUserLimits;
  /** Addresses or CIDRs from which anonymous users can log in. Absent or empty: all addresses. */
  allowedClients?: string[];
}

/** The IPv4 address that PASV announces. */
export type AnnouncedAddress =
  /** Not known yet. The reply to PASV is 425 and recommends EPSV. */
  | { type: "Unknown" }
  | { type: "Static"; address: string }
  /** Resolved at the start and every `refreshPeriodSeconds`. */
  | { type: "Hostname"; name: string; refreshPeriodSeconds: number }
  /** The address that the client connected to: the local address of the control connection, or that in the PROXY header. */
  | { type: "ControlConnection" };

/** An address that PASV announces to some clients only. */
export interface AddressOverride {
  /** Address or CIDR of the clients. */
  clients: string;
  /** IPv4. */
  address: string;
}

/**
 * Delays, limits and bans for failed logins. They are counted for each client (an IPv4 address, or an IPv6 network of 64 bits) and for
 * each user name.
 */
export interface FailedLoginLimits {
  /** Maximum number of failed logins in a session. The engine then ends it with 421. */
  perSession: number;
  /** Delay of the reply to a wrong password. */
  delaySeconds: number;
  /** Number of failed logins of a client or user name within `periodSeconds` that causes a ban of `banSeconds`. */
  attempts: number;
  periodSeconds: number;
  /** 0: no bans. */
  banSeconds: number;
}

/** Limits of the engine. */
export interface EngineLimits {
  /** Maximum number of control connections. Some of them are reserved for sessions that have logged in. */
  sessions: number;
  /** Maximum number of control connections of one client: an IPv4 address, or an IPv6 network of 64 bits. */
  sessionsPerClient: number;
  /** Time limit from the connection to a successful login. */
  loginTimeoutSeconds: number;
  /** Time limit without a command and without a transfer. */
  idleTimeoutSeconds: number;
  /** Time limit from the transfer command to the data connection. */
  dataConnectTimeoutSeconds: number;
  /** Time limit of a transfer without progress. */
  stalledTransferTimeoutSeconds: number;
  /** Maximum length of a command line in bytes, including its end. The reply to a longer one is 500. */
  commandLineBytes: number;
  /** Maximum number of queued commands. No more are read until one of them runs. */
  queuedCommands: number;
  /** Number of unknown commands before the login after which the connection is closed (CVE-2021-3618). */
  unknownCommands: number;
  /** Maximum number of entries in a listing. A larger one ends with 451. */
  listingEntries: number;
  /** Maximum number of bytes that HASH and the X commands read. */
  checksumBytes: number;
  failedLogins: FailedLoginLimits;
}

export const LOG_LEVELS = ["Error", "Warn", "Info", "Debug"] as const;

export interface EngineConfig {
  /** Version of the format. An engine rejects other versions. */
  version: 1;
  /** Opaque identity of the configuration in logs and metrics. */
  generation: string;
  /** Port of control connections, on all addresses. */
  controlPort: number;
  /** Port of /healthz, /readyz and /metrics, on all addresses. */
  metricsPort: number;
  /** First line of the greeting. Absent: the default greeting. */
  banner?: string;
  passive: {
    /** The passive port range of the FtpServer. An option of the command line limits an engine to its port slice. */
    portRange: PortRange;
    address: AnnouncedAddress;
    /** The first override whose clients contain the client takes precedence over `address`. */
    overrides: AddressOverride[];
    portSharing: "Enabled" | "Disabled";
  };
  active: {
    mode: "Disabled" | "Enabled";
    /** Source port of data connections. RFC 959 section 3.2 uses the port below the control port. Absent: any port. */
    sourcePort?: number;
  };
  /** Absent: plain FTP only. */
  tls?: EngineTls;
  /** Absent: connections have no PROXY header. */
  proxyProtocol?: EngineProxyProtocol;
  /** Absent: anonymous logins are rejected. */
  anonymous?: EngineAnonymous;
  /**
   * Addresses or CIDRs of nodes that replace the source address of clients (SNAT). All their connections count as one client, because
   * the address of the client is unknown.
   */
  maskedClients: string[];
  users: EngineUser[];
  /** Absent: logins as {@link CHECK_USER} are rejected. */
  check?: EngineCheck;
  limits: EngineLimits;
  storage: {
    /** Directory that contains all homes. */
    root: string;
  };
  /** Modes of new files and directories. Absent: 0640 and 0750. */
  files?: ModeSettings;
  uploads: {
    /** Handling of incomplete uploads: kept so that the account can resume them, or removed. */
    incomplete: "Keep" | "Remove";
    /** Always: the engine sends 226 when the bytes are on the disk. Never: when the file system has accepted them. */
    sync: "Always" | "Never";
    /** An upload over TLS that ends without close_notify can be truncated. Deny rejects it. */
    missingCloseNotify: "Deny" | "Allow";
  };
  logging: { level: (typeof LOG_LEVELS)[number]; transferLog: "Enabled" | "Disabled" };
  /** Time after SIGTERM in which new sessions are accepted, until all nodes have removed the pod from their load balancing. */
  handOverSeconds: number;
  /** Time after that in which open sessions can finish. */
  drainPeriodSeconds: number;
}
