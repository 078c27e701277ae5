import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../common/clock.ts";

/** Time in milliseconds during which the engine accepts a verified password without another verification. */
export const VERIFIED_FOR = 5 * 60_000;
/** Maximum number of users with a stored authentication code. At the limit, the engine removes the oldest code. */
export const MAX_VERIFIED = 10_000;

/** Password of a login attempt and the hash for its verification. */
export interface PasswordAttempt {
  name: string;
  hash: string;
  password: string;
}

interface Verified {
  tag: Buffer;
  /** Expiry in milliseconds since the epoch. */
  until: number;
}

/**
 * Recognizes recently verified passwords, so that repeated logins require no hash computation. For each password, the
 * engine stores a message authentication code, which is computed with a per-process key. The code includes the password
 * hash, so a code that was stored before a password change never matches. The engine stores codes only for correct
 * passwords, so every wrong password requires a hash computation.
 */
export class VerifiedPasswords {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);
  /** Comparison value for names without a stored code, so that every comparison takes the same time. */
  readonly #nothing = randomBytes(32);
  /** Stored codes, keyed by user name, in verification order. */
  readonly #verified = new Map<string, Verified>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns whether the password was recently verified with the hash. */
  has(attempt: PasswordAttempt): boolean {
    const verified = this.#verified.get(attempt.name);
    const isSame = timingSafeEqual(this.#tagOf(attempt), verified?.tag ?? this.#nothing);
    return isSame && verified !== undefined && verified.until > this.#clock.now();
  }

  add(attempt: PasswordAttempt): void {
    const now = this.#clock.now();
    this.#verified.delete(attempt.name);
    this.#verified.set(attempt.name, { tag: this.#tagOf(attempt), until: now + VERIFIED_FOR });
    for (const [name, { until }] of this.#verified) {
      if (until > now && this.#verified.size <= MAX_VERIFIED) break;
      this.#verified.delete(name);
    }
  }

  /** Removes the codes of users for which `isKept` returns false. */
  keep(isKept: (name: string) => boolean): void {
    for (const name of this.#verified.keys()) if (!isKept(name)) this.#verified.delete(name);
  }

  #tagOf({ name, hash, password }: PasswordAttempt): Buffer {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([name, hash, password]))
      .digest();
  }
}
