import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
import { STORAGE_STATES, type StorageState } from "../../api/engine-report.ts";
import { registerBuildInfo } from "../../health/health.ts";
import type {
  BanTarget,
  CertificateObserver,
  EngineObserver,
  LoginResult,
  ProxyRejection,
  RejectionReason,
  TlsFailure,
  TlsObserver,
  TransferDirection,
  TransferResult,
} from "../observer.ts";

/** Seconds, from a small file on a fast network to a large one on a slow. */
const TRANSFER_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800];

const DIRECTIONS: readonly TransferDirection[] = ["Upload", "Download", "Listing"];
const RESULTS: readonly TransferResult[] = ["Complete", "Failed", "Aborted"];
const REFUSALS: readonly RejectionReason[] = ["Sessions", "SessionsPerClient", "SessionsPerUser", "Draining"];
const LOGINS: readonly LoginResult[] = [
  "Accepted",
  "Rejected",
  "Banned",
  "AccountDisabled",
  "AccountExpired",
  "StorageNotWritable",
  "HomeUnavailable",
];
const BANNED: readonly BanTarget[] = ["Client", "Name"];
const RELOADS = ["Accepted", "Rejected"] as const;

/** What the engine counts, in a registry of its own. */
export interface EngineMetrics extends EngineObserver, CertificateObserver {
  readonly registry: Registry;
  /** A configuration is in force. `generation` shows which. */
  configLoaded(generation: string): void;
  configReloaded(result: (typeof RELOADS)[number]): void;
  /** What the last check of the volume found. */
  storageChecked(state: StorageState): void;
}

const PROXY_REFUSALS: readonly ProxyRejection[] = ["Untrusted", "Invalid", "Timeout", "Closed"];
const TLS_FAILURES: readonly TlsFailure[] = [
  "Timeout",
  "Certificate",
  "Alpn",
  "ServerName",
  "Version",
  "Lost",
  "Other",
];

export function createMetrics(): EngineMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerBuildInfo(registry, "ftp_build_info", "engine");
  const build = builders(registry);
  const info = build.gauge("ftp_config_info", "1 for the generation of the configuration in force.", [
    "generation",
  ]);
  const reloads = build.counter("ftp_config_reloads_total", "Changed configurations, by result.", ["result"]);
  const storage = build.gauge("ftp_storage_state", "1 for the state of the volume, 0 for all other states.", [
    "state",
  ]);
  const storageChecked = (now: StorageState): void => {
    for (const state of STORAGE_STATES) storage.set({ state }, state === now ? 1 : 0);
  };
  for (const result of RELOADS) reloads.inc({ result }, 0);
  storageChecked("Checking");
  return {
    registry,
    storageChecked,
    ...sessionMetrics(build),
    ...transferMetrics(build),
    ...passiveMetrics(build),
    ...tlsMetrics(build),
    ...proxyMetrics(build),
    configLoaded(generation): void {
      info.reset();
      info.set({ generation }, 1);
    },
    configReloaded: (result) => reloads.inc({ result }),
  };
}

type Builders = ReturnType<typeof builders>;

function builders(registry: Registry) {
  const registers = [registry];
  return {
    counter: <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
      new Counter({ name, help, labelNames: [...labelNames], registers }),
    gauge: <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> =>
      new Gauge({ name, help, labelNames: [...labelNames], registers }),
    histogram: <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[],
      buckets: readonly number[],
    ): Histogram<L> =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers }),
  };
}

type SessionFacts =
  | "sessionOpened"
  | "sessionClosed"
  | "sessionRejected"
  | "login"
  | "loginBan"
  | "lineTooLong";

function sessionMetrics({ counter, gauge }: Builders): Pick<EngineObserver, SessionFacts> {
  const sessions = gauge("ftp_sessions", "Control connections that are open.");
  const opened = counter("ftp_sessions_total", "Control connections that were accepted.");
  const refused = counter(
    "ftp_sessions_refused_total",
    "Control connections that were turned away, by reason.",
    ["reason"],
  );
  const logins = counter("ftp_logins_total", "Logins by result.", ["result"]);
  const bans = counter("ftp_login_bans_total", "Bans for too many wrong passwords, by whom they hit.", [
    "whom",
  ]);
  const longLines = counter("ftp_lines_too_long_total", "Command lines above the length limit.");
  for (const reason of REFUSALS) refused.inc({ reason }, 0);
  for (const result of LOGINS) logins.inc({ result }, 0);
  for (const whom of BANNED) bans.inc({ whom }, 0);
  return {
    sessionOpened(): void {
      sessions.inc();
      opened.inc();
    },
    sessionClosed: () => sessions.dec(),
    sessionRejected: (reason) => refused.inc({ reason }),
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
  const running = gauge("ftp_transfers_in_progress", "Transfers under way, by direction.", ["direction"]);
  const ended = counter("ftp_transfers_total", "Transfers that ended, by direction and result.", [
    "direction",
    "result",
  ]);
  const bytes = counter("ftp_transfer_bytes_total", "Bytes moved over data connections, by direction.", [
    "direction",
  ]);
  const seconds = histogram(
    "ftp_transfer_seconds",
    "Time of whole transfers, in seconds, by direction.",
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
    transferEnded(direction, result, moved, took): void {
      running.dec({ direction });
      ended.inc({ direction, result });
      bytes.inc({ direction }, moved);
      seconds.observe({ direction }, took);
    },
  };
}

function tlsMetrics({ counter, gauge }: Builders): TlsObserver & CertificateObserver {
  const handshakes = counter(
    "ftp_tls_handshakes_total",
    "TLS handshakes that came off, by channel, version, and whether a session was resumed.",
    ["channel", "version", "resumed"],
  );
  const failures = counter(
    "ftp_tls_handshake_failures_total",
    "TLS handshakes that failed, by channel and reason.",
    ["channel", "reason"],
  );
  const expiry = gauge(
    "ftp_tls_certificate_expiry_timestamp_seconds",
    "When the server's certificate ends, in seconds since the epoch; 0 without TLS.",
  );
  const reloads = counter("ftp_tls_certificate_reloads_total", "Changed certificate files, by result.", [
    "result",
  ]);
  for (const channel of ["Control", "Data"] as const)
    for (const reason of TLS_FAILURES) failures.inc({ channel, reason }, 0);
  for (const result of RELOADS) reloads.inc({ result }, 0);
  return {
    tlsHandshake: (channel, version, resumed) =>
      handshakes.inc({ channel, version, resumed: resumed ? "true" : "false" }),
    tlsFailed: (channel, reason) => failures.inc({ channel, reason }),
    certificateLoaded: (notAfter) => expiry.set(notAfter.getTime() / 1000),
    certificateReloaded: (result) => reloads.inc({ result }),
  };
}

function proxyMetrics({ counter }: Builders): Pick<EngineObserver, "proxyRejected"> {
  const refused = counter(
    "ftp_proxy_refused_total",
    "Connections that were dropped for want of a PROXY header from a trusted source, by reason.",
    ["reason"],
  );
  for (const reason of PROXY_REFUSALS) refused.inc({ reason }, 0);
  return { proxyRejected: (reason) => refused.inc({ reason }) };
}

type PassiveFacts = "passiveReservations" | "passiveWait" | "passiveExhausted" | "unmatchedConnection";

function passiveMetrics({ counter, gauge }: Builders): Pick<EngineObserver, PassiveFacts> {
  const reservations = gauge(
    "ftp_passive_reservations",
    "Passive reservations that wait for their data connection.",
  );
  const waits = counter("ftp_passive_waits_total", "PASV and EPSV that had to wait for a free port.");
  const exhausted = counter("ftp_passive_exhausted_total", "PASV and EPSV that found no free port.");
  const strays = counter(
    "ftp_passive_stray_connections_total",
    "Connections to passive ports that were not reserved, or that belonged to another session.",
  );
  return {
    passiveReservations: (count) => reservations.set(count),
    passiveWait: () => waits.inc(),
    passiveExhausted: () => exhausted.inc(),
    unmatchedConnection: () => strays.inc(),
  };
}
