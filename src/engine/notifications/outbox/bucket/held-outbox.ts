import { EngineError } from "../../../errors.ts";
import type { Condition } from "../../../storage/object/object-store.ts";
import { BUCKET_LEASE_TIMEOUT } from "../../limits.ts";
import type { BatchLog } from "./batch-log.ts";
import { Lease, type LeaseTarget } from "./lease.ts";

/** Outbox in a bucket whose events this engine delivers: its own outbox, or the outbox of a stopped engine. */
export class HeldOutbox {
  /** Logs by notification name. */
  readonly logs: Map<string, BatchLog>;
  readonly #target: LeaseTarget;
  #lease: Lease | undefined;
  #isLost = false;
  /** Number of running appends. */
  #appending = 0;
  /** The latest change to the lease. Changes run one after another. */
  #change: Promise<unknown> = Promise.resolve();

  constructor(target: LeaseTarget, logs: Map<string, BatchLog>) {
    this.#target = target;
    this.logs = logs;
  }

  /** Whether another engine has acquired the lease. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Acquires the lease if the lease object has the given state. */
  async take(state: Condition["condition"]): Promise<boolean> {
    this.#lease = await Lease.take(this.#target, state);
    return this.#lease !== undefined;
  }

  /** Appends lines while this engine holds the lease, so that another engine can find the lines after a crash. */
  async append(log: BatchLog, lines: readonly string[]): Promise<number> {
    this.#appending += 1;
    try {
      await this.#inOrder(() => this.#hold());
      return await log.append(lines);
    } finally {
      this.#appending -= 1;
    }
  }

  /** Renews the lease, or removes the lease of an empty outbox. Returns whether the outbox is empty. */
  async maintain(): Promise<boolean> {
    const isEmpty = await this.#inOrder(async () => {
      const isUnused = this.#appending === 0 && this.#isEmpty;
      if (this.#lease === undefined || this.#isLost) return isUnused;
      if (!isUnused) await this.#renew(this.#lease);
      else await this.#end(this.#lease);
      return isUnused;
    });
    for (const log of this.logs.values()) await log.flush();
    return isEmpty;
  }

  /**
   * Removes the lease of an empty outbox. Releases the lease of any other outbox, so that another engine can acquire it
   * immediately.
   */
  async close(): Promise<void> {
    for (const log of this.logs.values()) await log.flush().catch(() => undefined);
    const lease = this.#lease;
    if (lease === undefined || this.#isLost) return;
    await (this.#isEmpty ? this.#end(lease) : lease.release());
  }

  get #isEmpty(): boolean {
    return [...this.logs.values()].every(({ isEmpty }) => isEmpty);
  }

  async #hold(): Promise<void> {
    const lease = this.#lease;
    if (lease === undefined) await this.take("Absent");
    // A paused engine must not write to an outbox that another engine has taken.
    else if (lease.silence > BUCKET_LEASE_TIMEOUT / 2) await this.#renew(lease);
    if (this.#lease === undefined) this.#isLost = true;
    if (this.#isLost) throw new EngineError("Conflict", "Another engine has taken over the stored events");
  }

  async #renew(lease: Lease): Promise<void> {
    if (!(await lease.renew())) this.#isLost = true;
  }

  async #end(lease: Lease): Promise<void> {
    await lease.end();
    this.#lease = undefined;
  }

  #inOrder<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#change.then(change, change);
    this.#change = next;
    return next;
  }
}
