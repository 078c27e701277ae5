import { ANONYMOUS, CHECK_USER, type EngineConfig, isAnonymous } from "../../api/engine-config.ts";
import { modesOf } from "../../api/file-modes.ts";
import { isExpensive } from "../../api/hash-cost.ts";
import { parseHash } from "../../api/password-hash.ts";
import type { Owner } from "../../common/fair-queue.ts";
import { systemClock } from "../control/clock.ts";
import { NetworkList } from "../networks.ts";
import { anonymousAccount } from "./anonymous.ts";
import { accountOf, type Account, type Authenticator, type LoginOptions } from "./auth.ts";
import { CHECK_ACCOUNT, hasToken } from "./check-account.ts";
import { decoyFor } from "./decoy.ts";
import { LoginQueue } from "./login-queue.ts";
import { type PasswordAttempt, VerifiedPasswords } from "./verified-passwords.ts";
import { verifyPassword } from "./verify-password.ts";

interface Known {
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
}

/** The users of the configuration. */
export class VirtualUsers implements Authenticator {
  #users: ReadonlyMap<string, Known> = new Map();
  #anonymous: Account | undefined;
  #check: Users["check"];
  #decoy = decoyFor([]);
  readonly #verify: Verification["verify"];
  readonly #queue: LoginQueue;
  readonly #verified: VerifiedPasswords;

  constructor(config: Users, verification: Partial<Verification> = {}) {
    this.#verify = verification.verify ?? verifyPassword;
    this.#queue = verification.queue ?? new LoginQueue();
    this.#verified = verification.verified ?? new VerifiedPasswords(systemClock);
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
          hash: user.passwordHash,
          account: accountOf(user, modes),
          clients: user.allowedClients?.length ? new NetworkList(user.allowedClients) : undefined,
          namespace: user.namespace ?? "",
        },
      ]),
    );
    this.#check = check;
    this.#anonymous = anonymous && anonymousAccount(anonymous, modes);
    this.#decoy = decoyFor(users.flatMap(({ passwordHash }) => passwordHash ?? []));
    this.#verified.keep((name) => this.#users.get(name)?.hash === before.get(name)?.hash);
  }

  current(name: string): Account | undefined {
    if (name === CHECK_USER) return this.#check && CHECK_ACCOUNT;
    return this.#users.get(name)?.account ?? (name === ANONYMOUS ? this.#anonymous : undefined);
  }

  byCertificate(name: string, client: string): Account | undefined {
    const known = this.#users.get(name);
    return known?.clients?.has(client) === false ? undefined : known?.account;
  }

  async login(
    name: string,
    password: string,
    client: string,
    options: LoginOptions = {},
  ): Promise<Account | undefined> {
    const known = this.#users.get(name);
    const unhashed = known === undefined ? this.#withoutHash(name, password) : undefined;
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
  ): Promise<Account | undefined> {
    if (isBanned?.() === true) return undefined;
    const remembered = this.#remembered(attempt, client);
    if (remembered !== undefined) return remembered;
    const matches = await this.#verify(attempt.hash, attempt.password);
    const account = matches ? this.#entitled(attempt, client) : undefined;
    if (account !== undefined) this.#verified.add(attempt);
    return account;
  }

  /** Looked up for every attempt, so that a name that does not exist takes the same time. */
  #remembered(attempt: PasswordAttempt, client: string): Account | undefined {
    return this.#verified.has(attempt) ? this.#entitled(attempt, client) : undefined;
  }

  /** Looked up again after the wait, because the hash or the allowed clients of the account may have changed. */
  #entitled({ name, hash }: PasswordAttempt, client: string): Account | undefined {
    const known = this.#users.get(name);
    const isEntitled = known?.hash === hash && known.clients?.has(client) !== false;
    return isEntitled ? known.account : undefined;
  }

  /** Unknown names, and names that are not allowed for this client, share one part of the queue, so that many of them delay no user. */
  #ownerOf(attempt: PasswordAttempt, client: string, key: string): Owner {
    const namespace = this.#users.get(attempt.name)?.namespace ?? "";
    const isEntitled = this.#entitled(attempt, client) !== undefined;
    return isEntitled ? [`namespace ${namespace}`, attempt.name, key] : ["nobody", key];
  }

  /** Accounts whose password is none, or a random token that needs no slow hash. */
  #withoutHash(name: string, password: string): Account | undefined {
    if (name === CHECK_USER) return hasToken(this.#check, password) ? CHECK_ACCOUNT : undefined;
    return isAnonymous(name) ? this.#anonymous : undefined;
  }
}
