import type { ReasonEntry } from "./reason.ts";

/** Reasons for faults in referenced Secrets and ConfigMaps. Several conditions share these reasons. */

export const SECRET_NOT_FOUND = {
  status: "False",
  meaning: "The Secret named in the message does not exist.",
  remedy: "Create the Secret in the namespace of the FtpServer or FtpUser that references it.",
} as const satisfies ReasonEntry;

export const SECRET_KEY_MISSING = {
  status: "False",
  meaning: "The Secret does not contain the key named in the message.",
  remedy: "Add the key to the Secret, or change the key in the Secret reference.",
} as const satisfies ReasonEntry;

export const CONFIG_MAP_NOT_FOUND = {
  status: "False",
  meaning: "The ConfigMap named in the message does not exist.",
  remedy: "Create the ConfigMap in the namespace of the FtpServer.",
} as const satisfies ReasonEntry;

export const CONFIG_MAP_KEY_MISSING = {
  status: "False",
  meaning: "The ConfigMap does not contain the key named in the message.",
  remedy: "Add the key to the ConfigMap, or change the key in the ConfigMap reference.",
} as const satisfies ReasonEntry;

export const CERTIFICATE_INVALID = {
  status: "False",
  meaning:
    "The value of a key named in the message is not a valid certificate or private key. Certificates and private keys must be in PEM format, and private keys must not be encrypted.",
  remedy: "Store `tls.crt`, `tls.key` and `ca.crt` in PEM format.",
} as const satisfies ReasonEntry;
