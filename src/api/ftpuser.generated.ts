// Generated from src/api/schema/ by `npm run generate`; do not edit.
/* eslint-disable max-lines -- data */
import type { Condition, KubeObject } from "./kubernetes.ts";

/** FtpUser is an account of an FtpServer. It lets teams manage accounts without permissions on the FtpServer, which selects the namespaces of its FtpUsers with `spec.userSources`. The password remains in the namespace of the FtpUser. The FtpServer gets only its hash. */
export interface FtpUser extends KubeObject {
  /** Desired state of the account. */
  spec: FtpUserSpec;
  /** Current state of the account, written by the operator. */
  status?: FtpUserStatus;
}

/** Desired state of the account. */
export interface FtpUserSpec {
  /** FtpServer that the account belongs to. */
  serverRef: FtpUserServerRef;
  /** Login name, for example `alice` or `alice@example.com`. The name of the FtpUser by default. */
  loginName?: string;
  /** `Disabled` rejects logins and ends open sessions. The account keeps its login name and its files. Its Secret is optional. Defaults to `Enabled`. */
  state: "Enabled" | "Disabled";
  /** Time in RFC 3339 format at which the account expires, for example 2030-01-31T00:00:00Z. Logins are then rejected, and open sessions end. The account keeps its login name and its files. Unset means that the account does not expire. */
  expiresAt?: string;
  /** Reference to the Secret with the password, in the namespace of the FtpUser. Changes take effect immediately. Required unless the FtpServer accepts client certificates as logins (`spec.tls.clientCertificates.login`). */
  passwordSecretRef?: FtpUserPasswordSecretRef;
  /** Directory that the user sees as "/" and cannot leave, as an absolute path on the volume of the FtpServer. Created if it does not exist. In the namespace of the FtpServer, the path must not begin with "/@", and the default is "/LOGINNAME". In another namespace, the path must be "/@NAMESPACE" or a directory below it, and the default is "/@NAMESPACE/LOGINNAME". */
  homeDirectory?: string;
  /** Permissions of the user. `List`: list directories. `Read`: download files. `Write`: create files, replace, resume and truncate existing files, and set modes. `Append`: create files and add to the end of existing files, without replacing or truncating them. `Delete`: remove files. `Rename`: rename and move files and directories; replacing an existing file also requires `Write` or `Delete`, and a directory is never replaced. `MakeDirectory`: create directories. `RemoveDirectory`: remove empty directories. `SetModificationTime`: set the times of files and directories. A copy of a file on the server requires `Read` and `Write`. */
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
  /** Directories with their own permissions, for example a read-only /outbox in a writable home, or a write-only /inbox. The longest path that contains a file or directory applies. The directories are created when the user logs in. The user cannot rename or remove them or the directories above them. */
  directories: FtpUserDirectory[];
  /** Maximum content of the home directory. The files of all users with the same home directory count. No limit by default. */
  quota?: FtpUserQuota;
  /** Limits of all sessions of the user together, on each replica. No limits beyond those of the FtpServer by default. */
  limits?: FtpUserLimits;
  /** Modes of files and directories that the user creates. Unset modes are those of the FtpServer. */
  files?: FtpUserFiles;
  /** Networks from which the user can log in. Empty means all networks. If nodes replace client addresses, the FtpServer rejects the account with reason ClientAddressesHidden. */
  allowedClients: string[];
}

/** FtpServer that the account belongs to. */
export interface FtpUserServerRef {
  /** Name of the FtpServer. */
  name: string;
  /** Namespace of the FtpServer. The namespace of the FtpUser by default. */
  namespace?: string;
}

/** Reference to the Secret with the password, in the namespace of the FtpUser. Changes take effect immediately. Required unless the FtpServer accepts client certificates as logins (`spec.tls.clientCertificates.login`). */
export interface FtpUserPasswordSecretRef {
  /** Name of the Secret. */
  name: string;
  /** Key of the password in the Secret. The value is the password, or its hash in the standard format of scrypt, argon2, bcrypt or sha-crypt. A hash is rejected if its verification needs more than 64 MiB of memory. Maximum costs are `ln=16,r=8,p=2` for scrypt, `m=65536,t=4` for argon2, cost 12 for bcrypt and `rounds=200000` for sha-crypt. Defaults to `password`. */
  key: string;
}

/** A directory with its own permissions. */
export interface FtpUserDirectory {
  /** Absolute path of the directory as the user sees it, for example /outbox. It includes all directories below it, and must not be "/". */
  path: string;
  /** Permissions in this directory, instead of those of the user. An empty list permits nothing. */
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
}

/** Maximum content of the home directory. The files of all users with the same home directory count. No limit by default. */
export interface FtpUserQuota {
  /** Maximum total size of all files, for example 10Gi. */
  bytes?: string | number;
  /** Maximum number of files and directories. */
  files?: number;
}

/** Limits of all sessions of the user together, on each replica. No limits beyond those of the FtpServer by default. */
export interface FtpUserLimits {
  /** Maximum number of concurrent sessions. */
  sessions?: number;
  /** Maximum rate of all uploads together in bytes per second, for example 10Mi. A compressed upload (MODE Z) counts by its decompressed size. */
  uploadBytesPerSecond?: string | number;
  /** Maximum rate of all downloads together in bytes per second, for example 10Mi. A compressed download (MODE Z) counts by its compressed size. */
  downloadBytesPerSecond?: string | number;
}

/** Modes of files and directories that the user creates. Unset modes are those of the FtpServer. */
export interface FtpUserFiles {
  /** Mode of new files as a quoted octal number, for example "0664". */
  fileMode?: string;
  /** Mode of new directories as a quoted octal number, for example "2775". */
  directoryMode?: string;
}

/** Current state of the account, written by the operator. */
export interface FtpUserStatus {
  /** Generation of the spec that the status was computed for. */
  observedGeneration?: number;
  /** FtpServer that accepted the account and reserved its login name. Unset until an FtpServer accepts the account. */
  serverRef?: FtpUserStatusServerRef;
  /** Login name. */
  loginName?: string;
  /** Home directory on the volume of the FtpServer. */
  homeDirectory?: string;
  /** URL that FTP clients connect to, for example ftp://192.0.2.10:21. */
  endpoint?: string;
  /** Current conditions. `Ready` is the summary. `Accepted` is True when the FtpServer accepts the account. `PasswordRead` is True when its password is available. */
  conditions?: Condition[];
}

/** FtpServer that accepted the account and reserved its login name. Unset until an FtpServer accepts the account. */
export interface FtpUserStatusServerRef {
  /** Namespace of the FtpServer. */
  namespace: string;
  /** Name of the FtpServer. */
  name: string;
}
