import type { EngineNotifications } from "./engine-notifications.ts";
import type { EngineMount, EngineStorage } from "./engine-storage.ts";
import type { EngineTls } from "./engine-tls.ts";
import type { ModeSettings } from "./file-modes.ts";

/**
 * The engine configuration. The operator writes the configuration to a Secret, and the engine reloads the file without
 * a restart. Settings that cannot change while a pod runs, for example the port slice, are command-line options.
 */

/**
 * Path of the Unix socket for administering an engine in a pod. Only processes in the engine container can open the
 * socket.
 */
export const ADMIN_SOCKET = "/run/ftp-operator/admin.sock";

/** Environment variable that sets `engine --drain-within` in a pod. */
export const DRAIN_WITHIN_VARIABLE = "FTP_OPERATOR_DRAIN_WITHIN";

/** Environment variable that sets `engine --storage-limit` in a pod. */
export const STORAGE_LIMIT_VARIABLE = "FTP_OPERATOR_STORAGE_LIMIT";

/** Environment variable that sets `engine --slot` in a pod. */
export const SLOT_VARIABLE = "FTP_OPERATOR_SLOT";

/** An inclusive range of TCP ports. */
export interface PortRange {
  first: number;
  last: number;
}

/** Permissions of a user in the home directory. */
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

/** Returns whether a permission allows changes to files. */
export function isChange(permission: Permission): boolean {
  return !READING.has(permission);
}

/** One account. */
export interface EngineUser {
  name: string;
  /**
   * Password hash in PHC or crypt(3) notation: `$scrypt$`, `$argon2id$`, `$2b$` (bcrypt), `$5$` or `$6$` (sha-crypt).
   * Never plain text. If this field is absent, the user can log in only with a client certificate.
   */
  passwordHash?: string;
  /**
   * Source of the hash: the `uid`, the `resourceVersion` and the key of the Secret. The operator compares the source to
   * avoid hashing an unchanged password again.
   */
  passwordSource?: string;
  /**
   * Namespace of the FtpUser. FtpUsers from one namespace share the capacity for password verification. The field is
   * absent for users in `spec.users`.
   */
  namespace?: string;
  /** Absolute POSIX path below the storage root. The user sees this directory as `/`. */
  homeDirectory: string;
  /** Permissions in the home directory. Entries in `directories` override these permissions. */
  permissions: Permission[];
  /**
   * Directories with their own permissions. For each file, the entry with the longest path that contains the file
   * applies.
   */
  directories?: EngineDirectory[];
  /** Storage directories that the user sees in the home directory. If this field is absent, the user has no mounts. */
  mounts?: EngineMount[];
  quota?: EngineQuota;
  limits?: EngineUserLimits;
  /** Modes of files and directories that this user creates. */
  files?: ModeSettings;
  /** Addresses or CIDRs from which this user can log in. An absent or empty list allows all addresses. */
  allowedClients?: string[];
  /** `Disabled` rejects logins and ends open sessions. Defaults to `Enabled`. */
  state?: "Enabled" | "Disabled";
  /** Expiry time of the account in RFC 3339 format. An account without an expiry time never expires. */
  expiresAt?: string;
}

/** Permissions in a directory and all directories below it. */
export interface EngineDirectory {
  /** Absolute path as shown to the user, for example `/outbox`. The path is never `/`. */
  path: string;
  permissions: Permission[];
}

/** Limits for a home directory. An absent field means that no limit applies. */
export interface EngineQuota {
  /** Maximum total size of all files in bytes. */
  bytes?: number;
  /** Maximum number of files and directories in the home directory. */
  files?: number;
}

/** Combined limits for all sessions of one user in this engine. An absent field means that no limit applies. */
export interface EngineUserLimits {
  sessions?: number;
  uploadBytesPerSecond?: number;
  downloadBytesPerSecond?: number;
}

/**
 * Login name for reachability checks. No user can have this name, because user names begin with a letter, a digit or
 * `_`.
 */
export const CHECK_USER = ".ftp-operator-check";

/**
 * The account for reachability checks. This account can only list an empty directory, regardless of the storage
 * content.
 */
export interface EngineCheck {
  /** Random password that the operator creates for this FtpServer. At least 32 characters. */
  token: string;
}

/** PROXY protocol settings (versions 1 and 2) for control and data connections. */
export interface EngineProxyProtocol {
  /** Addresses or CIDRs of the proxies. The engine rejects connections from all other addresses. */
  trustedSources: string[];
}

/** User name of anonymous logins. */
export const ANONYMOUS = "anonymous";
/** User names that clients send for anonymous logins (RFC 1635). */
const ANONYMOUS_NAMES: ReadonlySet<string> = new Set([ANONYMOUS, "ftp"]);

/** Returns whether a user name requests an anonymous login. */
export function isAnonymous(name: string): boolean {
  return ANONYMOUS_NAMES.has(name.toLowerCase());
}

/** Settings for logins as `anonymous` or `ftp`, which accept any password. */
export interface EngineAnonymous {
  mode: "ReadOnly" | "ReadWrite";
  homeDirectory: string;
  quota?: EngineQuota;
  /** Combined limits for all anonymous sessions in this engine. */
  limits?: EngineUserLimits;
  /** Addresses or CIDRs from which anonymous users can log in. An absent or empty list allows all addresses. */
  allowedClients?: string[];
}

/** Source of the IPv4 address in PASV replies. */
export type AnnouncedAddress =
  /** While the address is unknown, PASV fails with reply 425, which recommends EPSV. */
  | { type: "Unknown" }
  | { type: "Static"; address: string }
  /** The engine resolves the name at startup and then every `refreshPeriodSeconds` seconds. */
  | { type: "Hostname"; name: string; refreshPeriodSeconds: number }
  /** The local address of the control connection, or the destination address in the PROXY header. */
  | { type: "ControlConnection" };

/** An announced address for clients in one network. */
export interface AddressOverride {
  /** Address or CIDR of the clients. */
  clients: string;
  /** IPv4. */
  address: string;
}

/** Delays, limits and bans for failed logins. An IPv4 address or an IPv6 /64 network counts as one client. */
export interface FailedLoginLimits {
  /**
   * Maximum number of failed logins in a session. When a session reaches this number, the engine sends reply 421 and
   * ends the session.
   */
  perSession: number;
  /** Delay in seconds before the reply to a wrong password. */
  delaySeconds: number;
  /**
   * Number of failed logins within `periodSeconds` seconds after which the engine bans a client or user name for
   * `banSeconds` seconds.
   */
  attempts: number;
  periodSeconds: number;
  /** Duration of a ban in seconds. The value 0 disables bans. */
  banSeconds: number;
}

/** Limits of the engine. */
export interface EngineLimits {
  /**
   * Maximum number of control connections. The engine reserves one quarter of `sessions` for sessions that have logged
   * in.
   */
  sessions: number;
  /**
   * Maximum number of control connections from one client. An IPv4 address or an IPv6 /64 network counts as one client.
   */
  sessionsPerClient: number;
  /** Maximum time in seconds between the connection and a successful login. */
  loginTimeoutSeconds: number;
  /** Maximum time in seconds without a command or a transfer before the engine ends the session. */
  idleTimeoutSeconds: number;
  /** Maximum time in seconds to wait for the data connection after a transfer command. */
  dataConnectTimeoutSeconds: number;
  /** Maximum time in seconds without progress in a transfer before the engine aborts the transfer. */
  stalledTransferTimeoutSeconds: number;
  /**
   * Maximum length of a command line in bytes, including the line ending. The engine rejects longer lines with reply
   * 500.
   */
  commandLineBytes: number;
  /** Maximum number of queued commands. The engine reads no further commands while the queue is full. */
  queuedCommands: number;
  /**
   * Maximum number of unknown commands before the login. When a session reaches this number, the engine sends reply 421
   * and ends the session (CVE-2021-3618).
   */
  unknownCommands: number;
  /** Maximum number of entries in a listing. A longer listing ends with reply 451. */
  listingEntries: number;
  /** Maximum number of bytes that a checksum command, such as HASH, reads. */
  checksumBytes: number;
  failedLogins: FailedLoginLimits;
}

export const LOG_LEVELS = ["Error", "Warn", "Info", "Debug"] as const;

export interface EngineConfig {
  /** Version of the format. An engine rejects configurations with other versions. */
  version: 1;
  /** Opaque identifier that logs and metrics contain for this configuration. */
  generation: string;
  /** Port for control connections on all local addresses. */
  controlPort: number;
  /** HTTP port for `/healthz`, `/readyz` and `/metrics` on all local addresses. */
  metricsPort: number;
  /** Text of the greeting (reply 220). Defaults to `ftp-operator ready.`. */
  banner?: string;
  passive: {
    /** The passive port range of the FtpServer. A command-line option limits an engine to its port slice. */
    portRange: PortRange;
    address: AnnouncedAddress;
    /** The first override whose network contains the client address takes precedence over `address`. */
    overrides: AddressOverride[];
    portSharing: "Enabled" | "Disabled";
  };
  active: {
    mode: "Disabled" | "Enabled";
    /** Source port of data connections in active mode. If this field is absent, the operating system selects a port. */
    sourcePort?: number;
  };
  /** TLS settings. If this field is absent, the engine does not support TLS. */
  tls?: EngineTls;
  /** PROXY protocol settings. If this field is absent, connections do not begin with a PROXY header. */
  proxyProtocol?: EngineProxyProtocol;
  /** Settings for anonymous logins. If this field is absent, the engine rejects anonymous logins. */
  anonymous?: EngineAnonymous;
  /**
   * Addresses or CIDRs of nodes that replace client addresses (SNAT). All connections from these addresses count as one
   * client because the client addresses are unknown.
   */
  maskedClients: string[];
  users: EngineUser[];
  /** Account for reachability checks. If this field is absent, the engine rejects logins as {@link CHECK_USER}. */
  check?: EngineCheck;
  limits: EngineLimits;
  storage: EngineStorage;
  /** Storage for mounts, keyed by name. If this field is absent, all mounts are in `storage`. */
  additionalStorage?: Record<string, EngineStorage>;
  /** Modes of new files and directories. Defaults to 0640 for files and 0750 for directories. */
  files?: ModeSettings;
  uploads: {
    /** `Keep` stores incomplete uploads so that the account can resume them. `Remove` deletes incomplete uploads. */
    incomplete: "Keep" | "Remove";
    /** `Always` sends reply 226 after the data is on stable storage. `Never` does not wait for stable storage. */
    sync: "Always" | "Never";
    /** A TLS upload that ends without close_notify can be truncated. `Deny` rejects the upload. */
    missingCloseNotify: "Deny" | "Allow";
  };
  /** If this field is absent, the engine reports no events. */
  notifications?: EngineNotifications;
  logging: { level: (typeof LOG_LEVELS)[number]; transferLog: "Enabled" | "Disabled" };
  /** Time in seconds after SIGTERM during which the engine accepts new sessions. */
  handOverSeconds: number;
  /** Maximum time in seconds to wait for open sessions to finish after `handOverSeconds`. */
  drainPeriodSeconds: number;
}
