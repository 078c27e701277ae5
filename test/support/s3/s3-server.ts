/** Starts real S3 servers with temporary data. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, ListBucketsCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { hostInUrl } from "../../../src/common/urls.ts";
import { freePorts } from "../../cluster/free-ports.ts";
import { dyingWithUs, endWithUs, lastLines } from "../../cluster/run.ts";
import { type S3Program, s3Program } from "../../cluster/s3/programs.ts";
import { GiveUp, messageOf, waitUntil } from "../../cluster/wait.ts";
import { makeCertificate } from "../engine/certificates.ts";
import type { Credentials, Endpoint, Kind, Launch, Statement } from "./kind.ts";
import { minio } from "./minio.ts";
import { versitygw } from "./versitygw.ts";

const RELAY = join(import.meta.dirname, "socket-relay.ts");
const REGION = "us-east-1";
const READY_TIMEOUT_MS = 60_000;
/** Maximum number of start attempts. Each attempt uses a different port. */
const TRIES = 5;
const LOG_LINES_SHOWN = 15;

export interface S3ServerOptions {
  /** Serves HTTPS with a certificate from a new certificate authority. `caFile` contains the CA certificate. */
  readonly tls?: boolean;
  /** Address of this machine on which the server listens. Defaults to 127.0.0.1. */
  readonly address?: string;
  /** Additional environment variables for the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** Host in a different network namespace. Defaults to a loopback address of this machine. */
  readonly host?: OutsideHost;
}

/**
 * A host in a different network namespace. Administrator requests use a Unix socket, which works across network
 * namespaces.
 */
export interface OutsideHost {
  readonly address: string;
  /** Returns a command that runs the given command on the host. */
  readonly command: (argv: readonly string[]) => string[];
}

const THIS_HOST: OutsideHost = { address: "127.0.0.1", command: (argv) => [...argv] };

/** Starts versitygw, which stores objects as files in a directory. */
export async function startVersityGw(options: S3ServerOptions = {}): Promise<S3Server> {
  return await S3Server.start("versitygw", versitygw, options);
}

/** Starts MinIO. The first call builds MinIO, which takes several minutes. */
export async function startMinio(options: S3ServerOptions = {}): Promise<S3Server> {
  return await S3Server.start("minio", minio, options);
}

/** One S3 server in a separate process. The process ends with the test process. */
export class S3Server implements Endpoint, AsyncDisposable {
  readonly name: S3Program;
  readonly region = REGION;
  readonly accessKeyId = "administrator";
  readonly secretAccessKey = randomBytes(20).toString("hex");
  readonly endpoint: string;
  /** PEM file with the CA certificate of the server. Undefined without TLS. */
  readonly caFile: string | undefined;
  readonly #kind: Kind;
  readonly #launch: Launch;
  readonly #host: OutsideHost;
  readonly #admin: S3Client;
  #child: ChildProcess | undefined;
  #relay: ChildProcess | undefined;

  private constructor(name: S3Program, kind: Kind, launch: Omit<Launch, keyof Endpoint>, host: OutsideHost) {
    this.name = name;
    this.#kind = kind;
    this.#host = host;
    this.caFile = launch.tls?.caFile;
    this.endpoint = `${launch.tls === undefined ? "http" : "https"}://${hostInUrl(launch.address)}:${launch.port}`;
    const { region, accessKeyId, secretAccessKey, endpoint, caFile } = this;
    this.#launch = { ...launch, region, accessKeyId, secretAccessKey, endpoint, caFile };
    this.#admin = this.client();
  }

  static async start(
    name: S3Program,
    kind: Kind,
    options: S3ServerOptions,
    tries = TRIES,
  ): Promise<S3Server> {
    const program = await s3Program(name);
    const folder = await mkdtemp(join(tmpdir(), `ftp-operator-${name}-`));
    const { host = THIS_HOST, env = {} } = options;
    const { address = host.address } = options;
    const socket = options.host === undefined ? undefined : join(folder, "socket");
    const tls = options.tls === true ? await makeTls(address) : undefined;
    const [port = 0] = await freePorts(1);
    const server = new S3Server(name, kind, { program, folder, address, port, socket, tls, env }, host);
    try {
      await kind.prepare(server.#launch);
      server.#startRelay();
      await server.resume();
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      // Another program can bind the selected port before the server starts.
      if (tries <= 1) throw error;
      return await S3Server.start(name, kind, options, tries - 1);
    }
  }

  /** Returns a client with administrator credentials. Each option replaces its default. */
  client(options: S3ClientConfig = {}): S3Client {
    return new S3Client({
      endpoint: this.endpoint,
      region: this.region,
      forcePathStyle: true,
      credentials: { accessKeyId: this.accessKeyId, secretAccessKey: this.secretAccessKey },
      requestHandler: this.#agents(),
      ...options,
    });
  }

  #agents(): NonNullable<S3ClientConfig["requestHandler"]> {
    const { socket } = this.#launch;
    const agent = { keepAlive: true, ...(socket !== undefined && { socketPath: socket }) };
    const ca = this.caFile === undefined ? undefined : readFileSync(this.caFile);
    return { httpAgent: new HttpAgent(agent), httpsAgent: new HttpsAgent({ ...agent, ...(ca && { ca }) }) };
  }

  /** Forwards the Unix socket to the port if the server cannot listen on a Unix socket. */
  #startRelay(): void {
    const { socket, address, port } = this.#launch;
    if (socket === undefined || this.#kind.listensOnSocket) return;
    const argv = this.#host.command([process.execPath, RELAY, socket, address, String(port)]);
    const [command = "", ...args] = dyingWithUs(argv);
    this.#relay = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
    endWithUs(this.#relay);
    this.#relay.unref();
  }

  /** Creates an empty bucket and returns its name, which is random by default. */
  async createBucket(name = `test-${randomBytes(6).toString("hex")}`): Promise<string> {
    await this.#admin.send(new CreateBucketCommand({ Bucket: name }));
    return name;
  }

  /** Returns the credentials of a user that has only the permissions in the statements. */
  async userWith(bucket: string, statements: readonly Statement[]): Promise<Credentials> {
    return await this.#kind.userWith({ server: this.#launch, admin: this.#admin, bucket, statements });
  }

  /** Kills the process without a graceful shutdown. `resume` restarts the server with the same data and port. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    if (child.exitCode === null && child.signalCode === null) {
      child.ref();
      child.kill("SIGKILL");
      await ended;
    }
  }

  /** Starts the process with the existing data and waits for its first response. */
  async resume(): Promise<void> {
    const { folder } = this.#launch;
    const { args, env } = this.#kind.command(this.#launch);
    const log = openSync(join(folder, "log"), "a");
    const [command = "", ...rest] = dyingWithUs(this.#host.command([this.#launch.program, ...args]));
    const child = spawn(command, rest, {
      env: { ...process.env, HOME: folder, ...env, ...this.#launch.env },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    endWithUs(child);
    // Even if the test does not dispose of the server, this child process must not prevent the exit of the test
    // process.
    child.unref();
    this.#child = child;
    try {
      await waitUntil(`${this.name} answers`, READY_TIMEOUT_MS, async () => {
        if (child.exitCode !== null || child.signalCode !== null) throw new GiveUp(`${this.name} has ended`);
        await this.#admin.send(new ListBucketsCommand());
      });
    } catch (error) {
      const tail = lastLines(await readFile(join(folder, "log"), "utf8"), LOG_LINES_SHOWN);
      throw new Error(`${messageOf(error)}\n${tail}`, { cause: error });
    }
  }

  /** Kills the process and restarts it with the same data and port. */
  async restart(): Promise<void> {
    await this.kill();
    await this.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.#relay?.kill();
    this.#admin.destroy();
    await rm(this.#launch.folder, { recursive: true, force: true });
  }
}

async function makeTls(address: string): Promise<NonNullable<Launch["tls"]>> {
  const authority = await makeCertificate({ commonName: "S3 test authority" });
  const pair = await makeCertificate({
    commonName: "S3 test server",
    alternativeNames: `DNS:localhost,IP:${address}`,
    authority,
  });
  return { ...pair, caFile: authority.certificateFile };
}
