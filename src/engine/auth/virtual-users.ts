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
import { NetworkList } from "../../common/networks.ts";
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
import { decoyHash, PasswordVerifier } from "./password-verifier.ts";
import { LoginQueue } from "./login-queue.ts";
import { type PasswordAttempt, VerifiedPasswords } from "./verified-passwords.ts";

interface Known {
  user: EngineUser;
  account: Account;
  /** Password hash. The value is undefined when the user has no password. */
  hash: string | undefined;
  /** Allowed client networks. `undefined` means all networks. */
  clients: NetworkList | undefined;
  /** Namespace of the FtpUser. The value is empty for users defined in the FtpServer. */
  namespace: string;
}

type Users = Pick<EngineConfig, "users" | "anonymous" | "check" | "files">;

/** Dependencies for password verification. */
interface Verification {
  verify: PasswordVerifier["verify"];
  queue: LoginQueue;
  verified: VerifiedPasswords;
  clock: Clock;
}

/** Authenticates the configured users. */
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
    const verifier = new PasswordVerifier();
    this.#verify = verification.verify ?? ((hash, password) => verifier.verify(hash, password));
    this.#queue = verification.queue ?? new LoginQueue();
    this.#verified = verification.verified ?? new VerifiedPasswords(this.#clock);
    this.replace(config);
  }

  /** Applies the users from a new configuration. Open sessions read the changed accounts with `current`. */
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
    const special = known === undefined ? this.#specialAccount(name, password, client) : undefined;
    if (special !== undefined) return special;
    // For an unknown name or a rejected client address, the engine also verifies a hash, so that the response time is
    // the same.
    const attempt = { name, password, hash: known?.hash ?? this.#decoy };
    const remembered = this.#remembered(attempt, client);
    if (remembered !== undefined) return remembered;
    const hash = parseHash(attempt.hash);
    return await this.#queue.run(() => this.#verifyQueued(attempt, client, options), {
      owner: this.#ownerOf(attempt, client, options.key ?? client),
      client: options.key ?? client,
      expensive: hash !== undefined && isExpensive(hash),
      signal: options.signal,
    });
  }

  async #verifyQueued(
    attempt: PasswordAttempt,
    client: string,
    { isBanned }: LoginOptions,
  ): Promise<LoginResult> {
    if (isBanned?.() === true) return undefined;
    const remembered = this.#remembered(attempt, client);
    if (remembered !== undefined) return remembered;
    const matches = await this.#verify(attempt.hash, attempt.password);
    const result = matches ? this.#permitted(attempt, client) : undefined;
    if (isAccount(result)) this.#verified.add(attempt);
    return result;
  }

  /**
   * Returns the account if the password has recently been verified. The lookup takes the same time for an unknown name.
   * Returns undefined for an unusable account, so that a login to such an account also requires a hash computation.
   */
  #remembered(attempt: PasswordAttempt, client: string): Account | undefined {
    const result = this.#verified.has(attempt) ? this.#permitted(attempt, client) : undefined;
    return isAccount(result) ? result : undefined;
  }

  /**
   * Returns the current account after password verification. The hash, the allowed clients or the account state may
   * have changed during the verification.
   */
  #permitted({ name, hash }: PasswordAttempt, client: string): LoginResult {
    const known = this.#users.get(name);
    if (known?.hash !== hash || known.clients?.has(client) === false) return undefined;
    return this.#lockOn(known) ?? known.account;
  }

  #lockOn({ user }: Known): Lock | undefined {
    return lockOf(user, this.#clock.now());
  }

  /**
   * Returns the owner in the login queue. Logins with unknown names or rejected client addresses share one group, so
   * that these logins do not delay other users.
   */
  #ownerOf(attempt: PasswordAttempt, client: string, key: string): Owner {
    const namespace = this.#users.get(attempt.name)?.namespace ?? "";
    const isPermitted = isAccount(this.#permitted(attempt, client));
    return isPermitted ? [`namespace ${namespace}`, attempt.name, key] : ["unknown", key];
  }

  /**
   * Returns the account for the reachability check or for anonymous users. The random token of the reachability check
   * does not require a slow hash.
   */
  #specialAccount(name: string, password: string, client: string): Account | undefined {
    if (name === CHECK_USER) return hasToken(this.#check, password) ? CHECK_ACCOUNT : undefined;
    if (!isAnonymous(name) || this.#anonymous?.clients?.has(client) === false) return undefined;
    return this.#anonymous?.account;
  }
}

function networksOf({ allowedClients }: Pick<EngineUser, "allowedClients">): NetworkList | undefined {
  return allowedClients?.length ? new NetworkList(allowedClients) : undefined;
}
