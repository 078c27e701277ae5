import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../control/clock.ts";

/** How long a verified password counts without being verified again. Milliseconds. */
export const VERIFIED_FOR = 5 * 60_000;
/** Users whose passwords are remembered; the one that was verified first is forgotten first. */
export const MAX_VERIFIED = 10_000;

/** A password that a user tries, and the hash that it is compared with. */
export interface PasswordAttempt {
  name: string;
  hash: string;
  password: string;
}

interface Verified {
  tag: Buffer;
  /** Milliseconds since the epoch. */
  until: number;
}

/**
 * Passwords that were verified a short time ago, so that a client that logs in again and again costs no hash each time. What is kept
 * of a password is a message authentication code under a key that exists in this process only; it covers the hash, so a user with a
 * new password starts from nothing. Only right passwords are kept: each wrong one is hashed.
 */
export class VerifiedPasswords {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);
  /** Compared with where nothing is kept, so that this takes the same time. */
  readonly #nothing = randomBytes(32);
  /** By user name, in the order of verification. */
  readonly #verified = new Map<string, Verified>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether this password was verified with this hash. */
  has(attempt: PasswordAttempt): boolean {
    const verified = this.#verified.get(attempt.name);
    const isSame = timingSafeEqual(this.#tagOf(attempt), verified?.tag ?? this.#nothing);
    return isSame && verified !== undefined && verified.until > this.#clock.now();
  }

  /** Keeps a password that was just verified. */
  add(attempt: PasswordAttempt): void {
    const now = this.#clock.now();
    this.#verified.delete(attempt.name);
    this.#verified.set(attempt.name, { tag: this.#tagOf(attempt), until: now + VERIFIED_FOR });
    for (const [name, { until }] of this.#verified) {
      if (until > now && this.#verified.size <= MAX_VERIFIED) break;
      this.#verified.delete(name);
    }
  }

  /** Forgets the passwords of the users that the condition does not hold for. */
  keep(isKept: (name: string) => boolean): void {
    for (const name of this.#verified.keys()) if (!isKept(name)) this.#verified.delete(name);
  }

  #tagOf({ name, hash, password }: PasswordAttempt): Buffer {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([name, hash, password]))
      .digest();
  }
}
