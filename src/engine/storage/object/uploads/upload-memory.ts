import { Semaphore } from "../../../../common/semaphore.ts";
import { EngineError } from "../../../errors.ts";
import type { ObjectLimits } from "../limits.ts";

/** Size of a memory block in bytes. */
export const BLOCK_BYTES = 64 * 1024;
/** Maximum share of the memory that one account can use, so that memory remains for other accounts. */
const ACCOUNT_SHARE = 2 / 3;
/** Maximum share of the unused common space for temporary files that one account can use. */
const COMMON_SHARE = 1 / 2;
/** Maximum number of unused blocks that remain allocated for later uploads. */
const KEPT_BLOCKS = 64;

type MemoryLimits = Pick<
  ObjectLimits,
  "uploadMemory" | "spoolBytes" | "spoolRequests" | "spoolGuarantee" | "spoolAccounts"
>;

/** Memory for the parts of all uploads, and temporary files for parts that do not fit into memory. */
export class UploadMemory {
  /** Directory of temporary files. */
  readonly directory: string;
  readonly #limits: MemoryLimits;
  readonly #spoolRequests: Semaphore;
  readonly #unused: Buffer[] = [];
  readonly #byAccount = new Map<string, number>();
  #taken = 0;
  readonly #spooledBy = new Map<string, number>();
  #spooled = 0;
  /** Total size in bytes of the temporary files in the common space. */
  #common = 0;

  constructor(limits: MemoryLimits, directory: string) {
    this.#limits = limits;
    this.directory = directory;
    this.#spoolRequests = new Semaphore(limits.spoolRequests);
  }

  /** Size in bytes of the memory that uploads use. */
  get taken(): number {
    return this.#taken * BLOCK_BYTES;
  }

  /** Returns whether a memory block is available for the account. */
  hasRoom(account: string): boolean {
    const blocks = this.#limits.uploadMemory / BLOCK_BYTES;
    const ofAccount = this.#byAccount.get(account) ?? 0;
    return this.#taken + 1 <= blocks && ofAccount + 1 <= blocks * ACCOUNT_SHARE;
  }

  /** Returns a block, or undefined if the account or all uploads have used their memory. */
  take(account: string): Buffer | undefined {
    if (!this.hasRoom(account)) return undefined;
    this.#taken += 1;
    this.#byAccount.set(account, (this.#byAccount.get(account) ?? 0) + 1);
    return this.#unused.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  }

  giveBack(account: string, blocks: readonly Buffer[]): void {
    this.#taken -= blocks.length;
    const left = (this.#byAccount.get(account) ?? 0) - blocks.length;
    if (left > 0) this.#byAccount.set(account, left);
    else this.#byAccount.delete(account);
    this.#unused.push(...blocks.slice(0, KEPT_BLOCKS - this.#unused.length));
  }

  /**
   * Runs a request that sends a temporary file. While the maximum number of requests is running, accounts wait for
   * permits in round-robin order.
   * @param signal ends the wait, but not a running request
   */
  sendSpooled<T>(account: string, request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#spoolRequests.run(request, { owner: [account], signal });
  }

  /**
   * Adds bytes to the total size of the temporary files. A negative number releases bytes. Each account can use its
   * guaranteed space and half of the unused common space. The common space is the total space minus the guaranteed
   * space of `spoolAccounts` accounts.
   * @throws EngineError TooManyTransfers if the account would exceed its share
   */
  spool(account: string, bytes: number): void {
    const { spoolBytes, spoolGuarantee, spoolAccounts } = this.#limits;
    const before = this.#spooledBy.get(account) ?? 0;
    const ofAccount = before + bytes;
    const common = Math.max(0, ofAccount - spoolGuarantee);
    const commonOfOthers = this.#common - Math.max(0, before - spoolGuarantee);
    const unused = spoolBytes - spoolAccounts * spoolGuarantee - commonOfOthers;
    const isExceeded = common > 0 && common > unused * COMMON_SHARE;
    if (bytes > 0 && (isExceeded || this.#spooled + bytes > spoolBytes))
      throw new EngineError(
        "TooManyTransfers",
        "Too many concurrent uploads by this account; try again later",
      );
    this.#spooled += bytes;
    this.#common = commonOfOthers + common;
    if (ofAccount > 0) this.#spooledBy.set(account, ofAccount);
    else this.#spooledBy.delete(account);
  }
}
