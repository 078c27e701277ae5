import type { EngineConfig } from "../api/engine-config.ts";
import type { ObjectKey, ObjectMeta } from "../api/kubernetes.ts";
import { hashPassword, hashProblem, looksLikeHash } from "../api/password-hash.ts";
import type { Secrets } from "./certificates.ts";
import { accountKey, type Admission } from "../plan/accounts.ts";
import type { PasswordOutcome } from "../plan/observed.ts";
import type { Secret } from "../plan/objects.ts";
import type { FtpServer } from "../api/ftpserver.generated.ts";
import { Turns } from "./turns.ts";

/** Passwords hashed at once, over all servers: each takes 16 MiB while it lasts. */
const MAX_CONCURRENT_HASHES = 2;
const hashing = new Turns(MAX_CONCURRENT_HASHES);

type AnyUser = FtpServer["spec"]["users"][number];
/** A user with a password. */
type User = AnyUser & Required<Pick<AnyUser, "passwordSecretRef">>;

/**
 * The password hash of every user of an FtpServer, or why there is none. A Secret is read and hashed once per version:
 * while `uid`, `resourceVersion` and key are those the current config was made from, its hash is taken over.
 */
export async function readPasswords(
  users: readonly AnyUser[],
  current: EngineConfig | undefined,
  secrets: Secrets,
): Promise<Map<string, PasswordOutcome>> {
  const known = new Map(current?.users.map((user) => [user.passwordSource, user.passwordHash]));
  const reads = new Map<string, Promise<Secret | undefined>>();
  const read = (name: string): Promise<Secret | undefined> => {
    const running = reads.get(name) ?? secrets.read(name);
    reads.set(name, running);
    return running;
  };
  const outcomes = users.filter(hasPassword).map(async (user): Promise<[string, PasswordOutcome]> => {
    const { name } = user.passwordSecretRef;
    const metadata = secrets.metadata(name);
    if (metadata === undefined) return [user.name, missing(user)];
    const source = sourceOf(metadata, user.passwordSecretRef.key);
    const hash = known.get(source);
    return [user.name, hash === undefined ? await fromSecret(user, await read(name)) : { hash, source }];
  });
  return new Map(await Promise.all(outcomes));
}

/**
 * The same for the FtpUsers that a server takes, each from its own namespace; the Secrets of the others are not read.
 * @returns outcomes by namespace/name of the FtpUser
 */
export async function readAccountPasswords(
  admissions: readonly Admission[],
  current: EngineConfig | undefined,
  secretsOf: (namespace: string) => Secrets,
): Promise<Map<ObjectKey, PasswordOutcome>> {
  const taken = admissions.filter(({ refusal }) => refusal === undefined);
  const byNamespace = Map.groupBy(taken, ({ user }) => user.metadata.namespace ?? "");
  const read = [...byNamespace].map(async ([namespace, accounts]) => {
    const users = accounts.map(({ user, loginName }) => ({ ...user.spec, name: loginName }));
    const outcomes = await readPasswords(users, current, secretsOf(namespace));
    return accounts.flatMap(({ user, loginName }): [ObjectKey, PasswordOutcome][] => {
      const outcome = outcomes.get(loginName);
      return outcome === undefined ? [] : [[accountKey(user), outcome]];
    });
  });
  return new Map((await Promise.all(read)).flat());
}

function hasPassword(user: AnyUser): user is User {
  return user.passwordSecretRef !== undefined;
}

function sourceOf(metadata: ObjectMeta, key: string): string {
  return `${metadata.uid}/${metadata.resourceVersion}/${key}`;
}

async function fromSecret(user: User, secret: Secret | undefined): Promise<PasswordOutcome> {
  if (secret === undefined) return missing(user);
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
  if (flaw !== undefined) {
    return problem("SecretValueInvalid", `Key "${key}" of Secret "${name}" (user "${user.name}") ${flaw}.`);
  }
  const hash = looksLikeHash(password) ? password : await hashing.run(() => hashPassword(password));
  return { hash, source: sourceOf(secret.metadata, key) };
}

/** Longest password that fits into one command line of the engine. */
const MAX_PASSWORD_BYTES = 1024;

/** What no FTP command line can carry; the last one stands for bytes that are not UTF-8. */
const UNSENDABLE = ["\0", "\r", "\n", "\uFFFD"];

function flawOf(password: string): string | undefined {
  // The engine would refuse its whole configuration for one unusable hash.
  if (looksLikeHash(password)) return hashProblem(password);
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
