/** Runs the engine under load, and writes its files, configurations and certificates. */
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineConfig } from "../../src/api/engine-config.ts";
import { freePorts, likelyFreeRange } from "../../test/cluster/free-ports.ts";
import { EngineProcess, type ProcessOptions } from "../../test/support/engine/engine-process.ts";
import { makeCertificate } from "../../test/support/engine/certificates.ts";
import { testConfig, testUser } from "../../test/support/engine/server.ts";
import { tlsConfig } from "../../test/support/engine/tls-world.ts";

const PASSIVE_PORTS = 10;
const NAMES = ["alice", "bob", "carol"];
/** Name of a file in every home directory. */
export const LARGE_FILE = "/large";
/** Directory in the home of user bob that contains many files. */
export const CROWD = "/crowd";
const LARGE_SIZE = 16 * 2 ** 20;
const CERTIFICATES = 2;
/** Hash of the password `secret` with the lowest scrypt cost, so that logins do not dominate the load. */
const CHEAP_HASH = "$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gEeb/KeWbm5g+kBQOFr1yJbkjBxxxDOkhSmrSXFFwOg";

/** Node.js options from the image that also apply to an engine that runs from TypeScript files. */
const SOURCE_OPTIONS = ["--max-semi-space-size=4"];

/**
 * Parameters of two argon2 hashes: the highest accepted cost, and the highest cost for which the engine verifies two
 * passwords concurrently.
 */
const EXPENSIVE_HASHES = { dave: "m=65536,t=4,p=1", erin: "m=19456,t=3,p=1" };
/** Users whose password hashes require a large amount of memory. */
export const EXPENSIVE_USERS = Object.keys(EXPENSIVE_HASHES);

export interface SiteOptions extends Pick<ProcessOptions, "main" | "node" | "within"> {
  /** Number of files in the directory CROWD. */
  crowd?: number;
}

/** A running engine and its folder. */
export class Site {
  readonly engine: EngineProcess;
  readonly directory: string;
  readonly inspectorPort: number;

  private constructor(engine: EngineProcess, directory: string, inspectorPort: number) {
    this.engine = engine;
    this.directory = directory;
    this.inspectorPort = inspectorPort;
  }

  /** Starts an engine. @param options additional command-line options of the engine */
  static async start({ crowd = 0, node = SOURCE_OPTIONS, ...options }: SiteOptions = {}): Promise<Site> {
    const directory = await mkdtemp(join(tmpdir(), "ftp-operator-soak-"));
    const [inspectorPort = 0] = await freePorts(1);
    const root = join(directory, "root");
    for (const name of NAMES) {
      await mkdir(join(root, name), { recursive: true });
      await writeFile(join(root, name, LARGE_FILE), randomBytes(LARGE_SIZE));
    }
    await makeCrowd(join(root, "bob", CROWD), crowd);
    const certificates = await makeCertificates(join(directory, "tls"));
    const change = { ...(await soakConfig()), tls: await tlsConfig(certificates), storage: { root } };
    const inspector = [`--inspect=127.0.0.1:${inspectorPort}`, "--inspect-publish-uid=http"];
    const engineOptions = { ...options, node: [...node, ...inspector] };
    const engine = await EngineProcess.start(directory, change, engineOptions);
    return new Site(engine, directory, inspectorPort);
  }

  /** Kills the engine if it is running, and removes its folder. */
  async end(): Promise<void> {
    this.engine.kill();
    await this.engine.ended;
    await rm(this.directory, { recursive: true, force: true });
  }

  get controlPort(): number {
    return this.engine.config.controlPort;
  }

  get metricsPort(): number {
    return this.engine.config.metricsPort;
  }

  get passivePorts(): number[] {
    const { first } = this.engine.config.passive.portRange;
    return Array.from({ length: PASSIVE_PORTS }, (_, index) => first + index);
  }

  /** Writes a new configuration in which the users, the limits and the announced address are different. */
  async reconfigure(round: number): Promise<void> {
    const { config } = this.engine;
    const guest = testUser("guest", { passwordHash: CHEAP_HASH });
    await this.engine.change({
      generation: `soak-${round}`,
      users: round % 2 === 0 ? [...config.users, guest] : config.users,
      limits: { ...config.limits, sessions: 500 + (round % 7), listingEntries: 10_000 + (round % 5) },
      // The engine is reachable at all addresses in 127.0.0.0/8.
      passive: { ...config.passive, address: { type: "Static", address: `127.0.0.${1 + (round % 9)}` } },
    });
  }

  /** Replaces the certificate with the steps that the kubelet performs for a mounted Secret. */
  async replaceCertificate(round: number): Promise<void> {
    const link = join(this.directory, "tls", "..next");
    await symlink(String(round % CERTIFICATES), link);
    await rename(link, join(this.directory, "tls", "..data"));
  }
}

async function makeCrowd(directory: string, files: number): Promise<void> {
  await mkdir(directory);
  for (let index = 0; index < files; index++) await writeFile(join(directory, `file-${index}-abcdef`), "");
}

async function soakConfig(): Promise<Partial<EngineConfig>> {
  const { limits, passive } = testConfig();
  const people = NAMES.map((name) => testUser(name, { passwordHash: CHEAP_HASH, homeDirectory: `/${name}` }));
  const expensive = Object.entries(EXPENSIVE_HASHES).map(([name, parameters]) => {
    const passwordHash = `$argon2id$v=19$${parameters}$${"A".repeat(22)}$${"A".repeat(43)}`;
    return testUser(name, { passwordHash });
  });
  return {
    users: [...people, ...expensive],
    active: { mode: "Enabled" },
    passive: { ...passive, portRange: likelyFreeRange(PASSIVE_PORTS) },
    uploads: { incomplete: "Keep", sync: "Never", missingCloseNotify: "Deny" },
    // The timeouts are short, so that each timeout occurs many times.
    limits: {
      ...limits,
      loginTimeoutSeconds: 5,
      idleTimeoutSeconds: 8,
      dataConnectTimeoutSeconds: 4,
      stalledTransferTimeoutSeconds: 8,
      // The clients send thousands of wrong passwords and must not be banned.
      failedLogins: { ...limits.failedLogins, attempts: 1_000_000 },
    },
    logging: { level: "Info", transferLog: "Disabled" },
    drainPeriodSeconds: 60,
  };
}

/** Creates certificates in the file layout of a mounted Secret. */
async function makeCertificates(directory: string): Promise<{ certificateFile: string; keyFile: string }> {
  await mkdir(directory);
  for (let index = 0; index < CERTIFICATES; index++) {
    const made = await makeCertificate({ commonName: `localhost-${index}` });
    await mkdir(join(directory, String(index)));
    await cp(made.certificateFile, join(directory, String(index), "tls.crt"));
    await cp(made.keyFile, join(directory, String(index), "tls.key"));
  }
  await symlink("0", join(directory, "..data"));
  const [certificateFile, keyFile] = [join(directory, "tls.crt"), join(directory, "tls.key")];
  await symlink("..data/tls.crt", certificateFile);
  await symlink("..data/tls.key", keyFile);
  return { certificateFile, keyFile };
}
