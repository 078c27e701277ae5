import { collectDefaultMetrics, Registry } from "@prometheus-io/client";
import { STORAGE_STATES, type StorageState } from "../../api/engine-report.ts";
import { registerBuildInfo } from "../../health/health.ts";
import type { NotificationObserver } from "../notifications/notification-observer.ts";
import { type Builders, builders } from "./builders.ts";
import { notificationMetrics, type NotificationReader } from "./notification-metrics.ts";
import { objectStorageMetrics } from "./object-storage-metrics.ts";
import type {
  BanTarget,
  CertificateObserver,
  EngineObserver,
  LoginResult,
  ObjectStorageObserver,
  ProxyRejection,
  RejectionReason,
  TlsFailure,
  TlsObserver,
  TransferDirection,
  TransferResult,
} from "../observer.ts";

/**
 * Upper bounds of the histogram buckets for transfers, in seconds. The range covers small files on fast networks and
 * large files on slow networks.
 */
const TRANSFER_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800];

const DIRECTIONS: readonly TransferDirection[] = ["Upload", "Download", "Listing"];
const RESULTS: readonly TransferResult[] = ["Complete", "Failed", "Aborted"];
const REJECTIONS: readonly RejectionReason[] = [
  "Sessions",
  "SessionsPerClient",
  "SessionsPerUser",
  "Draining",
];
const LOGINS: readonly LoginResult[] = [
  "Accepted",
  "Rejected",
  "Banned",
  "AccountDisabled",
  "AccountExpired",
  "StorageNotWritable",
  "HomeUnavailable",
];
const BAN_TARGETS: readonly BanTarget[] = ["Client", "Name"];
const RELOADS = ["Accepted", "Rejected"] as const;
const PROXY_REJECTIONS: readonly ProxyRejection[] = ["Untrusted", "Invalid", "Timeout", "Closed"];
const TLS_FAILURES: readonly TlsFailure[] = [
  "Timeout",
  "Certificate",
  "Alpn",
  "ServerName",
  "Version",
  "Lost",
  "Other",
];

/** Engine metrics in a separate registry. */
export interface EngineMetrics
  extends EngineObserver,
    CertificateObserver,
    NotificationObserver,
    NotificationReader,
    ObjectStorageObserver {
  readonly registry: Registry;
  /** Called when the configuration with this `generation` takes effect. */
  configLoaded(generation: string): void;
  configReloaded(result: (typeof RELOADS)[number]): void;
  /** Called with the result of a volume check. */
  storageChecked(state: StorageState): void;
  /** Called with the result of a check of additional storage. */
  additionalStorageChecked(name: string, state: StorageState): void;
}

export function createMetrics(): EngineMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerBuildInfo(registry, "ftp_build_info", "engine");
  const build = builders(registry);
  return {
    registry,
    ...configMetrics(build),
    ...sessionMetrics(build),
    ...transferMetrics(build),
    ...passiveMetrics(build),
    ...tlsMetrics(build),
    ...proxyMetrics(build),
    ...notificationMetrics(build),
    ...objectStorageMetrics(build),
  };
}

type ConfigEvents = "configLoaded" | "configReloaded" | "storageChecked" | "additionalStorageChecked";

function configMetrics({ counter, gauge }: Builders): Pick<EngineMetrics, ConfigEvents> {
  const info = gauge(
    "ftp_config_info",
    "Always 1. The label contains the generation of the current configuration.",
    ["generation"],
  );
  const reloads = counter("ftp_config_reloads_total", "Number of configuration reloads, by result.", [
    "result",
  ]);
  const storage = gauge(
    "ftp_storage_state",
    "State of the storage: 1 for the current state, 0 for all other states.",
    ["state"],
  );
  const additional = gauge(
    "ftp_additional_storage_state",
    "State of additional storage, by name: 1 for the current state, 0 for all other states.",
    ["name", "state"],
  );
  const storageChecked = (current: StorageState): void => {
    for (const state of STORAGE_STATES) storage.set({ state }, state === current ? 1 : 0);
  };
  for (const result of RELOADS) reloads.inc({ result }, 0);
  storageChecked("Checking");
  return {
    storageChecked,
    additionalStorageChecked(name, current): void {
      for (const state of STORAGE_STATES) additional.set({ name, state }, state === current ? 1 : 0);
    },
    configLoaded(generation): void {
      info.reset();
      info.set({ generation }, 1);
    },
    configReloaded: (result) => reloads.inc({ result }),
  };
}

type SessionEvents =
  | "sessionOpened"
  | "sessionClosed"
  | "sessionRejected"
  | "login"
  | "loginBan"
  | "lineTooLong";

function sessionMetrics({ counter, gauge }: Builders): Pick<EngineObserver, SessionEvents> {
  const sessions = gauge("ftp_sessions", "Number of open control connections.");
  const opened = counter("ftp_sessions_total", "Number of accepted control connections.");
  const rejected = counter(
    "ftp_sessions_rejected_total",
    "Number of rejected control connections and logins, by reached limit.",
    ["reason"],
  );
  const logins = counter("ftp_logins_total", "Number of logins, by result.", ["result"]);
  const bans = counter("ftp_login_bans_total", "Number of bans after failed logins, by ban target.", [
    "whom",
  ]);
  const longLines = counter(
    "ftp_lines_too_long_total",
    "Number of command lines that exceeded the length limit.",
  );
  for (const reason of REJECTIONS) rejected.inc({ reason }, 0);
  for (const result of LOGINS) logins.inc({ result }, 0);
  for (const whom of BAN_TARGETS) bans.inc({ whom }, 0);
  return {
    sessionOpened(): void {
      sessions.inc();
      opened.inc();
    },
    sessionClosed: () => sessions.dec(),
    sessionRejected: (reason) => rejected.inc({ reason }),
    login: (result) => logins.inc({ result }),
    loginBan: (whom) => bans.inc({ whom }),
    lineTooLong: () => longLines.inc(),
  };
}

function transferMetrics({
  counter,
  gauge,
  histogram,
}: Builders): Pick<EngineObserver, "transferStarted" | "transferEnded"> {
  const running = gauge("ftp_transfers_in_progress", "Number of transfers in progress, by direction.", [
    "direction",
  ]);
  const ended = counter("ftp_transfers_total", "Number of ended transfers, by direction and result.", [
    "direction",
    "result",
  ]);
  const bytes = counter(
    "ftp_transfer_bytes_total",
    "Number of bytes transferred over data connections, by direction.",
    ["direction"],
  );
  const duration = histogram(
    "ftp_transfer_duration_seconds",
    "Duration of transfers in seconds, by direction.",
    ["direction"],
    TRANSFER_BUCKETS,
  );
  for (const direction of DIRECTIONS) {
    running.set({ direction }, 0);
    bytes.inc({ direction }, 0);
    for (const result of RESULTS) ended.inc({ direction, result }, 0);
  }
  return {
    transferStarted: (direction) => running.inc({ direction }),
    transferEnded(direction, result, moved, seconds): void {
      running.dec({ direction });
      ended.inc({ direction, result });
      bytes.inc({ direction }, moved);
      duration.observe({ direction }, seconds);
    },
  };
}

function tlsMetrics({ counter, gauge }: Builders): TlsObserver & CertificateObserver {
  const handshakes = counter(
    "ftp_tls_handshakes_total",
    "Number of completed TLS handshakes, by connection type, TLS version and session resumption.",
    ["connection", "version", "resumed"],
  );
  const failures = counter(
    "ftp_tls_handshake_failures_total",
    "Number of failed TLS handshakes, by connection type and reason.",
    ["connection", "reason"],
  );
  const expiry = gauge(
    "ftp_tls_certificate_expiry_timestamp_seconds",
    "Expiry of the server certificate in seconds since the epoch, 0 without TLS.",
  );
  const reloads = counter("ftp_tls_certificate_reloads_total", "Number of certificate reloads, by result.", [
    "result",
  ]);
  for (const connection of ["Control", "Data"] as const)
    for (const reason of TLS_FAILURES) failures.inc({ connection, reason }, 0);
  for (const result of RELOADS) reloads.inc({ result }, 0);
  return {
    tlsHandshake: (connection, version, resumed) =>
      handshakes.inc({ connection, version, resumed: resumed ? "true" : "false" }),
    tlsFailed: (connection, reason) => failures.inc({ connection, reason }),
    certificateLoaded: (notAfter) => expiry.set(notAfter.getTime() / 1000),
    certificateReloaded: (result) => reloads.inc({ result }),
  };
}

function proxyMetrics({ counter }: Builders): Pick<EngineObserver, "proxyRejected"> {
  const rejected = counter(
    "ftp_proxy_rejected_total",
    "Number of connections without a valid PROXY header from a trusted source, by reason.",
    ["reason"],
  );
  for (const reason of PROXY_REJECTIONS) rejected.inc({ reason }, 0);
  return { proxyRejected: (reason) => rejected.inc({ reason }) };
}

type PassiveEvents = "passiveReservations" | "passiveWait" | "passiveExhausted" | "unmatchedConnection";

function passiveMetrics({ counter, gauge }: Builders): Pick<EngineObserver, PassiveEvents> {
  const reservations = gauge(
    "ftp_passive_reservations",
    "Number of passive ports reserved for a data connection that has not arrived.",
  );
  const waits = counter(
    "ftp_passive_waits_total",
    "Number of PASV and EPSV commands that waited for a free port.",
  );
  const exhausted = counter(
    "ftp_passive_exhausted_total",
    "Number of PASV and EPSV commands that found no free port.",
  );
  const unmatched = counter(
    "ftp_passive_unmatched_connections_total",
    "Number of connections to passive ports that did not match a reservation of the client or session.",
  );
  return {
    passiveReservations: (count) => reservations.set(count),
    passiveWait: () => waits.inc(),
    passiveExhausted: () => exhausted.inc(),
    unmatchedConnection: () => unmatched.inc(),
  };
}
