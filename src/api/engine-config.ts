/**
 * The whole configuration of one FTP engine: what the operator writes into a Secret, and the engine loads and
 * reloads. Everything that must change without a restart is in here; what a pod cannot change while it lives (its
 * slice of the passive range) comes by the command line instead.
 */

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

/** One account. */
export interface EngineUser {
  name: string;
  /**
   * The password as a hash in PHC or crypt(3) notation: `$scrypt$`, `$argon2id$`, `$2b$` (bcrypt), `$5$` and `$6$` (sha-crypt).
   * Never plain text.
   */
  passwordHash: string;
  /** Where the hash came from (Secret uid, resourceVersion and key), so that an unchanged Secret is not hashed again. */
  passwordSource?: string;
  /** Absolute POSIX path inside the storage root; the user's "/". */
  homeDirectory: string;
  permissions: Permission[];
}

/** The IPv4 address that PASV announces. */
export type AnnouncedAddress =
  /** Not known yet: PASV answers 425 and says to use EPSV. */
  | { type: "Unknown" }
  | { type: "Static"; address: string }
  /** Resolved at start and then every `refreshPeriodSeconds`. */
  | { type: "Hostname"; name: string; refreshPeriodSeconds: number };

/** Every limit of the engine. Counts are whole numbers, times are seconds. */
export interface EngineLimits {
  /** Control connections in all. */
  sessions: number;
  /** Control connections of one client address. */
  sessionsPerClient: number;
  /** From the connection to a successful login. */
  loginTimeoutSeconds: number;
  /** Without a command and without a transfer. */
  idleTimeoutSeconds: number;
  /** From the transfer command to the data connection. */
  dataConnectTimeoutSeconds: number;
  /** A transfer without a byte moved. */
  stalledTransferTimeoutSeconds: number;
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
    portSharing: "Enabled" | "Disabled";
  };
  active: { mode: "Disabled" | "Enabled" };
  /**
   * Addresses or CIDRs that stand for any client (nodes that masquerade). A connection from one of them says nothing about who sent
   * it, so all of them count as one client.
   */
  maskedClients: string[];
  users: EngineUser[];
  limits: EngineLimits;
  storage: {
    /** Directory that holds every home. */
    root: string;
  };
  logging: { level: (typeof LOG_LEVELS)[number]; transferLog: "Enabled" | "Disabled" };
  /** How long sessions may go on after SIGTERM. */
  drainPeriodSeconds: number;
}
