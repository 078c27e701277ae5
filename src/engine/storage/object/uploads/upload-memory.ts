import { EngineError } from "../../../errors.ts";
import type { ObjectLimits } from "../limits.ts";

/** Size of a memory block in bytes. */
export const BLOCK_BYTES = 64 * 1024;
/** Maximum share of the memory and of the temporary files for one account, so that space remains for other accounts. */
const ACCOUNT_SHARE = 2 / 3;
/** Maximum number of unused blocks that are kept for later uploads. */
const KEPT_BLOCKS = 64;

/** Memory for the parts of all uploads, and temporary files for parts that do not fit into memory. */
export class UploadMemory {
  /** Directory of temporary files. */
  readonly directory: string;
  readonly #limits: Pick<ObjectLimits, "uploadMemory" | "spoolBytes">;
  readonly #unused: Buffer[] = [];
  readonly #byAccount = new Map<string, number>();
  #taken = 0;
  readonly #spooledBy = new Map<string, number>();
  #spooled = 0;

  constructor(limits: Pick<ObjectLimits, "uploadMemory" | "spoolBytes">, directory: string) {
    this.#limits = limits;
    this.directory = directory;
  }

  /** Number of bytes in use. */
  get taken(): number {
    return this.#taken * BLOCK_BYTES;
  }

  /** Returns whether the account can take a block. */
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
   * Adds bytes to the total size of the temporary files. A negative number releases bytes.
   * @throws EngineError TooManyTransfers if the total size or the share of the account exceeds its limit
   */
  spool(account: string, bytes: number): void {
    const { spoolBytes } = this.#limits;
    const ofAccount = (this.#spooledBy.get(account) ?? 0) + bytes;
    if (bytes > 0 && (this.#spooled + bytes > spoolBytes || ofAccount > spoolBytes * ACCOUNT_SHARE))
      throw new EngineError("TooManyTransfers", "Too many concurrent uploads; try again later");
    this.#spooled += bytes;
    if (ofAccount > 0) this.#spooledBy.set(account, ofAccount);
    else this.#spooledBy.delete(account);
  }
}
