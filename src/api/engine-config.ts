import type { ModeSettings } from "./file-modes.ts";

/**
 * The whole configuration of one FTP engine: what the operator writes into a Secret, and the engine loads and
 * reloads. Everything that must change without a restart is in here; what a pod cannot change while it lives (its
 * slice of the passive range) comes by the command line instead.
 */

/** Where an engine in a pod is administered: a Unix socket that nobody outside its container can open. */
export const ADMIN_SOCKET = "/run/ftp-operator/admin.sock";

/** Environment variable of a pod, for `engine --drain-within`. */
export const DRAIN_WITHIN_VARIABLE = "FTP_OPERATOR_DRAIN_WITHIN";

/** Environment variable of a pod, for `engine --storage-limit`. */
export const STORAGE_LIMIT_VARIABLE = "FTP_OPERATOR_STORAGE_LIMIT";

/** An inclusive range of TCP ports. */
export interface PortRange {
  first: number;
  last: number;
}

/** What a user may do inside the home directory. */
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

/** Returns whether a permission lets a user change files. */
export function isChange(permission: Permission): boolean {
  return !READING.has(permission);
}

/** One account. */
export interface EngineUser {
  name: string;
  /**
   * The password as a hash in PHC or crypt(3) notation: `$scrypt$`, `$argon2id$`, `$2b$` (bcrypt), `$5$` and `$6$` (sha-crypt).
   * Never plain text. Absent: no password logs in, only a client certificate where tls.clientCertificates.login allows it.
   */
  passwordHash?: string;
  /** Where the hash came from (Secret uid, resourceVersion and key), so that an unchanged Secret is not hashed again. */
  passwordSource?: string;
  /** Namespace of the FtpUser. Its users share the places for verifying passwords. Absent for a user of the FtpServer's own spec. */
  namespace?: string;
  /** Absolute POSIX path inside the storage root; the user's "/". */
  homeDirectory: string;
  /** Permissions in the home, except in `directories`. */
  permissions: Permission[];
  /** Directories with permissions of their own. The longest path that contains a file or directory applies. */
  directories?: EngineDirectory[];
  quota?: EngineQuota;
  limits?: EngineUserLimits;
  /** Modes of what this user creates. */
  files?: ModeSettings;
  /** Addresses or CIDRs from which this user may log in; absent or empty: from everywhere. */
  allowedClients?: string[];
  /** Disabled: logins are rejected and open sessions end. Absent: Enabled. */
  state?: "Enabled" | "Disabled";
  /** Time from which logins are rejected and open sessions end (RFC 3339). Absent: never. */
  expiresAt?: string;
}

/** Permissions in one directory and everything below it. */
export interface EngineDirectory {
  /** Absolute path as the user sees it, for example "/outbox"; never "/". */
  path: string;
  permissions: Permission[];
}

/** What a home may hold. Absent: no limit. */
export interface EngineQuota {
  /** Sum of the sizes of all files. */
  bytes?: number;
  /** Files and directories. */
  files?: number;
}

/** Limits of one user over all of the user's sessions in this engine. Absent: no limit. */
export interface EngineUserLimits {
  sessions?: number;
  uploadBytesPerSecond?: number;
  downloadBytesPerSecond?: number;
}

/** FTPS (RFC 4217). */
export interface EngineTls {
  /** Optional: a client may send AUTH TLS. Required: it must, before it logs in. Implicit: TLS from the first byte on. */
  mode: "Optional" | "Required" | "Implicit";
  /** PEM files: the chain, leaf first, and its key. Followed; new handshakes take what is there. */
  certificateFile: string;
  keyFile: string;
  minimumVersion: "TLS12" | "TLS13";
  /** Required: no transfer before PROT P. Optional: PROT C is allowed. */
  dataProtection: "Required" | "Optional";
  /** Allow: CCC ends TLS on the control connection after the login; only where mode is Optional. */
  clearControl: "Allow" | "Deny";
  /** Required: a data connection must resume the TLS session of its control connection, or of a sibling's. */
  sessionReuse: "Preferred" | "Required";
  /** Names that clients may ask for by SNI or HOST (RFC 7151); empty: any. */
  serverNames: string[];
  clientCertificates:
    | { mode: "Disabled" }
    | {
        /** Optional: a client may show none. Required: the handshake fails without one. */
        mode: "Optional" | "Required";
        /** PEM file with the authorities that sign client certificates. */
        caFile: string;
        /**
         * Password: a certificate comes on top of the password. CommonName, SubjectAlternativeName: a certificate in the user's
         * name (a DNS name or e-mail address for the latter) logs in without a password.
         */
        login: "Password" | "CommonName" | "SubjectAlternativeName";
      };
}

/** Login name of the operator's own client, which no user can have: names of users begin with a letter, a digit or "_". */
export const CHECK_USER = ".ftp-operator-check";

/**
 * The account of a client that tries whether the way to the server is open. It sees an empty directory, whatever the storage
 * holds, and may list it and nothing else.
 */
export interface EngineCheck {
  /** Its password: random, made by the operator for this server alone. At least 32 characters. */
  token: string;
}

/** The PROXY protocol, versions 1 and 2, in front of control and data connections. */
export interface EngineProxyProtocol {
  /** Addresses or CIDRs of the proxies. From them a header is needed, from anyone else nothing is accepted. */
  trustedSources: string[];
}

/** The account that everybody has who logs in without one. */
export const ANONYMOUS = "anonymous";
/** What clients send for it (RFC 1635). */
const ANONYMOUS_NAMES: ReadonlySet<string> = new Set([ANONYMOUS, "ftp"]);

/** Whether somebody who logs in by a name wants to be anybody. */
export function isAnonymous(name: string): boolean {
  return ANONYMOUS_NAMES.has(name.toLowerCase());
}

/** Logins with the names "anonymous" and "ftp" and any password. */
export interface EngineAnonymous {
  mode: "ReadOnly" | "ReadWrite";
  homeDirectory: string;
  quota?: EngineQuota;
  /** Limits of all anonymous sessions together, in this engine. */
  limits?: EngineUserLimits;
  /** Addresses or CIDRs from which anonymous logins are accepted; absent or empty: from everywhere. */
  allowedClients?: string[];
}

/** The IPv4 address that PASV announces. */
export type AnnouncedAddress =
  /** Not known yet: PASV answers 425 and says to use EPSV. */
  | { type: "Unknown" }
  | { type: "Static"; address: string }
  /** Resolved at start and then every `refreshPeriodSeconds`. */
  | { type: "Hostname"; name: string; refreshPeriodSeconds: number }
  /** The address that the client dialled: our end of its control connection, or what the PROXY header says. */
  | { type: "ControlConnection" };

/** What PASV announces to some clients only. */
export interface AddressOverride {
  /** Address or CIDR of the clients. */
  clients: string;
  /** IPv4. */
  address: string;
}

/**
 * Delays, limits and bans for wrong passwords. Counted for each client (an IPv4 address, or an IPv6 network of 64 bits) and for
 * each user name.
 */
export interface FailedLoginLimits {
  /** Wrong passwords in one session; then 421. */
  perSession: number;
  /** How long the answer to a wrong password is held back. */
  delaySeconds: number;
  /** Wrong passwords of one client, or for one name, within `periodSeconds`; then neither can log in for `banSeconds`. */
  attempts: number;
  periodSeconds: number;
  /** 0: no bans. */
  banSeconds: number;
}

/** Every limit of the engine. Counts are whole numbers, times are seconds. */
export interface EngineLimits {
  /** Maximum number of control connections. A part of them is reserved for sessions that have logged in. */
  sessions: number;
  /** Maximum number of control connections of one client: an IPv4 address, or an IPv6 network of 64 bits. */
  sessionsPerClient: number;
  /** From the connection to a successful login. */
  loginTimeoutSeconds: number;
  /** Without a command and without a transfer. */
  idleTimeoutSeconds: number;
  /** From the transfer command to the data connection. */
  dataConnectTimeoutSeconds: number;
  /** A transfer without a byte moved. */
  stalledTransferTimeoutSeconds: number;
  /** Longest command line, its end included, in bytes. A longer one is answered 500 and skipped. */
  commandLineBytes: number;
  /** Commands that wait for their turn; no more are read while so many do. */
  queuedCommands: number;
  /** Lines before login that are no FTP commands; then the connection closes (CVE-2021-3618). */
  unknownCommands: number;
  /** Entries of one listing; more end it with 451. */
  listingEntries: number;
  /** Largest file, or part of one, that HASH and the X commands read, in bytes. */
  checksumBytes: number;
  failedLogins: FailedLoginLimits;
}

export const LOG_LEVELS = ["Error", "Warn", "Info", "Debug"] as const;

export interface EngineConfig {
  /** The format's version; an engine refuses one it does not know. */
  version: 1;
  /** Opaque; shown in logs and metrics so that a change can be followed. */
  generation: string;
  /** Where the engine listens for control connections (TCP, all addresses). */
  controlPort: number;
  /** Where /healthz, /readyz and /metrics are served (TCP, all addresses). */
  metricsPort: number;
  /** First line of the 220 reply; absent means the default one. */
  banner?: string;
  passive: {
    /** The whole range of the server; one engine may be told on its command line to use a slice only. */
    portRange: PortRange;
    address: AnnouncedAddress;
    /** The first whose clients hold the client counts before `address`. */
    overrides: AddressOverride[];
    portSharing: "Enabled" | "Disabled";
  };
  active: {
    mode: "Disabled" | "Enabled";
    /** Where data connections come from (RFC 959 section 3.2 has the one below the control port). Absent: any port. */
    sourcePort?: number;
  };
  /** Absent: plain FTP only. */
  tls?: EngineTls;
  /** Absent: connections are taken as they are. */
  proxyProtocol?: EngineProxyProtocol;
  /** Absent: everybody needs an account. */
  anonymous?: EngineAnonymous;
  /**
   * Addresses or CIDRs that stand for any client (nodes that masquerade). A connection from one of them says nothing about who sent
   * it, so all of them count as one client.
   */
  maskedClients: string[];
  users: EngineUser[];
  /** Absent: nobody can log in as {@link CHECK_USER}. */
  check?: EngineCheck;
  limits: EngineLimits;
  storage: {
    /** Directory that holds every home. */
    root: string;
  };
  /** Modes of new files and directories. Absent: 0640 and 0750. */
  files?: ModeSettings;
  uploads: {
    /** Handling of incomplete uploads: kept for the account to resume, or removed. */
    incomplete: "Keep" | "Remove";
    /** Always: 226 is sent when the bytes are on the disk. Never: when the file system has them. */
    sync: "Always" | "Never";
    /** An upload over TLS that ends without close_notify can be truncated: Deny fails it. */
    missingCloseNotify: "Deny" | "Allow";
  };
  logging: { level: (typeof LOG_LEVELS)[number]; transferLog: "Enabled" | "Disabled" };
  /** How long new sessions are served after SIGTERM: they still come until every node has heard that the pod ends. */
  handOverSeconds: number;
  /** How long sessions may go on after that. */
  drainPeriodSeconds: number;
}
