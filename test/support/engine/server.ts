import { likelyFreeRange } from "../../cluster/free-ports.ts";
import {
  PERMISSIONS,
  type EngineConfig,
  type EngineUser,
  type PortRange,
} from "../../../src/api/engine-config.ts";
import {
  accountOf,
  type Account,
  type AccountWithHome,
  type Lock,
  lockOf,
} from "../../../src/engine/auth/account.ts";
import type { Authenticator, LoginResult } from "../../../src/engine/auth/authenticator.ts";
import type { Clock } from "../../../src/common/clock.ts";
import type { EventRecorder } from "../../../src/engine/notifications/event.ts";
import type { EngineObserver, Log } from "../../../src/engine/observer.ts";
import type { TlsLayer } from "../../../src/engine/tls/tls-layer.ts";
import { Engine } from "../../../src/engine/engine.ts";
import type { Storage } from "../../../src/engine/storage/storage.ts";
import type { OpenLedger } from "../../../src/engine/storage/usage/usage-ledger.ts";
import { KERNEL_COPY } from "./open-tree.ts";
import { MemoryStorage } from "./memory-storage.ts";

const PASSIVE_PORTS = 10;

/** Returns the configuration of a test engine. The kernel chooses the ports. */
export function testConfig(change: Partial<EngineConfig> = {}): EngineConfig {
  return {
    version: 1,
    generation: "test",
    controlPort: 0,
    metricsPort: 0,
    passive: {
      portRange: { first: 1024, last: 1033 },
      address: { type: "Static", address: "127.0.0.1" },
      overrides: [],
      portSharing: "Enabled",
    },
    active: { mode: "Disabled" },
    maskedClients: [],
    users: [testUser("alice")],
    limits: {
      sessions: 1000,
      sessionsPerClient: 1000,
      loginTimeoutSeconds: 30,
      idleTimeoutSeconds: 300,
      dataConnectTimeoutSeconds: 15,
      stalledTransferTimeoutSeconds: 300,
      commandLineBytes: 4096,
      queuedCommands: 32,
      unknownCommands: 10,
      listingEntries: 1_000_000,
      checksumBytes: 2 ** 40,
      failedLogins: { perSession: 3, delaySeconds: 1, attempts: 1000, periodSeconds: 60, banSeconds: 300 },
    },
    uploads: { incomplete: "Remove", sync: "Never", missingCloseNotify: "Deny" },
    storage: { root: "/" },
    logging: { level: "Info", transferLog: "Enabled" },
    handOverSeconds: 0,
    drainPeriodSeconds: 600,
    ...change,
  };
}

export function testUser(name: string, change: Partial<EngineUser> = {}): EngineUser {
  return { name, passwordHash: "", homeDirectory: "/", permissions: [...PERMISSIONS], ...change };
}

/** Accepts the password `secret` for every user in the configuration. */
export class TestAuthenticator implements Authenticator {
  users: EngineUser[];

  constructor(users: EngineUser[]) {
    this.users = users;
  }

  async login(name: string, password: string): Promise<LoginResult> {
    return password === "secret" ? (this.lockOf(name) ?? this.current(name)) : undefined;
  }

  current(name: string): Account | undefined {
    const user = this.#find(name);
    return user && this.lockOf(name) === undefined ? accountOf(user) : undefined;
  }

  lockOf(name: string): Lock | undefined {
    const user = this.#find(name);
    return user && lockOf(user, Date.now());
  }

  byCertificate(name: string): LoginResult {
    return this.lockOf(name) ?? this.current(name);
  }

  #find(name: string): EngineUser | undefined {
    return this.users.find((user) => user.name === name);
  }
}

/** Counts observer calls. Each key consists of the method name and the string arguments. */
function countingObserver(counts = new Map<string, number>()): {
  observer: EngineObserver;
  counts: Map<string, number>;
} {
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const observer: EngineObserver = {
    sessionOpened: () => count("sessionOpened"),
    sessionClosed: () => count("sessionClosed"),
    sessionRejected: (reason) => count(`sessionRefused ${reason}`),
    login: (result) => count(`login ${result}`),
    loginBan: (whom) => count(`loginBan ${whom}`),
    lineTooLong: () => count("lineTooLong"),
    transferStarted: (direction) => count(`transferStarted ${direction}`),
    transferEnded: (direction, result) => count(`transferEnded ${direction} ${result}`),
    passiveReservations: (now) => void counts.set("passiveReservations", now),
    passiveWait: () => count("passiveWait"),
    passiveExhausted: () => count("passiveExhausted"),
    unmatchedConnection: () => count("unmatchedConnection"),
    tlsHandshake: (channel, version, resumed) =>
      count(`tlsHandshake ${channel} ${version}${resumed ? " resumed" : ""}`),
    proxyRejected: (reason) => count(`proxyRefused ${reason}`),
    tlsFailed: (channel, reason) => count(`tlsFailed ${channel} ${reason}`),
  };
  return { observer, counts };
}

/** Records log entries for assertions. */
export class TestLog implements Log {
  readonly entries: { level: string; fields: object; message: string }[] = [];
  readonly debug = this.#keep("debug");
  readonly info = this.#keep("info");
  readonly warn = this.#keep("warn");
  readonly error = this.#keep("error");

  /** Number of transferred bytes in the last transfer entry in the log. */
  get movedBytes(): number {
    const fields = this.entries.findLast(({ message }) => message === "transfer")?.fields ?? {};
    return "bytes" in fields ? Number(fields.bytes) : Number.NaN;
  }

  #keep(level: string) {
    return (fields: object, message: string): void => void this.entries.push({ level, fields, message });
  }
}

export interface TestServerOptions {
  config?: Partial<EngineConfig>;
  storage?: Storage;
  clock?: Clock;
  passivePortCount?: number;
  announced?: string | undefined;
  /** Defaults to a `TestAuthenticator`. */
  authenticator?: Authenticator;
  /** Opens a separate storage for each user. By default, all users share one storage. */
  openHome?: (account: AccountWithHome, openLedger: OpenLedger) => Promise<Storage>;
  tls?: TlsLayer;
  recorder?: EventRecorder;
}

export interface TestServer extends AsyncDisposable {
  engine: Engine;
  config: EngineConfig;
  authenticator: TestAuthenticator;
  storage: Storage;
  memory: MemoryStorage;
  log: TestLog;
  counts: Map<string, number>;
  ports: PortRange;
}

/** Starts an engine on free loopback ports. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  for (let tries = 0; ; tries++) {
    const made = makeServer(options, likelyFreeRange(options.passivePortCount ?? PASSIVE_PORTS));
    try {
      await made.engine.listen();
      return made;
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

/** Creates an engine that does not listen. Tests open sessions with `serve`. */
export function makeServer(options: TestServerOptions, ports: PortRange): TestServer {
  const config = testConfig(options.config);
  const authenticator = new TestAuthenticator(config.users);
  const memory = new MemoryStorage();
  const storage = options.storage ?? memory;
  const log = new TestLog();
  const { observer, counts } = countingObserver();
  const announced = "announced" in options ? options.announced : "127.0.0.1";
  const engine = new Engine({
    config,
    passivePorts: ports,
    openHome: options.openHome ?? (async () => storage),
    authenticator: options.authenticator ?? authenticator,
    announcedAddress: { current: () => announced },
    log,
    observer,
    kernelCopy: KERNEL_COPY,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.recorder === undefined ? {} : { recorder: options.recorder }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return {
    engine,
    config,
    authenticator,
    storage,
    memory,
    log,
    counts,
    ports,
    [Symbol.asyncDispose]: () => engine.close(),
  };
}
