import type { ByteRange } from "../protocol/byte-range.ts";

/** Incomplete upload whose size the engine has sent in a SIZE reply. */
export interface Resumable {
  /** Virtual path of the target file. */
  path: string;
  /** Number of stored bytes. */
  offset: number;
}

/** Values that preparatory commands set for a later command. A session stores at most one value of each kind. */
export interface PendingPrefixes {
  /** Range from REST (RFC 3659 section 5) or RANG (draft-bryan-ftp-range). `undefined` means the complete file. */
  range: ByteRange | undefined;
  /** Virtual path from RNFR (RFC 959 section 4.1.3). */
  rename: string | undefined;
  /** Virtual path from SITE CPFR. */
  copy: string | undefined;
  /**
   * Incomplete upload whose size the last SIZE reply returned. The next APPE resumes this upload. Clients such as curl
   * and scripts in Ruby, Perl and Python resume uploads with SIZE and APPE.
   */
  resumable: Resumable | undefined;
}

export type PrefixKind = keyof PendingPrefixes;

/** Kinds of prepared values that a command replaces or uses. */
export interface PrefixRule {
  prepares?: PrefixKind;
  uses?: PrefixKind;
}

const NOTHING: PendingPrefixes = {
  range: undefined,
  rename: undefined,
  copy: undefined,
  resumable: undefined,
};

/**
 * Prepared values that the session has not used yet.
 * A value remains until the command that uses it, the next preparatory command of the same kind, or REIN. A command
 * that uses a value discards it even if the command fails.
 * RFC 3659 section 5.3 requires REST immediately before the transfer command. The engine keeps the offset longer,
 * because clients send EPSV, TYPE, NOOP and SIZE after REST. Without the offset, an upload would replace the entire
 * file.
 */
export class PendingStore {
  #pending = NOTHING;
  #used = NOTHING;

  /** Values that the running command can use. */
  get used(): Readonly<PendingPrefixes> {
    return this.#used;
  }

  /** Begins a command. Takes the values that the command uses. Discards the values that the command replaces. */
  begin({ prepares, uses }: PrefixRule): void {
    this.#used = uses === undefined ? NOTHING : { ...NOTHING, [uses]: this.#pending[uses] };
    for (const kind of [prepares, uses])
      if (kind !== undefined && this.#pending[kind] !== undefined)
        this.#pending = { ...this.#pending, [kind]: undefined };
  }

  set(prefix: Partial<PendingPrefixes>): void {
    this.#pending = { ...this.#pending, ...prefix };
  }

  /**
   * Takes the size of the incomplete upload to `path` if a SIZE reply has reported this size. Keeps the size of an
   * incomplete upload to another path.
   */
  takeResumable(path: string): number | undefined {
    const { resumable } = this.#pending;
    if (resumable?.path !== path) return undefined;
    this.#pending = { ...this.#pending, resumable: undefined };
    return resumable.offset;
  }

  clear(): void {
    this.#pending = NOTHING;
    this.#used = NOTHING;
  }
}
