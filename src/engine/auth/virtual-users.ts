import { ANONYMOUS, CHECK_USER, type EngineConfig, isAnonymous } from "../../api/engine-config.ts";
import { hashKind } from "../../api/password-hash.ts";
import { EngineError } from "../errors.ts";
import { NetworkList } from "../networks.ts";
import { anonymousAccount } from "./anonymous.ts";
import { accountOf, type Account, type Authenticator } from "./auth.ts";
import { CHECK_ACCOUNT, hasToken } from "./check-account.ts";
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
  /** Undefined: may come from everywhere. */
  clients: NetworkList | undefined;
}

type Users = Pick<EngineConfig, "users" | "anonymous" | "check">;

/** The users of the configuration. */
export class VirtualUsers implements Authenticator {
  #users: ReadonlyMap<string, Known> = new Map();
  #anonymous: Account | undefined;
  #check: Users["check"];
  #decoy = NOBODY_S_HASH;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(config: Users) {
    this.replace(config);
  }

  /** Takes the users of a new configuration; sessions find their changed account with `current`. */
  replace({ users, anonymous, check }: Users): void {
    this.#users = new Map(
      users.map((user) => [
        user.name,
        {
          hash: user.passwordHash,
          account: accountOf(user),
          clients: user.allowedClients?.length ? new NetworkList(user.allowedClients) : undefined,
        },
      ]),
    );
    this.#check = check;
    this.#anonymous = anonymous && anonymousAccount(anonymous);
    this.#decoy = commonestKind(users.flatMap(({ passwordHash }) => passwordHash ?? [])) ?? NOBODY_S_HASH;
  }

  current(name: string): Account | undefined {
    if (name === CHECK_USER) return this.#check && CHECK_ACCOUNT;
    return this.#users.get(name)?.account ?? (name === ANONYMOUS ? this.#anonymous : undefined);
  }

  byCertificate(name: string, client: string): Account | undefined {
    const known = this.#users.get(name);
    return known?.clients?.has(client) === false ? undefined : known?.account;
  }

  /** @throws EngineError TimedOut when too many logins wait already */
  async login(name: string, password: string, client: string): Promise<Account | undefined> {
    const known = this.#users.get(name);
    const unhashed = known === undefined ? this.#withoutHash(name, password) : undefined;
    if (unhashed !== undefined) return unhashed;
    await this.#turn();
    try {
      // A name that does not exist, or not for this client, costs what the others cost.
      const matches = await verifyPassword(known?.hash ?? this.#decoy, password);
      const allowed = known?.hash !== undefined && known.clients?.has(client) !== false;
      return matches && allowed ? known.account : undefined;
    } finally {
      // A place is handed on, so that no newcomer takes it in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  /** Accounts whose password is none, or a random token that needs no slow hash. */
  #withoutHash(name: string, password: string): Account | undefined {
    if (name === CHECK_USER) return hasToken(this.#check, password) ? CHECK_ACCOUNT : undefined;
    return isAnonymous(name) ? this.#anonymous : undefined;
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
