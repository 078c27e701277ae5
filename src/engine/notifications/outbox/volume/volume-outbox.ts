import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../../../common/clock.ts";
import { HEARTBEAT_PERIOD, HEARTBEAT_TIMEOUT } from "../../limits.ts";
import type { EventLog } from "../event-log.ts";
import type { Outbox, OutboxListener } from "../outbox.ts";
import { OwnerDirectory } from "./owner-directory.ts";
import { SegmentLog } from "./segment-log.ts";

/** Stored events for all notifications of this engine, in a directory. */
export class VolumeOutbox implements Outbox {
  readonly #owner: OwnerDirectory;
  readonly #logs = new Map<string, SegmentLog>();
  /** Logs of stopped engines. */
  readonly #taken: SegmentLog[] = [];
  readonly #listener: OutboxListener;
  readonly #closing = new AbortController();
  #beating: Promise<void> = Promise.resolve();
  #isReady = false;

  private constructor(owner: OwnerDirectory, listener: OutboxListener) {
    this.#owner = owner;
    this.#listener = listener;
  }

  static async open(
    directory: string,
    names: readonly string[],
    clock: Clock,
    listener: OutboxListener,
  ): Promise<VolumeOutbox> {
    const owner = await OwnerDirectory.create(directory, clock);
    const outbox = new VolumeOutbox(owner, listener);
    for (const name of names) outbox.#logs.set(name, await SegmentLog.open(join(owner.logs, name)));
    return outbox;
  }

  start(): void {
    this.#beating = this.#beat();
  }

  log(name: string): EventLog | undefined {
    return this.#logs.get(name);
  }

  async append(name: string, lines: readonly string[], sync: boolean): Promise<number> {
    if (this.#isSilent) await this.#owner.beat();
    return (await this.#logs.get(name)?.append(lines, sync)) ?? 0;
  }

  appendNow(name: string, lines: readonly string[]): boolean {
    return !this.#isSilent && this.#logs.get(name)?.appendNow(lines) === true;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#beating;
    const isEmpty = [...this.#logs.values(), ...this.#taken].every(({ pending }) => pending === 0);
    await this.#owner.close(isEmpty).catch((error: unknown) => this.#listener.onError(error));
  }

  /** A paused engine must not write to a log that another engine has taken over. */
  get #isSilent(): boolean {
    return this.#owner.silence > HEARTBEAT_TIMEOUT / 2;
  }

  async #beat(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#owner.beat();
        await this.#takeOver();
      } catch (error) {
        if (isMissing(error)) return this.#listener.onLost();
        this.#listener.onError(error);
      }
      await sleep(HEARTBEAT_PERIOD, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #takeOver(): Promise<void> {
    const { taken, isUndecided } = await this.#owner.takeOver();
    for (const directory of taken) {
      for (const name of await readdir(directory)) {
        const log = await SegmentLog.open(join(directory, name));
        this.#taken.push(log);
        if (!this.#listener.onTaken(name, log)) await log.remove();
      }
      if ((await readdir(directory)).length === 0) await rm(directory, { recursive: true });
    }
    if (this.#isReady || isUndecided) return;
    this.#isReady = true;
    this.#listener.onReady();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
