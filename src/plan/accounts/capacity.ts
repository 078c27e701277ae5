import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { MAX_HASH_LENGTH } from "../../api/password-hash.ts";
import { type Account, engineAccount } from "./engine-account.ts";

/** Kubernetes limit for the data of a Secret in bytes. The engine configuration is stored in a Secret. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/**
 * Bytes of the engine configuration that are reserved for everything except users. When nodes replace client addresses,
 * node addresses use most of the reserve. The reserve is sufficient for about 4,000 nodes with two addresses each.
 */
export const OTHER_CONFIG_BYTES = 256 * 1024;
/**
 * Maximum size in bytes of all FtpUsers of one FtpServer. The size is sufficient for 1,000 FtpUsers with all
 * permissions and names of usual length.
 */
const MAX_FTP_USER_BYTES = 700 * 1024;
/** Maximum number of FtpUsers for one FtpServer. */
export const MAX_FTP_USERS = 1000;
/**
 * Fraction of the number and size limits for each namespace other than the namespace of the FtpServer. The namespace of
 * the FtpServer can use the full limits.
 */
const NAMESPACE_SHARE = 1 / 2;

interface Usage {
  users: number;
  bytes: number;
}

/** The capacity for FtpUsers in the configuration of one FtpServer. */
export class AccountBudget {
  readonly #home: string | undefined;
  readonly #limit: Usage;
  readonly #all: Usage = { users: 0, bytes: 0 };
  readonly #byNamespace = new Map<string, Usage>();
  /** Rejection messages, keyed by namespace. After one rejection, all later FtpUsers from the same namespace are also rejected. */
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
   * Returns a rejection message when no further FtpUser from a namespace can be accepted, regardless of its size.
   * @param hasAccount true when the FtpUser already has an account. The namespace share does not apply to existing accounts.
   */
  rejectionOf(namespace: string, hasAccount: boolean): string | undefined {
    const { users } = this.#limit;
    if (this.#all.users >= users) return `The FtpServer already has the maximum of ${users} FtpUsers.`;
    const isOver =
      this.#isShared(namespace, hasAccount) && this.#usageOf(namespace).users >= users * NAMESPACE_SHARE;
    return isOver ? shareUsed(namespace) : this.#exceeded.get(namespace);
  }

  /** Reserves capacity for an FtpUser. Returns a rejection message, and reserves nothing, when the capacity is not sufficient. */
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
 * Returns the maximum size in bytes of an account in the engine configuration. The exact size is unknown before the password is
 * read.
 */
export function accountBytes(loginName: string, account: Account): number {
  const { key = "" } = account.passwordSecretRef ?? {};
  const hash = "x".repeat(MAX_HASH_LENGTH);
  const source = `${LONGEST_UID}/${LONGEST_VERSION}/${key}`;
  const [entry] = engineAccount(loginName, account, { hash, source });
  return Buffer.byteLength(`${JSON.stringify(entry)},`);
}
