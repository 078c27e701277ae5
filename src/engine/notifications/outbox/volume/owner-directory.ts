import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../../common/clock.ts";
import { HEARTBEAT_TIMEOUT } from "../../limits.ts";

const HEARTBEAT_FILE = "heartbeat";
/** Names of log directories and of complete owner directories. */
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
/** Name prefix of an owner directory that another engine is taking over. */
const TAKEN = "taken-";

/**
 * Heartbeat of another engine. Only changes to the heartbeat are relevant, because the clocks of two nodes can differ.
 */
interface Seen {
  heartbeat: string;
  /** Time of the last observed change. */
  changedAt: number;
  /** Whether a change has been observed. */
  isAlive: boolean;
}

/**
 * Directory of one engine in a shared outbox. The directory contains a heartbeat and log directories. When the
 * heartbeat of an engine stops changing, another engine takes over its directory.
 */
export class OwnerDirectory {
  readonly path: string;
  /** Directory for the logs of this engine. */
  readonly logs: string;
  readonly #root: string;
  readonly #id: string;
  readonly #clock: Clock;
  readonly #others = new Map<string, Seen>();
  #beats = 0;
  #beatAt: number;

  private constructor(root: string, id: string, clock: Clock) {
    this.#root = root;
    this.#id = id;
    this.#clock = clock;
    this.#beatAt = clock.now();
    this.path = join(root, id);
    this.logs = join(this.path, randomUUID());
  }

  /** Creates the directory with its first heartbeat. */
  static async create(root: string, clock: Clock): Promise<OwnerDirectory> {
    const id = randomUUID();
    const incomplete = join(root, `new-${id}`);
    await mkdir(incomplete, { recursive: true, mode: 0o700 });
    await writeFile(join(incomplete, HEARTBEAT_FILE), "0", { mode: 0o600 });
    await rename(incomplete, join(root, id));
    return new OwnerDirectory(root, id, clock);
  }

  /** Time in milliseconds since the last heartbeat. */
  get silence(): number {
    return this.#clock.now() - this.#beatAt;
  }

  /** Writes a heartbeat. @throws Error ENOENT if another engine has taken over the directory */
  async beat(): Promise<void> {
    await writeFile(join(this.path, HEARTBEAT_FILE), String(++this.#beats), { flag: "r+" });
    this.#beatAt = this.#clock.now();
  }

  /**
   * Takes over the directories of stopped engines.
   * @returns the log directories, and whether the state of another engine is still unknown
   */
  async takeOver(): Promise<{ taken: string[]; isUndecided: boolean }> {
    const taken: string[] = [];
    let isUndecided = false;
    for (const name of (await readdir(this.#root)).toSorted()) {
      if (!ID.test(name) || name === this.#id) continue;
      const seen = await this.#look(name);
      if (seen === "Ended") taken.push(...(await this.#take(name)));
      else if (!seen.isAlive) isUndecided = true;
    }
    return { taken, isUndecided };
  }

  /** @param isEmpty whether all events are delivered */
  async close(isEmpty: boolean): Promise<void> {
    if (isEmpty) await rm(this.path, { recursive: true, force: true });
    // Without a heartbeat, the next engine takes over the directory immediately.
    else await rm(join(this.path, HEARTBEAT_FILE), { force: true });
  }

  async #look(name: string): Promise<Seen | "Ended"> {
    const now = this.#clock.now();
    const heartbeat = await readFile(join(this.#root, name, HEARTBEAT_FILE), "utf8").catch(() => undefined);
    if (heartbeat === undefined) return "Ended";
    const seen = this.#others.get(name);
    if (seen === undefined || seen.heartbeat !== heartbeat) {
      const next = { heartbeat, changedAt: now, isAlive: seen !== undefined };
      this.#others.set(name, next);
      return next;
    }
    return now - seen.changedAt > HEARTBEAT_TIMEOUT ? "Ended" : seen;
  }

  /** Takes over a directory with an atomic rename, so that only one engine succeeds. */
  async #take(name: string): Promise<string[]> {
    this.#others.delete(name);
    const target = join(this.path, `${TAKEN}${name}`);
    try {
      await rename(join(this.#root, name), target);
    } catch {
      return [];
    }
    return await this.#collect(target);
  }

  /**
   * Moves log directories into this directory. The directory of a stopped engine can also contain logs from other
   * engines.
   */
  async #collect(directory: string): Promise<string[]> {
    const collected: string[] = [];
    for (const name of (await readdir(directory)).toSorted()) {
      if (name.startsWith(TAKEN)) collected.push(...(await this.#collect(join(directory, name))));
      if (!ID.test(name)) continue;
      const target = join(this.path, name);
      await rename(join(directory, name), target);
      collected.push(target);
    }
    await rm(join(directory, HEARTBEAT_FILE), { force: true });
    await rmdir(directory).catch(() => undefined);
    return collected;
  }
}
