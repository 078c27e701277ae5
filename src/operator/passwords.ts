import type { EngineConfig } from "../api/engine-config.ts";
import type { ObjectKey, ObjectMeta } from "../api/kubernetes.ts";
import { hashViolation } from "../api/hash-cost.ts";
import { hashPassword, looksLikeHash } from "../api/password-hash.ts";
import type { Secrets } from "./certificates.ts";
import { accountKey, type Admission } from "../plan/accounts/admission.ts";
import type { PasswordOutcome } from "../plan/model/observed.ts";
import type { Secret } from "../plan/model/objects.ts";
import type { FtpServer } from "../api/ftpserver.generated.ts";
import { Semaphore } from "../common/semaphore.ts";

/** Passwords hashed at once, over all servers: each takes 16 MiB while it lasts. */
const MAX_CONCURRENT_HASHES = 2;
/** Secrets read at once, over all servers: each takes a connection. */
const MAX_CONCURRENT_READS = 16;
/** Hashes that no config holds yet; enough for a large fleet that starts, a few hundred bytes each. */
const MAX_REMEMBERED = 10_000;

/** Longest password that fits into one command line of the engine. */
const MAX_PASSWORD_BYTES = 1024;

/** Characters of base64 that are kept of a value: longer ones are no passwords, and so much of one shows that it is too long. */
const MAX_VALUE_LENGTH = 4 * MAX_PASSWORD_BYTES;

type AnyUser = FtpServer["spec"]["users"][number];
/** A user with a password. */
type User = AnyUser & Required<Pick<AnyUser, "passwordSecretRef">>;

/** A hash that is made, or waits for its turn. */
interface Hashing {
  hash: Promise<string>;
  /** Of the rounds that want it. */
  signals: AbortSignal[];
}

/** The hashes that a server's config holds, by the version and key of the Secret they were made from. */
type Known = ReadonlyMap<string | undefined, string | undefined>;

/**
 * Gets the password hashes of users. A Secret is read and hashed once per version: while `uid`, `resourceVersion` and key are those
 * that the current config was made from, its hash is taken over; and a hash that did not get into a config is kept for the next
 * round, as one costs much time and a new one, with its new salt, would change the config.
 */
export class PasswordReader {
  readonly #hashing = new Semaphore(MAX_CONCURRENT_HASHES);
  readonly #reading = new Semaphore(MAX_CONCURRENT_READS);
  readonly #hashes = new Map<string, Hashing>();

  /**
   * @param signal ends the waiting; nothing is hashed that nobody waits for
   * @returns the hash of every user of an FtpServer, or why there is none, by the user's name
   */
  async read(
    users: readonly AnyUser[],
    current: EngineConfig | undefined,
    secrets: Secrets,
    signal: AbortSignal,
  ): Promise<Map<string, PasswordOutcome>> {
    const known = knownHashes(current);
    const reads = new Map<string, Promise<Secret | undefined>>();
    const read = (name: string): Promise<Secret | undefined> => {
      const running =
        reads.get(name) ?? this.#reading.run(async () => passwordsOf(await secrets.read(name), keys));
      reads.set(name, running);
      return running;
    };
    const withPassword = users.filter(hasPassword);
    const keys = new Set(withPassword.map(({ passwordSecretRef: { key } }) => key));
    const outcomes = withPassword.map(async (user): Promise<[string, PasswordOutcome]> => {
      const { name, key } = user.passwordSecretRef;
      const metadata = secrets.metadata(name);
      if (metadata === undefined) return [user.name, missing(user)];
      const source = sourceOf(metadata, key);
      const hash = known.get(source);
      if (hash === undefined) return [user.name, await this.#outcome(user, await read(name), known, signal)];
      this.#hashes.delete(identityOf(metadata, key));
      return [user.name, { hash, source }];
    });
    return new Map(await untilAborted(Promise.all(outcomes), signal));
  }

  /**
   * The same for the FtpUsers that a server takes, each from its own namespace; the Secrets of the others are not read.
   * @returns outcomes by namespace/name of the FtpUser
   */
  async readAccounts(
    admissions: readonly Admission[],
    current: EngineConfig | undefined,
    secretsOf: (namespace: string) => Secrets,
    signal: AbortSignal,
  ): Promise<Map<ObjectKey, PasswordOutcome>> {
    const taken = admissions.filter(({ refusal }) => refusal === undefined);
    const byNamespace = Map.groupBy(taken, ({ user }) => user.metadata.namespace ?? "");
    const read = [...byNamespace].map(async ([namespace, accounts]) => {
      const users = accounts.map(({ user, loginName }) => ({ ...user.spec, name: loginName }));
      const outcomes = await this.read(users, current, secretsOf(namespace), signal);
      return accounts.flatMap(({ user, loginName }): [ObjectKey, PasswordOutcome][] => {
        const outcome = outcomes.get(loginName);
        return outcome === undefined ? [] : [[accountKey(user), outcome]];
      });
    });
    return new Map((await Promise.all(read)).flat());
  }

  async #outcome(
    user: User,
    secret: Secret | undefined,
    known: Known,
    signal: AbortSignal,
  ): Promise<PasswordOutcome> {
    if (secret === undefined) return missing(user);
    const password = passwordIn(secret, user);
    if (typeof password !== "string") return password;
    // Another version than the watch has shown: the config may hold it all the same.
    const { key } = user.passwordSecretRef;
    const source = sourceOf(secret.metadata, key);
    if (looksLikeHash(password)) return { hash: password, source };
    const hash = known.get(source) ?? (await this.#hash(password, identityOf(secret.metadata, key), signal));
    return { hash, source };
  }

  /** Takes over what an earlier round has begun. @param identity of the password */
  #hash(password: string, identity: string, signal: AbortSignal): Promise<string> {
    const begun = this.#hashes.get(identity);
    if (begun !== undefined) {
      begun.signals.push(signal);
      return begun.hash;
    }
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size >= MAX_REMEMBERED && oldest !== undefined) this.#hashes.delete(oldest);
    const signals = [signal];
    const hash = this.#hashing.run(async () => {
      if (signals.every(({ aborted }) => aborted)) throw new Error("nobody waits for this hash any more");
      return await hashPassword(password);
    });
    this.#hashes.set(identity, { hash, signals });
    hash.then(
      () => signals.splice(0),
      () => this.#hashes.delete(identity),
    );
    return hash;
  }
}

/** Without hashes that this operator rejects: an operator with other limits may have written them. */
function knownHashes(current: EngineConfig | undefined): Known {
  const usable = (current?.users ?? []).filter(
    ({ passwordHash }) => passwordHash !== undefined && hashViolation(passwordHash) === undefined,
  );
  return new Map(usable.map((user) => [user.passwordSource, user.passwordHash]));
}

/** What it resolves to, unless the signal aborts first. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/**
 * What passwords are read from. A Secret can have a megabyte, and those of a thousand users would not fit into memory: no more of them
 * is kept than this, and no slice that keeps the whole value.
 */
function passwordsOf(secret: Secret | undefined, keys: ReadonlySet<string>): Secret | undefined {
  if (secret === undefined) return undefined;
  const { apiVersion, kind, type, data, metadata } = secret;
  const { name, namespace = "", uid = "", resourceVersion = "" } = metadata;
  const kept = Object.entries(data)
    .filter(([key]) => keys.has(key))
    .map(([key, value]) => [key, Buffer.from(value.slice(0, MAX_VALUE_LENGTH), "latin1").toString("latin1")]);
  return {
    apiVersion,
    kind,
    type,
    metadata: { name, namespace, uid, resourceVersion },
    data: Object.fromEntries(kept),
  };
}

function hasPassword(user: AnyUser): user is User {
  return user.passwordSecretRef !== undefined;
}

function sourceOf(metadata: ObjectMeta, key: string): string {
  return `${metadata.uid}/${metadata.resourceVersion}/${key}`;
}

/** Among all Secrets; manifests that are in no cluster have neither uid nor version. */
function identityOf(metadata: ObjectMeta, key: string): string {
  return `${metadata.namespace}/${metadata.name}/${sourceOf(metadata, key)}`;
}

/** The password, or its hash, as the Secret holds it. */
function passwordIn(secret: Secret, user: User): string | PasswordOutcome {
  const { name, key } = user.passwordSecretRef;
  const encoded = secret.data?.[key];
  if (encoded === undefined) {
    return problem(
      "SecretKeyMissing",
      `Secret "${name}" has no key "${key}" (user "${user.name}"): add the key, or name another one in passwordSecretRef.key.`,
    );
  }
  // A password typed into a file often ends with a newline, which FTP could never send.
  const password = Buffer.from(encoded, "base64")
    .toString("utf8")
    .replace(/\r?\n$/, "");
  const flaw = flawOf(password);
  return flaw === undefined
    ? password
    : problem("SecretValueInvalid", `Key "${key}" of Secret "${name}" (user "${user.name}") ${flaw}.`);
}

/** What no FTP command line can carry; the last one stands for bytes that are not UTF-8. */
const UNSENDABLE = ["\0", "\r", "\n", "\uFFFD"];

function flawOf(password: string): string | undefined {
  // The engine would refuse its whole configuration for one unusable hash.
  if (looksLikeHash(password)) return hashViolation(password);
  if (password === "") return "is empty: write a password into it";
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES)
    return `is longer than ${MAX_PASSWORD_BYTES} bytes: shorten it`;
  if (UNSENDABLE.some((text) => password.includes(text)))
    return "holds a line break, a NUL or bytes that are not UTF-8, which FTP cannot send: replace it";
  return undefined;
}

function missing(user: User): PasswordOutcome {
  const { name, key } = user.passwordSecretRef;
  return problem(
    "SecretNotFound",
    `Secret "${name}" (user "${user.name}") does not exist: create it with the key "${key}".`,
  );
}

function problem(reason: string, message: string): PasswordOutcome {
  return { problem: { reason, message } };
}
