import type { EngineUser } from "../../api/engine-config.ts";
import { hashKind } from "../../api/password-hash.ts";
import { EngineError } from "../errors.ts";
import type { Account, Authenticator } from "./auth.ts";
import { verifyPassword } from "./verify-password.ts";

/** Hashes computed at once. Each may take a core and tens of megabytes, and a thread that files need too. */
const MAX_CONCURRENT = 2;
/** Logins that may wait for their turn; one more is told to come back later. */
const MAX_WAITING = 256;

/** A hash that no password has, with the cost of the operator's own. */
const NOBODY_S_HASH = `$scrypt$ln=14,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;

interface Known {
  account: Account;
  /** Undefined: no password logs in. */
  hash: string | undefined;
}

/** The users of the configuration. */
export class VirtualUsers implements Authenticator {
  #users: ReadonlyMap<string, Known> = new Map();
  #decoy = NOBODY_S_HASH;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(users: readonly EngineUser[]) {
    this.replace(users);
  }

  /** Takes the users of a new configuration; sessions find their changed account with `current`. */
  replace(users: readonly EngineUser[]): void {
    this.#users = new Map(
      users.map(({ name, passwordHash, homeDirectory, permissions }) => [
        name,
        { hash: passwordHash, account: { name, homeDirectory, permissions: new Set(permissions) } },
      ]),
    );
    this.#decoy = commonestKind(users.flatMap(({ passwordHash }) => passwordHash ?? [])) ?? NOBODY_S_HASH;
  }

  current(name: string): Account | undefined {
    return this.#users.get(name)?.account;
  }

  /** @throws EngineError TimedOut when too many logins wait already */
  async login(name: string, password: string): Promise<Account | undefined> {
    await this.#turn();
    try {
      const known = this.#users.get(name);
      // A name that does not exist costs what the others cost.
      const matches = await verifyPassword(known?.hash ?? this.#decoy, password);
      return matches && known?.hash !== undefined ? known.account : undefined;
    } finally {
      // A place is handed on, so that no newcomer takes it in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= MAX_CONCURRENT) {
      if (this.#waiting.length >= MAX_WAITING)
        throw new EngineError("TimedOut", "Too many logins at once; try again");
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
  }
}

/** A hash of the kind that most users have: with another, an unknown name would show by its time. */
function commonestKind(hashes: readonly string[]): string | undefined {
  const byKind = Map.groupBy(hashes, hashKind);
  return [...byKind.values()].toSorted((a, b) => b.length - a.length)[0]?.[0];
}
