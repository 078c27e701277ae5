import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { MAX_HASH_LENGTH } from "../../api/password-hash.ts";
import { type Account, engineAccount } from "./engine-account.ts";

/** Limit of Kubernetes for the values of a Secret, in bytes. The engine configuration is such a value. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/**
 * Bytes of the configuration that are reserved for everything except users. Where nodes replace client addresses, most of them are for
 * the addresses of nodes: about 4,000 nodes with two addresses each.
 */
export const OTHER_CONFIG_BYTES = 256 * 1024;
/** Limit for the FtpUsers of one FtpServer in bytes: 1,000 with all permissions and names of usual length. */
const MAX_FTP_USER_BYTES = 700 * 1024;
/** Limit for the FtpUsers of one FtpServer. */
export const MAX_FTP_USERS = 1000;
/** Part of both limits that one other namespace can use. The namespace of the FtpServer can use everything. */
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
  /** Namespaces with a rejected FtpUser, with the reason. Later FtpUsers of these namespaces are rejected too. */
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
   * Returns why no FtpUser of a namespace can be accepted, regardless of its size. Undefined when one can.
   * @param hasAccount whether it is accepted already, so that the share of its namespace does not apply
   */
  rejectionOf(namespace: string, hasAccount: boolean): string | undefined {
    const { users } = this.#limit;
    if (this.#all.users >= users) return `The FtpServer already has the maximum of ${users} FtpUsers.`;
    const isOver =
      this.#isShared(namespace, hasAccount) && this.#usageOf(namespace).users >= users * NAMESPACE_SHARE;
    return isOver ? shareUsed(namespace) : this.#exceeded.get(namespace);
  }

  /** Reserves capacity for an FtpUser. @returns why it is rejected, without a reservation */
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
      return "The engine configuration of the FtpServer is full. It contains the permissions and `allowedClients` of every user.";
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

/** Returns the maximum size of an account in the engine configuration in bytes, because the password is not read yet. */
export function accountBytes(loginName: string, account: Account): number {
  const { key = "" } = account.passwordSecretRef ?? {};
  const hash = "x".repeat(MAX_HASH_LENGTH);
  const source = `${LONGEST_UID}/${LONGEST_VERSION}/${key}`;
  const [entry] = engineAccount(loginName, account, { hash, source });
  return Buffer.byteLength(`${JSON.stringify(entry)},`);
}
