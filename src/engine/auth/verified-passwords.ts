import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../common/clock.ts";

/** How long a verified password is accepted without another verification. Milliseconds. */
export const VERIFIED_FOR = 5 * 60_000;
/** Maximum number of users with a stored code. The one that was verified first is removed first. */
export const MAX_VERIFIED = 10_000;

/** The password of a login, and the hash that it is verified with. */
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
 * Passwords that were verified recently, so that repeated logins of a client need no hash computation. For each password, a
 * message authentication code under a key of this process is stored. The code covers the hash, so it does not match after a
 * change of the password. Only right passwords are stored, so each wrong one is hashed.
 */
export class VerifiedPasswords {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);
  /** Used for the comparison when no code is stored, so that it takes the same time. */
  readonly #nothing = randomBytes(32);
  /** By user name, in the order of verification. */
  readonly #verified = new Map<string, Verified>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns whether the password was verified with the hash recently. */
  has(attempt: PasswordAttempt): boolean {
    const verified = this.#verified.get(attempt.name);
    const isSame = timingSafeEqual(this.#tagOf(attempt), verified?.tag ?? this.#nothing);
    return isSame && verified !== undefined && verified.until > this.#clock.now();
  }

  /** Stores the code of a verified password. */
  add(attempt: PasswordAttempt): void {
    const now = this.#clock.now();
    this.#verified.delete(attempt.name);
    this.#verified.set(attempt.name, { tag: this.#tagOf(attempt), until: now + VERIFIED_FOR });
    for (const [name, { until }] of this.#verified) {
      if (until > now && this.#verified.size <= MAX_VERIFIED) break;
      this.#verified.delete(name);
    }
  }

  /** Removes the codes of users for which the condition is false. */
  keep(isKept: (name: string) => boolean): void {
    for (const name of this.#verified.keys()) if (!isKept(name)) this.#verified.delete(name);
  }

  #tagOf({ name, hash, password }: PasswordAttempt): Buffer {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([name, hash, password]))
      .digest();
  }
}
