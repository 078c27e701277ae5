import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import { hashPassword } from "../../../src/api/password-hash.ts";
import { freePorts } from "../../cluster/free-ports.ts";
import { dyingWithUs, endWithUs } from "../../cluster/run.ts";
import { ControlSession } from "../clients/control-session.ts";
import { testConfig, testUser } from "./server.ts";

export const ENGINE_MAIN = join(import.meta.dirname, "../../../src/main.ts");
/** Numeric log level for errors in pino. */
const PINO_ERROR = 50;
/** Maximum number of start attempts. Each attempt uses different ports. */
const TRIES = 5;
const here = (argv: readonly string[]): string[] => [...argv];

/** Additions to the default command line of an engine process. */
export interface ProcessOptions {
  /** Path of the program. Defaults to the program in src/. */
  main?: string;
  /** Additional arguments of Node.js. */
  node?: readonly string[];
  /** Additional arguments for `ftp-operator engine`. */
  engine?: readonly string[];
  /** Prefix of the command line. The prefix starts a program that runs the command in its last arguments. */
  within?: readonly string[];
}

/**
 * An engine in a separate process, as in a pod. The engine process ends with the test process, even if the test process
 * is killed.
 */
export class EngineProcess {
  readonly config: EngineConfig;
  readonly file: string;
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #lines: Record<string, unknown>[] = [];
  #wake = (): void => undefined;
  #isOver = false;

  private constructor(config: EngineConfig, file: string, options: ProcessOptions) {
    this.config = config;
    this.file = file;
    const { main = ENGINE_MAIN, node = [], engine = [], within = [] } = options;
    const argv = [...within, process.execPath, ...node, main, "engine", "--config", file, ...engine];
    const [command = "", ...args] = dyingWithUs(argv);
    this.#child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    endWithUs(this.#child);
    this.ended = new Promise((resolve) => this.#child.once("exit", (code) => resolve(code)));
    if (this.#child.stdout === null) throw new Error("no output");
    const wake = (): void => this.#wake();
    createInterface({ input: this.#child.stdout })
      .on("line", (line) => {
        this.#lines.push(JSON.parse(line));
        wake();
      })
      .on("close", () => {
        this.#isOver = true;
        wake();
      });
  }

  /** Directory of the homes. */
  get root(): string {
    const { storage } = this.config;
    if (!("root" in storage)) throw new Error("the engine uses object storage");
    return storage.root;
  }

  static async start(
    directory: string,
    change: Partial<EngineConfig> = {},
    options: ProcessOptions = {},
    tries = TRIES,
  ): Promise<EngineProcess> {
    const root = await mkdtemp(join(directory, "root-"));
    const [controlPort = 0, metricsPort = 0, first = 0] = await freePorts(3);
    const config = testConfig({
      controlPort,
      metricsPort,
      storage: { root },
      users: [testUser("alice", { passwordHash: await hashPassword("secret") })],
      passive: { ...testConfig().passive, portRange: { first, last: first } },
      drainPeriodSeconds: 30,
      ...change,
    });
    const file = join(directory, `${controlPort}.json`);
    await writeFile(file, JSON.stringify(config));
    const engine = new EngineProcess(config, file, options);
    try {
      await engine.logged("serving");
      return engine;
    } catch (error) {
      // Another program can bind one of the ports before the engine does.
      if (tries <= 1) throw error;
      return await EngineProcess.start(directory, change, options, tries - 1);
    }
  }

  /**
   * Waits for a log line with the message and the fields.
   * @throws Error when the engine ends before it writes the line
   */
  async logged(message: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    for (;;) {
      const line = this.#lines.find(
        (line) =>
          line["msg"] === message && Object.entries(fields).every(([key, value]) => line[key] === value),
      );
      if (line !== undefined) return line;
      if (this.#isOver) throw new Error(`the engine ended before it logged "${message}"`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** Log lines of the engine, oldest first. */
  get lines(): readonly Record<string, unknown>[] {
    return this.#lines;
  }

  get log(): string {
    return JSON.stringify(this.#lines);
  }

  /** Log lines about internal errors of the engine. */
  get errors(): string[] {
    return this.#lines.filter(({ level }) => Number(level) >= PINO_ERROR).map((line) => JSON.stringify(line));
  }

  async change(change: Partial<EngineConfig>): Promise<void> {
    await writeFile(`${this.file}.new`, JSON.stringify({ ...this.config, ...change }));
    await rename(`${this.file}.new`, this.file);
  }

  signal(): void {
    this.#child.kill("SIGTERM");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  login(password = "secret"): Promise<ControlSession> {
    return ControlSession.open(here, {
      host: "127.0.0.1",
      port: this.config.controlPort,
      user: "alice",
      password,
    });
  }

  async page(path: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`http://127.0.0.1:${this.config.metricsPort}${path}`);
    return { status: answer.status, text: await answer.text() };
  }
}
