import type { EngineConfig } from "../api/engine-config.ts";
import type { FtpServer } from "../api/ftpserver.generated.ts";
import { hashViolation } from "../api/hash-cost.ts";
import type { ObjectKey, ObjectMeta } from "../api/kubernetes.ts";
import { hashPassword, looksLikeHash } from "../api/password-hash.ts";
import { Semaphore } from "../common/semaphore.ts";
import { accountKey } from "../plan/accounts/admission.ts";
import type { Secret } from "../plan/model/objects.ts";
import type { Admission, PasswordFailure, PasswordOutcome } from "../plan/model/observed.ts";
import type { Secrets } from "./certificates.ts";

/**
 * Maximum number of concurrent hash computations for all FtpServers together. Each computation uses 16 MiB of memory.
 */
const MAX_CONCURRENT_HASHES = 2;
/** Maximum number of concurrent reads of Secrets for all FtpServers together. Each read uses a separate connection. */
const MAX_CONCURRENT_READS = 16;
/**
 * Maximum number of cached hashes that are not yet in an engine configuration. The size of a hash is a few hundred
 * bytes.
 */
const MAX_CACHED = 10_000;

/** Maximum password length in bytes. A longer password exceeds the maximum length of a command line in the engine. */
const MAX_PASSWORD_BYTES = 1024;

/**
 * Maximum number of base64 characters to keep from a Secret value. The limit exceeds the maximum password length, so
 * that the operator can detect and reject longer passwords.
 */
const MAX_VALUE_LENGTH = 4 * MAX_PASSWORD_BYTES;

type AnyUser = FtpServer["spec"]["users"][number];
/** User with a reference to a password Secret. */
type User = AnyUser & Required<Pick<AnyUser, "passwordSecretRef">>;

/** Hash computation that is running or waiting for the semaphore. */
interface Hashing {
  hash: Promise<string>;
  /** Abort signals of the reconciles that wait for the hash. */
  signals: AbortSignal[];
}

/** Hashes from the current engine configuration, keyed by Secret version and Secret key. */
type Known = ReadonlyMap<string | undefined, string | undefined>;

/**
 * Provides the password hashes of users. The reader hashes each version of a Secret only once, because hashing is
 * expensive and a new salt would change the configuration. While the `uid`, the `resourceVersion` and the key of a
 * Secret are unchanged, the hash in the current engine configuration is reused. A new hash is cached until an engine
 * configuration contains it.
 */
export class PasswordReader {
  readonly #hashing = new Semaphore(MAX_CONCURRENT_HASHES);
  readonly #reading = new Semaphore(MAX_CONCURRENT_READS);
  readonly #hashes = new Map<string, Hashing>();

  /**
   * Returns the password hash of each user of an FtpServer, or the cause of a missing hash, keyed by user name.
   * @param signal signal that aborts the call. The reader does not hash a password when all calls that require the hash
   * are aborted.
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
        reads.get(name) ?? this.#reading.run(async () => truncateSecret(await secrets.read(name), keys));
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
   * Returns the password hash of each accepted FtpUser, or the cause of a missing hash, keyed by `namespace/name`. Each
   * Secret is read in the namespace of its FtpUser. Secrets of rejected FtpUsers are not read.
   */
  async readAccounts(
    admissions: readonly Admission[],
    current: EngineConfig | undefined,
    secretsOf: (namespace: string) => Secrets,
    signal: AbortSignal,
  ): Promise<Map<ObjectKey, PasswordOutcome>> {
    const admitted = admissions.filter(({ rejection }) => rejection === undefined);
    const byNamespace = Map.groupBy(admitted, ({ user }) => user.metadata.namespace ?? "");
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
    // The Secret can be newer than its cached metadata, and the engine configuration can already contain its hash.
    const { key } = user.passwordSecretRef;
    const source = sourceOf(secret.metadata, key);
    if (looksLikeHash(password)) return { hash: password, source };
    const hash = known.get(source) ?? (await this.#hash(password, identityOf(secret.metadata, key), signal));
    return { hash, source };
  }

  /**
   * Hashes a password, or returns the hash that an earlier reconcile started to compute.
   * @param identity unique identifier of the password
   */
  #hash(password: string, identity: string, signal: AbortSignal): Promise<string> {
    const started = this.#hashes.get(identity);
    if (started !== undefined) {
      started.signals.push(signal);
      return started.hash;
    }
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size >= MAX_CACHED && oldest !== undefined) this.#hashes.delete(oldest);
    const signals = [signal];
    const hash = this.#hashing.run(async () => {
      if (signals.every(({ aborted }) => aborted))
        throw new Error("all reconciles that need this hash were aborted");
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

/**
 * Omits hashes that exceed the limits of this operator. Another operator version might have written hashes above these
 * limits.
 */
function knownHashes(current: EngineConfig | undefined): Known {
  const usable = (current?.users ?? []).filter(
    ({ passwordHash }) => passwordHash !== undefined && hashViolation(passwordHash) === undefined,
  );
  return new Map(usable.map((user) => [user.passwordSource, user.passwordHash]));
}

/** Settles like the promise, or rejects when the signal aborts first. */
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
 * Returns a copy of a Secret with only the given keys and with truncated values. Each Secret can have a size of up to 1
 * MiB, so 1,000 complete Secrets would not fit into memory. The function copies the values, because a string slice
 * keeps the complete string in memory.
 */
function truncateSecret(secret: Secret | undefined, keys: ReadonlySet<string>): Secret | undefined {
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

/**
 * Returns an identifier that is unique for each password. The identifier includes the Secret name, because manifests
 * outside a cluster have no UID and no resource version.
 */
function identityOf(metadata: ObjectMeta, key: string): string {
  return `${metadata.namespace}/${metadata.name}/${sourceOf(metadata, key)}`;
}

/** Returns the password or hash from a Secret, or the reason why the value cannot be used. */
function passwordIn(
  secret: Secret,
  { name: user, passwordSecretRef: { name, key } }: User,
): string | PasswordOutcome {
  const encoded = secret.data?.[key];
  if (encoded === undefined)
    return unusable({
      reason: "SecretKeyMissing",
      message: `Secret \`${name}\` has no key \`${key}\`. User ${user} cannot log in. Add the key, or change \`spec.users[].passwordSecretRef.key\` (\`spec.passwordSecretRef.key\` in an FtpUser).`,
    });
  // A password from a file often ends with a newline, which FTP cannot transmit.
  const password = Buffer.from(encoded, "base64")
    .toString("utf8")
    .replace(/\r?\n$/, "");
  const violation = findViolation(password);
  return violation === undefined
    ? password
    : unusable({
        reason: "SecretValueInvalid",
        message: `Key \`${key}\` of Secret \`${name}\` ${violation}. User ${user} cannot log in. Store another password.`,
      });
}

/** Characters that are not permitted in an FTP command line. U+FFFD replaces bytes that are not UTF-8. */
const INVALID_CHARACTERS = ["\0", "\r", "\n", "\uFFFD"];

function findViolation(password: string): string | undefined {
  // A single invalid hash would cause the engine to reject the complete configuration.
  if (looksLikeHash(password)) return hashViolation(password);
  if (password === "") return "is empty";
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return `is longer than ${MAX_PASSWORD_BYTES} bytes`;
  if (INVALID_CHARACTERS.some((text) => password.includes(text)))
    return "contains a line break, a NUL or bytes that are not UTF-8, which FTP cannot send";
  return undefined;
}

function missing({ name: user, passwordSecretRef: { name, key } }: User): PasswordOutcome {
  return unusable({
    reason: "SecretNotFound",
    message: `Secret \`${name}\` not found. User ${user} cannot log in. Create the Secret with the key \`${key}\`.`,
  });
}

function unusable(failure: PasswordFailure): PasswordOutcome {
  return { failure };
}
