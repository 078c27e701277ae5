import { EngineError } from "../../../errors.ts";
import type { ObjectLimits } from "../limits.ts";

/** Size of one block of a part, in bytes. */
export const BLOCK_BYTES = 64 * 1024;
/** Maximum share of one account. The rest of the memory remains for other accounts. */
const ACCOUNT_SHARE = 2 / 3;
/** Maximum number of unused blocks to keep for later uploads. */
const KEPT_BLOCKS = 64;

/** Memory for the parts of all uploads, and temporary files for parts that do not fit. */
export class UploadMemory {
  /** Directory of temporary files. */
  readonly directory: string;
  readonly #limits: Pick<ObjectLimits, "uploadMemory" | "spoolBytes">;
  readonly #unused: Buffer[] = [];
  readonly #byAccount = new Map<string, number>();
  #taken = 0;
  #spooled = 0;

  constructor(limits: Pick<ObjectLimits, "uploadMemory" | "spoolBytes">, directory: string) {
    this.#limits = limits;
    this.directory = directory;
  }

  /** Number of bytes in use. */
  get taken(): number {
    return this.#taken * BLOCK_BYTES;
  }

  /** Returns whether `take` would return a block to the account. */
  hasRoom(account: string): boolean {
    const blocks = this.#limits.uploadMemory / BLOCK_BYTES;
    const ofAccount = this.#byAccount.get(account) ?? 0;
    return this.#taken + 1 <= blocks && ofAccount + 1 <= blocks * ACCOUNT_SHARE;
  }

  /** Returns a block. Undefined when the memory of the account or of all uploads is used up. */
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
   * Reserves bytes for a temporary file. A negative number releases bytes.
   * @throws EngineError TooManyTransfers when all temporary files together would be too large
   */
  spool(bytes: number): void {
    if (this.#spooled + bytes > this.#limits.spoolBytes)
      throw new EngineError("TooManyTransfers", "Too many concurrent uploads; try again later");
    this.#spooled += bytes;
  }
}
