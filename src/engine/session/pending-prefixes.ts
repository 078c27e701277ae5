import type { ByteRange } from "../protocol/byte-range.ts";

/** Size of an incomplete upload that SIZE returned to the client. */
export interface Resumable {
  /** Virtual path of the file that the upload was for. */
  path: string;
  /** Bytes that are there. */
  offset: number;
}

/** Values that preparatory commands set for a later command. At most one of each kind. */
export interface PendingPrefixes {
  /** REST (RFC 3659 section 5) or RANG (draft-bryan-ftp-range); undefined: the complete file. */
  range: ByteRange | undefined;
  /** Virtual path that RNFR named (RFC 959 section 4.1.3). */
  rename: string | undefined;
  /** Virtual path that SITE CPFR named. */
  copy: string | undefined;
  /** SIZE of an incomplete upload, which APPE then resumes. curl and scripts in Ruby, Perl and Python do this. */
  resumable: Resumable | undefined;
}

export type PrefixKind = keyof PendingPrefixes;

/** The kinds that a command replaces, and the kinds that it uses. */
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
 * Values that a session has prepared and not used yet. Three commands end a value: the command that uses it and the next
 * preparatory command of its kind, even if they fail, and REIN. RFC 3659 section 5.3 requires REST to be the last command before
 * its transfer. Clients send EPSV, TYPE, NOOP and SIZE in between, and without the offset a file would be replaced.
 */
export class PendingStore {
  #pending = NOTHING;
  #used = NOTHING;

  /** The values that the running command may use. */
  get used(): Readonly<PendingPrefixes> {
    return this.#used;
  }

  /** Begins a command: takes the values that it uses, and discards those that it replaces. */
  begin({ prepares, uses }: PrefixRule): void {
    this.#used = uses === undefined ? NOTHING : { ...NOTHING, [uses]: this.#pending[uses] };
    for (const kind of [prepares, uses])
      if (kind !== undefined && this.#pending[kind] !== undefined)
        this.#pending = { ...this.#pending, [kind]: undefined };
  }

  set(prefix: Partial<PendingPrefixes>): void {
    this.#pending = { ...this.#pending, ...prefix };
  }

  /** Takes the size of the incomplete upload to `path`, if SIZE returned it. The size for another path stays. */
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
