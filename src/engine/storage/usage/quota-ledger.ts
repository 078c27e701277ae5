import type { EngineQuota } from "../../../api/engine-config.ts";
import { EngineError } from "../../errors.ts";
import type { Usage } from "../storage.ts";
import type { Claim, HomeUsage } from "./home-usage.ts";
import type { EndMove, Growth, Measurable, Reservation, UsageLedger } from "./usage-ledger.ts";

/**
 * Keeps a home within an account's quota. Lowering the quota does not remove any files. Without a quota, the ledger
 * records nothing, and the next count of the home includes the changes.
 */
export class QuotaLedger implements UsageLedger {
  readonly usage: HomeUsage;
  readonly #home: Measurable;
  readonly #quota: () => EngineQuota;

  /** @param quota returns the current quota for each decision, because the quota can change at any time */
  constructor(home: Measurable, usage: HomeUsage, quota: () => EngineQuota) {
    this.#home = home;
    this.usage = usage;
    this.#quota = quota;
  }

  get isExact(): boolean {
    const { bytes, files } = this.#quota();
    return bytes !== undefined || files !== undefined;
  }

  async available(): Promise<number> {
    const { bytes } = this.#quota();
    if (bytes === undefined) return Infinity;
    await this.usage.ready(this.#home);
    return Math.max(0, bytes - this.usage.now.bytes);
  }

  ready(): Promise<void> | undefined {
    return this.isExact ? this.usage.ready(this.#home) : undefined;
  }

  exclusively<T>(change: () => Promise<T>): Promise<T> {
    return this.usage.exclusively(change);
  }

  reserve(growth: Growth): Reservation | undefined {
    if (!this.isExact) return undefined;
    const rejection = this.rejection({ bytes: 0, files: growth.files });
    if (rejection !== undefined) throw rejection;
    return new QuotaReservation(this, growth);
  }

  removed({ bytes, files }: Usage, shortened?: string): void {
    if (shortened !== undefined) this.usage.shortened(shortened);
    if (this.isExact) this.usage.change({ bytes: -bytes, files: -files });
  }

  startMove(): EndMove {
    return this.usage.startMove();
  }

  /** Returns an error if the growth exceeds the quota. Returns undefined if the growth fits. Removal always fits. */
  rejection(growth: Usage): EngineError | undefined {
    const { now } = this.usage;
    for (const what of ["bytes", "files"] as const) {
      const limit = this.#quota()[what];
      if (growth[what] > 0 && limit !== undefined && now[what] + growth[what] > limit)
        return new EngineError("QuotaExceeded", `Quota exceeded: quota.${what} is ${limit}`);
    }
    return undefined;
  }
}

/** Reserves the bytes of an upload that exceed the reused bytes. */
class QuotaReservation implements Reservation {
  readonly isExact = true;
  isExceeded = false;
  readonly #ledger: QuotaLedger;
  readonly #claim: Claim;
  /** Bytes and files that count toward the usage while the upload runs. */
  readonly #held: { bytes: number; files: number };
  /** Number of completed counts when `hold` was called. */
  #countsAtHold: number | undefined;
  readonly #forget: () => void;
  /** Number of files that the ledger recorded when the upload started. */
  readonly #files: number;
  /** Offset of the next byte. */
  #position: number;
  #hasEnded = false;

  constructor(ledger: QuotaLedger, { file, start, reuses, files }: Growth) {
    const { usage } = ledger;
    this.#ledger = ledger;
    this.#claim = file === "Temporary" ? usage.claim(reuses) : usage.overwrite(reuses[0]);
    this.#position = start;
    this.#held = { bytes: Math.max(0, start - this.#claim.bytes), files: 0 };
    this.#forget = usage.hold(this.#held);
    this.#files = file === "Temporary" ? 0 : files;
    usage.change({ bytes: 0, files: this.#files });
  }

  fits(bytes: number): boolean {
    return this.#rejectionOf(bytes) === undefined;
  }

  grow(bytes: number): undefined {
    const rejection = this.#rejectionOf(bytes);
    if (rejection !== undefined) {
      this.isExceeded = true;
      throw rejection;
    }
    this.#position += bytes;
    this.#held.bytes = this.#bytesAt(this.#position);
  }

  rejection({ bytes, files }: Usage): EngineError | undefined {
    return this.#ledger.rejection({ bytes: bytes - this.#held.bytes, files: files - this.#held.files });
  }

  hold(growth: Usage): void {
    Object.assign(this.#held, grown(growth));
    this.#countsAtHold = this.#ledger.usage.counts;
  }

  settle(growth: Usage = { bytes: this.#bytesAt(this.#position), files: 0 }): void {
    // A count that was completed after `hold` can include the new file instead of the replaced file.
    const isCounted = this.#countsAtHold !== undefined && this.#countsAtHold !== this.#ledger.usage.counts;
    this.#end(isCounted ? grown(growth) : growth);
  }

  release(): void {
    this.#end({ bytes: 0, files: -this.#files });
  }

  #end(growth: Usage): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#forget();
    this.#claim.release();
    this.#ledger.usage.change(growth);
  }

  #rejectionOf(bytes: number): EngineError | undefined {
    return this.rejection({ bytes: this.#bytesAt(this.#position + bytes), files: 0 });
  }

  /** Returns the bytes that count toward the quota when the upload has the given length. */
  #bytesAt(position: number): number {
    return Math.max(0, position - this.#claim.bytes);
  }
}

function grown({ bytes, files }: Usage): Usage {
  return { bytes: Math.max(0, bytes), files: Math.max(0, files) };
}
