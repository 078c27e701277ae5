// Generated from crds/ by `npm run generate`; do not edit.
import type { Condition, KubeObject } from "./kubernetes.ts";

/** FtpUser is an account of an FtpServer as a resource of its own, so that teams can have accounts without rights on the server. The server says by `spec.userSources` which namespaces it takes accounts from. The password stays in the namespace of the FtpUser; only a hash of it reaches the server. */
export interface FtpUser extends KubeObject {
  /** What the account shall be. */
  spec: FtpUserSpec;
  /** What became of the account. Written by the operator. */
  status?: FtpUserStatus;
}

/** What the account shall be. */
export interface FtpUserSpec {
  /** The FtpServer that the account is for. */
  serverRef: FtpUserServerRef;
  /** The login name, for instance alice or alice@example.com. Unset means the name of the FtpUser. */
  loginName?: string;
  /** The Secret with the password, in the namespace of the FtpUser. A change takes effect at once. Only where client certificates log in (tls.clientCertificates.login) a user may have none. */
  passwordSecretRef?: FtpUserPasswordSecretRef;
  /** The directory that the user sees as "/" and cannot leave, as an absolute path on the server's volume. Created when absent. In the server's namespace, any path that does not begin with "/@" is accepted, and the default is "/LOGINNAME". In another namespace, "/@NAMESPACE" and directories below it are accepted, and the default is "/@NAMESPACE/LOGINNAME". */
  homeDirectory?: string;
  /** Permissions of the user. `List`: list directories. `Read`: download files. `Write`: create files, replace, resume and truncate existing files, and set modes. `Append`: create files and add to the end of existing files, without replacing or truncating them. `Delete`: remove files. `Rename`: rename and move files and directories; replacing an existing file also needs `Write` or `Delete`, and a directory is never replaced. `MakeDirectory`: create directories. `RemoveDirectory`: remove empty directories. `SetModificationTime`: set the times of files and directories. A copy of a file on the server needs `Read` and `Write`. */
  permissions: (
    | "List"
    | "Read"
    | "Write"
    | "Append"
    | "Delete"
    | "Rename"
    | "MakeDirectory"
    | "RemoveDirectory"
    | "SetModificationTime"
  )[];
  /** How much the home directory may hold. Users with one home share what it holds. Unset means no limit but the volume's. */
  quota?: FtpUserQuota;
  /** Limits of this user in each replica, over all of the user's sessions. Unset means no limit but the server's. */
  limits?: FtpUserLimits;
  /** Networks from which this user may log in. Empty means all networks. When nodes replace the clients' addresses, the FtpServer rejects the account (reason ClientAddressesHidden). */
  allowedClients: string[];
}

/** The FtpServer that the account is for. */
export interface FtpUserServerRef {
  /** Its name. */
  name: string;
  /** Its namespace. Unset means that of the FtpUser. */
  namespace?: string;
}

/** The Secret with the password, in the namespace of the FtpUser. A change takes effect at once. Only where client certificates log in (tls.clientCertificates.login) a user may have none. */
export interface FtpUserPasswordSecretRef {
  /** Name of the Secret. */
  name: string;
  /** Key of the password in the Secret. Its value is the password, or a hash in the usual format of scrypt, argon2, bcrypt or sha-crypt. A hash needs at most 64 MiB of memory, and at most the computing time of scrypt with ln=16,r=8,p=2, of argon2 with m=65536,t=4, of bcrypt with cost 12 or of sha-crypt with rounds=200000. A more expensive hash is rejected. */
  key: string;
}

/** How much the home directory may hold. Users with one home share what it holds. Unset means no limit but the volume's. */
export interface FtpUserQuota {
  /** Size of all files together, for instance 10Gi. */
  bytes?: string;
  /** Number of files and directories. */
  files?: number;
}

/** Limits of this user in each replica, over all of the user's sessions. Unset means no limit but the server's. */
export interface FtpUserLimits {
  /** Sessions at the same time. */
  sessions?: number;
  /** Maximum rate of all uploads together, in bytes per second. A compressed upload (MODE Z) is charged for the bytes that it stores. */
  uploadBytesPerSecond?: number;
  /** Maximum rate of all downloads together, in bytes per second. A compressed download (MODE Z) is charged for the bytes that are sent. */
  downloadBytesPerSecond?: number;
}

/** What became of the account. Written by the operator. */
export interface FtpUserStatus {
  /** The generation of the spec that this status is about. */
  observedGeneration?: number;
  /** The FtpServer that has taken the account, as namespace/name. Its login name there is the account's as long as that lasts. Unset while none has. */
  server?: string;
  /** The login name. */
  loginName?: string;
  /** The home on the server's volume. */
  homeDirectory?: string;
  /** Where the user connects, for instance ftp://192.0.2.10:21. */
  endpoint?: string;
  /** Ready sums up. Accepted tells whether the server takes the account, PasswordRead whether it has a password; each has a message that says what to do. */
  conditions?: Condition[];
}
