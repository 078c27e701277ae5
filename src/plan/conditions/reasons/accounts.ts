import type { ReasonEntry, Reasons } from "./reason.ts";
import {
  CERTIFICATE_INVALID,
  CONFIG_MAP_KEY_MISSING,
  CONFIG_MAP_NOT_FOUND,
  SECRET_KEY_MISSING,
  SECRET_NOT_FOUND,
} from "./references.ts";

const SECRET_VALUE_INVALID = {
  status: "False",
  meaning:
    "The password in the Secret is empty, is too long, or contains characters that FTP cannot transmit.",
  remedy: "Store a valid password in the Secret.",
} as const satisfies ReasonEntry;

const ACCOUNT_DISABLED = {
  status: "True",
  meaning:
    "The account is disabled. The engine rejects logins with the same reply as for a wrong password. The condition is True because the account state matches the spec.",
  remedy: "To permit logins, set `spec.users[].state` (`spec.state` in an FtpUser) to `Enabled`.",
} as const satisfies ReasonEntry;

const ACCOUNT_EXPIRED = {
  status: "True",
  meaning:
    "The account has expired. The engine rejects logins with the same reply as for a wrong password. The condition is True because the account state matches the spec.",
  remedy: "To permit logins, change or remove `spec.users[].expiresAt` (`spec.expiresAt` in an FtpUser).",
} as const satisfies ReasonEntry;

/** Reasons for the account and certificate conditions of an FtpServer. */
export const ACCOUNT_REASONS = {
  UsersReady: {
    PasswordsRead: { status: "True", meaning: "All enabled users can log in." },
    AccountDisabled: ACCOUNT_DISABLED,
    AccountExpired: ACCOUNT_EXPIRED,
    PasswordNotRead: {
      status: "False",
      meaning: "The operator has not read the password Secret yet.",
      remedy: "If the condition does not change within a minute, check the operator log.",
    },
    SecretNotFound: SECRET_NOT_FOUND,
    SecretKeyMissing: SECRET_KEY_MISSING,
    SecretValueInvalid: SECRET_VALUE_INVALID,
    ClientAddressesHidden: {
      status: "False",
      meaning:
        "Users whose accounts permit only some clients cannot log in, because nodes replace client addresses.",
      remedy:
        "Set `spec.proxyProtocol.mode` to `Enabled`, or use one replica and set `spec.exposure.service.externalTrafficPolicy` to `Local` (`Auto` becomes `Local` when only one pod remains, unless `spec.maxReplicas` is above 1). Alternatively, remove `spec.users[].allowedClients` (`spec.anonymous.allowedClients` for anonymous logins).",
    },
  },
  TLSReady: {
    TLSDisabled: { status: "True", meaning: "`spec.tls.mode` is `Disabled`." },
    CertificateValid: {
      status: "True",
      meaning: "The certificate is valid until the time given in the message.",
    },
    CertificateExpiresSoon: {
      status: "True",
      meaning: "The certificate expires in less than 7 days.",
      remedy:
        "Check why the certificate was not renewed. With cert-manager, run `kubectl describe certificate`.",
    },
    CertificateExpired: {
      status: "False",
      meaning: "The certificate has expired. Clients that verify certificates cannot connect.",
      remedy: "Renew the certificate. Engines load the new certificate within seconds.",
    },
    CertificateNotYetValid: {
      status: "False",
      meaning:
        "The certificate is not valid before the time given in the message. Clients that verify certificates cannot connect.",
      remedy: "Store a certificate that is already valid, or check the issuer's clock.",
    },
    CertificateNotRead: {
      status: "Unknown",
      meaning: "The operator has not read the certificate yet.",
      remedy: "If the condition does not change within a minute, check the operator log.",
    },
    CertificateInvalid: CERTIFICATE_INVALID,
    KeyMismatch: {
      status: "False",
      meaning: "The private key in `tls.key` does not match the certificate in `tls.crt`.",
      remedy: "Store a private key and a certificate that match.",
    },
    SecretNotFound: SECRET_NOT_FOUND,
    SecretKeyMissing: SECRET_KEY_MISSING,
    ConfigMapNotFound: CONFIG_MAP_NOT_FOUND,
    ConfigMapKeyMissing: CONFIG_MAP_KEY_MISSING,
  },
} as const satisfies Readonly<Record<string, Reasons>>;

/** All condition reasons of an FtpUser, grouped by condition type. */
export const USER_REASONS = {
  Ready: {
    Ready: { status: "True", meaning: "The user can log in." },
    AccountDisabled: ACCOUNT_DISABLED,
    AccountExpired: ACCOUNT_EXPIRED,
  },
  Accepted: {
    Accepted: { status: "True", meaning: "The FtpServer accepts the account." },
    FtpServerNotFound: {
      status: "False",
      meaning: "The FtpServer in `spec.serverRef` does not exist.",
      remedy: "Create the FtpServer, or change `spec.serverRef`.",
    },
    NamespaceNotAllowed: {
      status: "False",
      meaning: "`spec.userSources` of the FtpServer does not permit FtpUsers from this namespace.",
      remedy: "Ask the owner of the FtpServer to change `spec.userSources` or to label the namespace.",
    },
    NameTaken: {
      status: "False",
      meaning: "Another FtpUser or an entry in `spec.users` of the FtpServer uses the login name.",
      remedy: "Set `spec.loginName` to another name.",
    },
    NameReserved: {
      status: "False",
      meaning: "The login names `anonymous` and `ftp` are reserved for anonymous logins.",
      remedy: "Set `spec.loginName` to another name.",
    },
    InvalidSpec: {
      status: "False",
      meaning:
        "The FtpUser violates a validation rule, usually because the rule was added after the FtpUser was created.",
      remedy: "Correct the fields named in the message.",
    },
    HomeNotAllowed: {
      status: "False",
      meaning:
        "An FtpUser from another namespace requires a home directory in `/@NAMESPACE`, which is reserved for that namespace. The default home directory of an FtpUser cannot be the home directory for anonymous logins.",
      remedy: "Set `spec.homeDirectory` to a path that the message permits, or remove the field.",
    },
    MountNotAllowed: {
      status: "False",
      meaning: "The FtpServer does not permit a mount in `spec.mounts` of the FtpUser.",
      remedy:
        "Change the mount as the message describes, or ask the owner of the FtpServer to set `spec.additionalStorage[].ftpUsers`.",
    },
    PasswordMissing: {
      status: "False",
      meaning:
        "The account has no password, and the FtpServer does not accept logins with client certificates.",
      remedy: "Set `spec.passwordSecretRef`.",
    },
    ClientAddressesHidden: {
      status: "False",
      meaning: "The FtpUser sets `spec.allowedClients`, but the engine does not receive client addresses.",
      remedy: "Remove `spec.allowedClients`, or use an FtpServer whose engine receives client addresses.",
    },
    TooManyUsers: {
      status: "False",
      meaning:
        "The account capacity of the FtpServer is exhausted. The capacity is limited to 1,000 FtpUsers and 700 KiB of engine configuration. Each namespace other than the namespace of the FtpServer can use at most half of the capacity ([decision 0005](../contributing/decisions/0005-accounts-of-other-namespaces.md)).",
      remedy: "Use another FtpServer, or shorten `spec.allowedClients` of the FtpUsers.",
    },
  },
  PasswordRead: {
    PasswordRead: { status: "True", meaning: "The engine configuration contains a hash of the password." },
    NoPassword: {
      status: "True",
      meaning: "The account has no password. The user logs in with a client certificate.",
    },
    PasswordNotRead: {
      status: "Unknown",
      meaning: "The operator reads the Secret after the FtpServer accepts the account.",
    },
    SecretNotFound: SECRET_NOT_FOUND,
    SecretKeyMissing: SECRET_KEY_MISSING,
    SecretValueInvalid: SECRET_VALUE_INVALID,
  },
} as const satisfies Readonly<Record<string, Reasons>>;

/** Type of an FtpUser condition. */
export type UserConditionType = keyof typeof USER_REASONS;
/** Reasons that the FtpUser condition `T` can have. */
export type UserReasonOf<T extends UserConditionType> = keyof (typeof USER_REASONS)[T] & string;
/** Reason of any FtpUser condition. */
export type UserReason = { [T in UserConditionType]: UserReasonOf<T> }[UserConditionType];
