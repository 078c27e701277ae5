import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { MAX_HASH_LENGTH } from "../../api/password-hash.ts";
import { type Account, engineAccount } from "./engine-account.ts";

/**
 * Maximum size in bytes that Kubernetes permits for the data in a Secret. The operator stores the engine configuration
 * in a Secret.
 */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/**
 * Number of bytes in the engine configuration that are reserved for all settings except users. When nodes replace
 * client addresses, node addresses use most of the reserve. The reserve is sufficient for about 4,000 nodes with two
 * addresses each.
 */
export const OTHER_CONFIG_BYTES = 256 * 1024;
/**
 * Maximum total size in bytes of the FtpUsers in one engine configuration. The size is sufficient for 1,000 FtpUsers
 * that have all permissions and names of typical length.
 */
const MAX_FTP_USER_BYTES = 700 * 1024;
/** Maximum number of FtpUsers for one FtpServer. */
export const MAX_FTP_USERS = 1000;
/**
 * Fraction of both FtpUser limits that is available to each namespace except the namespace of the FtpServer. The
 * namespace of the FtpServer can use the full limits.
 */
const NAMESPACE_SHARE = 1 / 2;

interface Usage {
  users: number;
  bytes: number;
}

/** Counts the FtpUsers and bytes in one engine configuration, and rejects FtpUsers that exceed the limits. */
export class AccountBudget {
  readonly #home: string | undefined;
  readonly #limit: Usage;
  readonly #all: Usage = { users: 0, bytes: 0 };
  readonly #byNamespace = new Map<string, Usage>();
  /**
   * Rejection messages, keyed by namespace. After one rejection, all later FtpUsers from the same namespace are also
   * rejected.
   */
  readonly #exceeded = new Map<string, string>();

  constructor({ metadata, spec }: FtpServer) {
    this.#home = metadata.namespace;
    const left = spec.users.reduce(
      (bytes, { name, ...user }) => bytes - accountBytes(name, { homeDirectory: `/${name}`, ...user }),
      MAX_CONFIG_BYTES - OTHER_CONFIG_BYTES,
    );
    this.#limit = { users: MAX_FTP_USERS, bytes: Math.min(MAX_FTP_USER_BYTES, left) };
  }

  /**
   * Returns a rejection message when the FtpServer cannot accept a further FtpUser from the namespace, regardless of
   * the size of the FtpUser.
   * @param hasAccount true when the FtpUser already has an account. The namespace share does not apply to existing
   * accounts.
   */
  rejectionOf(namespace: string, hasAccount: boolean): string | undefined {
    const { users } = this.#limit;
    if (this.#all.users >= users) return `The FtpServer already has the maximum of ${users} FtpUsers.`;
    const isOver =
      this.#isShared(namespace, hasAccount) && this.#usageOf(namespace).users >= users * NAMESPACE_SHARE;
    return isOver ? shareUsed(namespace) : this.#exceeded.get(namespace);
  }

  /**
   * Reserves capacity for an FtpUser. When the capacity is not sufficient, returns a rejection message and reserves
   * nothing.
   */
  reserve(namespace: string, bytes: number, hasAccount: boolean): string | undefined {
    const rejection =
      this.rejectionOf(namespace, hasAccount) ?? this.#sizeRejection(namespace, bytes, hasAccount);
    if (rejection !== undefined) {
      this.#exceeded.set(namespace, rejection);
      return rejection;
    }
    this.#byNamespace.set(namespace, add(this.#usageOf(namespace), bytes));
    Object.assign(this.#all, add(this.#all, bytes));
    return undefined;
  }

  #sizeRejection(namespace: string, more: number, hasAccount: boolean): string | undefined {
    const { bytes } = this.#limit;
    if (this.#all.bytes + more > bytes)
      return "The engine configuration of the FtpServer is full. The engine configuration contains the permissions and `allowedClients` of every user.";
    const isOver = this.#usageOf(namespace).bytes + more > bytes * NAMESPACE_SHARE;
    return isOver && this.#isShared(namespace, hasAccount) ? shareUsed(namespace) : undefined;
  }

  #isShared(namespace: string, hasAccount: boolean): boolean {
    return namespace !== this.#home && !hasAccount;
  }

  #usageOf(namespace: string): Usage {
    return this.#byNamespace.get(namespace) ?? { users: 0, bytes: 0 };
  }
}

function shareUsed(namespace: string): string {
  return `Namespace \`${namespace}\` has used its share (50 %) of this FtpServer's account capacity.`;
}

function add({ users, bytes }: Usage, more: number): Usage {
  return { users: users + 1, bytes: bytes + more };
}

const LONGEST_UID = "x".repeat(36);
const LONGEST_VERSION = "x".repeat(20);

/**
 * Returns the maximum size in bytes of an account in the engine configuration. The exact size is unknown until the
 * operator reads the password.
 */
export function accountBytes(loginName: string, account: Account): number {
  const { key = "" } = account.passwordSecretRef ?? {};
  const hash = "x".repeat(MAX_HASH_LENGTH);
  const source = `${LONGEST_UID}/${LONGEST_VERSION}/${key}`;
  const [entry] = engineAccount(loginName, account, { hash, source });
  return Buffer.byteLength(`${JSON.stringify(entry)},`);
}
