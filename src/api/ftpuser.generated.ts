// Generated from src/api/schema/ by `npm run generate`; do not edit.
/* eslint-disable max-lines -- data */
import type { Condition, KubeObject } from "./kubernetes.ts";

/** FtpUser is an account on an FtpServer. Teams can manage FtpUsers without permissions on the FtpServer. The FtpServer selects the namespaces of its FtpUsers with `spec.userSources`. The password remains in the namespace of the FtpUser. The FtpServer receives only the password hash. */
export interface FtpUser extends KubeObject {
  /** Desired state of the account. */
  spec: FtpUserSpec;
  /** Current state of the account, written by the operator. */
  status?: FtpUserStatus;
}

/** Desired state of the account. */
export interface FtpUserSpec {
  /** Reference to the FtpServer that accepts the logins of this account. */
  serverRef: FtpUserServerRef;
  /** Login name, for example `alice` or `alice@example.com`. Defaults to the name of the FtpUser. */
  loginName?: string;
  /** `Disabled` rejects logins and ends open sessions. A disabled account keeps its login name and files. A disabled account does not require a password Secret. Defaults to `Enabled`. */
  state: "Enabled" | "Disabled";
  /** Expiry time of the account in RFC 3339 format, for example `2030-01-31T00:00:00Z`. When the account expires, the engine rejects logins and ends open sessions. An expired account keeps its login name and files. An account without `expiresAt` does not expire. */
  expiresAt?: string;
  /** Reference to the Secret with the password, in the namespace of the FtpUser. Changes to the Secret take effect within seconds, without an engine restart. This field is required unless `spec.tls.clientCertificates.login` of the FtpServer accepts client certificates instead of passwords. */
  passwordSecretRef?: FtpUserPasswordSecretRef;
  /** Absolute path in the storage to the directory that the user sees as `/` and cannot leave. The engine creates the directory if it does not exist. If the FtpUser is in the namespace of the FtpServer, the path defaults to `/LOGINNAME` and must not begin with `/@`. If the FtpUser is in another namespace, the path defaults to `/@NAMESPACE/LOGINNAME`. For an FtpUser in another namespace, the path must be `/@NAMESPACE` or a directory below `/@NAMESPACE`. */
  homeDirectory?: string;
  /** Permissions of the user. `List` permits listing directories. `Read` permits downloading files. `Write` permits creating, replacing, resuming and truncating files, and setting file modes. `Append` permits creating files and appending to existing files. `Delete` permits removing files. `Rename` permits renaming and moving files and directories. With `Rename`, replacing an existing file also requires `Write` or `Delete`. The engine never replaces an existing directory. `MakeDirectory` permits creating directories. `RemoveDirectory` permits removing empty directories. `SetModificationTime` permits setting the modification times of files and directories. Server-side copies require `Read` and `Write`. */
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
  /** Directories with their own permissions, for example a read-only `/outbox` or a write-only `/inbox`. If a file is below the paths of several entries, the entry with the longest path applies. The engine creates missing directories when the user logs in. The user cannot rename or remove the listed directories or their parent directories. */
  directories: FtpUserDirectory[];
  /** Directories in additional storage that are mounted in the user's directory tree. Each mount requires the field `storage`. `spec.additionalStorage[].ftpUsers` of the FtpServer must permit the access. */
  mounts: FtpUserMount[];
  /** Quota of the home directory. The files of all users with the same home directory count toward the quota. By default, the home directory has no quota. */
  quota?: FtpUserQuota;
  /** Combined limits for all sessions of the user on each replica. By default, only the limits of the FtpServer apply. */
  limits?: FtpUserLimits;
  /** Modes of files and directories that the user creates. An unset mode defaults to the mode in `spec.files` of the FtpServer. */
  files?: FtpUserFiles;
  /** Networks from which the user can log in. An empty list allows all networks. If `spec.allowedClients` is not empty and nodes replace client addresses, the operator rejects the account with reason `ClientAddressesHidden`. */
  allowedClients: string[];
}

/** Reference to the FtpServer that accepts the logins of this account. */
export interface FtpUserServerRef {
  /** Name of the FtpServer. */
  name: string;
  /** Namespace of the FtpServer. Defaults to the namespace of the FtpUser. */
  namespace?: string;
}

/** Reference to the Secret with the password, in the namespace of the FtpUser. Changes to the Secret take effect within seconds, without an engine restart. This field is required unless `spec.tls.clientCertificates.login` of the FtpServer accepts client certificates instead of passwords. */
export interface FtpUserPasswordSecretRef {
  /** Name of the Secret. */
  name: string;
  /** Key of the password in the Secret. The value is a password, or a password hash in the standard format of scrypt, argon2, bcrypt or sha-crypt. A hash is rejected if its verification requires more than 64 MiB of memory. The maximum hash costs are `ln=16,r=8,p=2` for scrypt, `m=65536,t=4` for argon2, cost 12 for bcrypt and `rounds=200000` for sha-crypt. Defaults to `password`. */
  key: string;
}

/** A directory with its own permissions. */
export interface FtpUserDirectory {
  /** Absolute path at which the user sees the directory, for example `/outbox`. The permissions also apply to all subdirectories. The path must not be `/`. */
  path: string;
  /** Permissions in this directory, used instead of the account's `permissions`. With an empty list, the user has no permissions in this directory. */
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

/** A storage directory and the path at which the user sees this directory. */
export interface FtpUserMount {
  /** Absolute path at which the user sees the directory, for example `/archive`. The path must not be `/`. */
  path: string;
  /** Name of an entry in `spec.additionalStorage` of the FtpServer. Defaults to the storage for home directories. */
  storage?: string;
  /** Absolute path in the storage to the directory that the user sees at `path`. The engine creates a missing directory unless `access` is `ReadOnly`. Defaults to `/`. */
  subPath: string;
  /** Access to the files. `ReadOnly` removes all permissions that allow changes. The account's `permissions` and `directories` further restrict access. Defaults to `ReadWrite`. */
  access: "ReadWrite" | "ReadOnly";
}

/** Quota of the home directory. The files of all users with the same home directory count toward the quota. By default, the home directory has no quota. */
export interface FtpUserQuota {
  /** Maximum total size of all files in the home directory, for example `10Gi`. */
  bytes?: string | number;
  /** Maximum number of files and directories in the home directory. */
  files?: number;
}

/** Combined limits for all sessions of the user on each replica. By default, only the limits of the FtpServer apply. */
export interface FtpUserLimits {
  /** Maximum number of concurrent sessions. */
  sessions?: number;
  /** Maximum combined upload rate in bytes per second, for example `10Mi`. For compressed uploads (MODE Z), the limit applies to the decompressed data. */
  uploadBytesPerSecond?: string | number;
  /** Maximum combined download rate in bytes per second, for example `10Mi`. For compressed downloads (MODE Z), the limit applies to the compressed data. */
  downloadBytesPerSecond?: string | number;
}

/** Modes of files and directories that the user creates. An unset mode defaults to the mode in `spec.files` of the FtpServer. */
export interface FtpUserFiles {
  /** Mode of new files as a quoted octal number, for example `"0664"`. */
  fileMode?: string;
  /** Mode of new directories as a quoted octal number, for example `"2775"`. */
  directoryMode?: string;
}

/** Current state of the account, written by the operator. */
export interface FtpUserStatus {
  /** Generation of the resource that this status describes. */
  observedGeneration?: number;
  /** FtpServer that accepted the account and reserved its login name. The field is unset until an FtpServer accepts the account. */
  serverRef?: FtpUserStatusServerRef;
  /** Login name. */
  loginName?: string;
  /** Home directory in the storage of the FtpServer. */
  homeDirectory?: string;
  /** URL that FTP clients connect to, for example `ftp://192.0.2.10:21`. */
  endpoint?: string;
  /** Current conditions of the FtpUser. `Ready` summarizes the other conditions. `Accepted` is True when the FtpServer accepts the account. `PasswordRead` is True when the password of the account is available. */
  conditions?: Condition[];
}

/** FtpServer that accepted the account and reserved its login name. The field is unset until an FtpServer accepts the account. */
export interface FtpUserStatusServerRef {
  /** Namespace of the FtpServer. */
  namespace: string;
  /** Name of the FtpServer. */
  name: string;
}
