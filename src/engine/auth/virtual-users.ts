import {
  ANONYMOUS,
  CHECK_USER,
  type EngineConfig,
  type EngineUser,
  isAnonymous,
} from "../../api/engine-config.ts";
import { modesOf } from "../../api/file-modes.ts";
import { isExpensive } from "../../api/hash-cost.ts";
import { parseHash } from "../../api/password-hash.ts";
import type { Owner } from "../../common/fair-queue.ts";
import { type Clock, systemClock } from "../../common/clock.ts";
import { NetworkList } from "../../common/network-list.ts";
import {
  anonymousAccount,
  accountOf,
  type Account,
  type Lock,
  lockOf,
  CHECK_ACCOUNT,
  hasToken,
} from "./account.ts";
import { type Authenticator, isAccount, type LoginOptions, type LoginResult } from "./authenticator.ts";
import { decoyHash, verifyPassword } from "./password-verifier.ts";
import { LoginQueue } from "./login-queue.ts";
import { type PasswordAttempt, VerifiedPasswords } from "./verified-passwords.ts";

interface Known {
  user: EngineUser;
  account: Account;
  /** Undefined: no password logs in. */
  hash: string | undefined;
  /** Undefined: may come from everywhere. */
  clients: NetworkList | undefined;
  /** Of its FtpUser; empty for users of the server's own spec. */
  namespace: string;
}

type Users = Pick<EngineConfig, "users" | "anonymous" | "check" | "files">;

/** What the users of a configuration are verified with. Tests replace them. */
interface Verification {
  verify: typeof verifyPassword;
  queue: LoginQueue;
  verified: VerifiedPasswords;
  clock: Clock;
}

/** The users of the configuration. */
export class VirtualUsers implements Authenticator {
  #users: ReadonlyMap<string, Known> = new Map();
  #anonymous: Pick<Known, "account" | "clients"> | undefined;
  #check: Users["check"];
  #decoy = decoyHash([]);
  readonly #verify: Verification["verify"];
  readonly #queue: LoginQueue;
  readonly #verified: VerifiedPasswords;
  readonly #clock: Clock;

  constructor(config: Users, verification: Partial<Verification> = {}) {
    this.#clock = verification.clock ?? systemClock;
    this.#verify = verification.verify ?? verifyPassword;
    this.#queue = verification.queue ?? new LoginQueue();
    this.#verified = verification.verified ?? new VerifiedPasswords(this.#clock);
    this.replace(config);
  }

  /** Takes the users of a new configuration; sessions find their changed account with `current`. */
  replace({ users, anonymous, check, files }: Users): void {
    const modes = modesOf(files);
    const before = this.#users;
    this.#users = new Map(
      users.map((user) => [
        user.name,
        {
          user,
          hash: user.passwordHash,
          account: accountOf(user, modes),
          clients: networksOf(user),
          namespace: user.namespace ?? "",
        },
      ]),
    );
    this.#check = check;
    this.#anonymous = anonymous && {
      account: anonymousAccount(anonymous, modes),
      clients: networksOf(anonymous),
    };
    this.#decoy = decoyHash(users.flatMap(({ passwordHash }) => passwordHash ?? []));
    this.#verified.keep((name) => this.#users.get(name)?.hash === before.get(name)?.hash);
  }

  current(name: string): Account | undefined {
    if (name === CHECK_USER) return this.#check && CHECK_ACCOUNT;
    const known = this.#users.get(name);
    if (known !== undefined) return this.#lockOn(known) === undefined ? known.account : undefined;
    return name === ANONYMOUS ? this.#anonymous?.account : undefined;
  }

  lockOf(name: string): Lock | undefined {
    const known = this.#users.get(name);
    return known && this.#lockOn(known);
  }

  byCertificate(name: string, client: string): LoginResult {
    const known = this.#users.get(name);
    if (known === undefined || known.clients?.has(client) === false) return undefined;
    return this.#lockOn(known) ?? known.account;
  }

  async login(
    name: string,
    password: string,
    client: string,
    options: LoginOptions = {},
  ): Promise<LoginResult> {
    const known = this.#users.get(name);
    const unhashed = known === undefined ? this.#withoutHash(name, password, client) : undefined;
    if (unhashed !== undefined) return unhashed;
    // A name that does not exist, or not for this client, takes as long as the others.
    const attempt = { name, password, hash: known?.hash ?? this.#decoy };
    const remembered = this.#remembered(attempt, client);
    if (remembered !== undefined) return remembered;
    const hash = parseHash(attempt.hash);
    return await this.#queue.run(() => this.#verifyInTurn(attempt, client, options), {
      owner: this.#ownerOf(attempt, client, options.key ?? client),
      client: options.key ?? client,
      expensive: hash !== undefined && isExpensive(hash),
      signal: options.signal,
    });
  }

  async #verifyInTurn(
    attempt: PasswordAttempt,
    client: string,
    { isBanned }: LoginOptions,
  ): Promise<LoginResult> {
    if (isBanned?.() === true) return undefined;
    const remembered = this.#remembered(attempt, client);
    if (remembered !== undefined) return remembered;
    const matches = await this.#verify(attempt.hash, attempt.password);
    const result = matches ? this.#entitled(attempt, client) : undefined;
    if (isAccount(result)) this.#verified.add(attempt);
    return result;
  }

  /**
   * Looked up for every attempt, so that a name that does not exist takes the same time. Only an account that can be used is found:
   * for another one the hash is computed as for a wrong password.
   */
  #remembered(attempt: PasswordAttempt, client: string): Account | undefined {
    const result = this.#verified.has(attempt) ? this.#entitled(attempt, client) : undefined;
    return isAccount(result) ? result : undefined;
  }

  /** Looked up again after the wait, because the hash, the allowed clients or the state of the account may have changed. */
  #entitled({ name, hash }: PasswordAttempt, client: string): LoginResult {
    const known = this.#users.get(name);
    if (known?.hash !== hash || known.clients?.has(client) === false) return undefined;
    return this.#lockOn(known) ?? known.account;
  }

  #lockOn({ user }: Known): Lock | undefined {
    return lockOf(user, this.#clock.now());
  }

  /** Unknown names, and names that cannot log in from this client, share one part of the queue, so that many of them delay no user. */
  #ownerOf(attempt: PasswordAttempt, client: string, key: string): Owner {
    const namespace = this.#users.get(attempt.name)?.namespace ?? "";
    const isEntitled = isAccount(this.#entitled(attempt, client));
    return isEntitled ? [`namespace ${namespace}`, attempt.name, key] : ["nobody", key];
  }

  /** Accounts whose password is none, or a random token that needs no slow hash. */
  #withoutHash(name: string, password: string, client: string): Account | undefined {
    if (name === CHECK_USER) return hasToken(this.#check, password) ? CHECK_ACCOUNT : undefined;
    if (!isAnonymous(name) || this.#anonymous?.clients?.has(client) === false) return undefined;
    return this.#anonymous?.account;
  }
}

function networksOf({ allowedClients }: Pick<EngineUser, "allowedClients">): NetworkList | undefined {
  return allowedClients?.length ? new NetworkList(allowedClients) : undefined;
}
