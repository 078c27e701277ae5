import type { ReasonEntry, Reasons } from "./reason.ts";

const SECRET_NOT_FOUND = {
  status: "False",
  meaning: "The Secret in the message does not exist.",
  remedy: "Create it in the namespace of the object that references it.",
} as const satisfies ReasonEntry;

const SECRET_KEY_MISSING = {
  status: "False",
  meaning: "The Secret does not have the key in the message.",
  remedy: "Add the key, or change the key in the reference.",
} as const satisfies ReasonEntry;

const SECRET_VALUE_INVALID = {
  status: "False",
  meaning: "The password is empty, too long, or contains characters that FTP cannot send.",
  remedy: "Store another password in the Secret.",
} as const satisfies ReasonEntry;

const ACCOUNT_DISABLED = {
  status: "True",
  meaning:
    "The account is disabled. Logins get the same reply as a wrong password. `Ready` is True because this is the desired state.",
  remedy: "Set `state` to `Enabled` to permit logins.",
} as const satisfies ReasonEntry;

const ACCOUNT_EXPIRED = {
  status: "True",
  meaning:
    "The time in `expiresAt` has passed. Logins get the same reply as a wrong password. `Ready` is True because this is the desired state.",
  remedy: "Change or remove `expiresAt` to permit logins.",
} as const satisfies ReasonEntry;

/** Reasons about accounts and certificates of an FtpServer. */
export const ACCOUNT_REASONS = {
  UsersReady: {
    PasswordsRead: { status: "True", meaning: "All enabled users can log in." },
    AccountDisabled: ACCOUNT_DISABLED,
    AccountExpired: ACCOUNT_EXPIRED,
    PasswordNotRead: {
      status: "False",
      meaning: "The operator has not read the Secret yet.",
      remedy: "If this lasts more than a minute, check the log of the operator.",
    },
    SecretNotFound: SECRET_NOT_FOUND,
    SecretKeyMissing: SECRET_KEY_MISSING,
    SecretValueInvalid: SECRET_VALUE_INVALID,
    ClientAddressesHidden: {
      status: "False",
      meaning:
        "A user has `allowedClients`, but nodes replace the addresses of clients. The user cannot log in.",
      remedy:
        "Use one replica with `externalTrafficPolicy: Local`, or `spec.proxyProtocol`, or remove `allowedClients`. If the policy is `Auto`, wait until only one pod is left.",
    },
  },
  TLSReady: {
    TLSDisabled: { status: "True", meaning: "`spec.tls.mode` is `Disabled`." },
    CertificateValid: { status: "True", meaning: "The certificate is valid until the time in the message." },
    CertificateExpiresSoon: {
      status: "True",
      meaning: "The certificate expires in less than 7 days.",
      remedy: "Find out why it was not renewed. With cert-manager, run `kubectl describe certificate`.",
    },
    CertificateExpired: {
      status: "False",
      meaning: "The certificate has expired. Clients that verify certificates cannot connect.",
      remedy: "Renew it. Engines load the new certificate within seconds.",
    },
    CertificateNotYetValid: {
      status: "False",
      meaning:
        "The certificate is not valid before the time in the message. Clients that verify certificates cannot connect.",
      remedy: "Store a valid certificate, or check the clock of the issuer.",
    },
    CertificateNotRead: {
      status: "Unknown",
      meaning: "The operator has not read the certificate yet.",
      remedy: "If this lasts more than a minute, check the log of the operator.",
    },
    CertificateInvalid: {
      status: "False",
      meaning: "A key does not contain a certificate or an unencrypted private key in PEM format.",
      remedy: "Store `tls.crt`, `tls.key` and `ca.crt` in PEM format.",
    },
    KeyMismatch: {
      status: "False",
      meaning: "`tls.key` is not the private key of the certificate in `tls.crt`.",
      remedy: "Store a matching pair.",
    },
    SecretNotFound: SECRET_NOT_FOUND,
    SecretKeyMissing: SECRET_KEY_MISSING,
    ConfigMapNotFound: {
      status: "False",
      meaning: "The ConfigMap in the message does not exist.",
      remedy: "Create it in the namespace of the FtpServer.",
    },
    ConfigMapKeyMissing: {
      status: "False",
      meaning: "The ConfigMap does not have the key in the message.",
      remedy: "Add the key, or change `spec.tls.clientCertificates.caRef.key`.",
    },
  },
} as const satisfies Readonly<Record<string, Reasons>>;

/** The reasons of every condition of an FtpUser. */
export const USER_REASONS = {
  Ready: {
    Ready: { status: "True", meaning: "The user can log in." },
    AccountDisabled: ACCOUNT_DISABLED,
    AccountExpired: ACCOUNT_EXPIRED,
  },
  Accepted: {
    Accepted: { status: "True", meaning: "The FtpServer has the account." },
    FtpServerNotFound: {
      status: "False",
      meaning: "The FtpServer in `spec.serverRef` does not exist.",
      remedy: "Create it, or change `spec.serverRef`.",
    },
    NamespaceNotAllowed: {
      status: "False",
      meaning: "`spec.userSources` of the FtpServer does not permit accounts of this namespace.",
      remedy: "Ask the owner of the FtpServer to change `spec.userSources`, or to label the namespace.",
    },
    NameTaken: {
      status: "False",
      meaning: "Another FtpUser, or a user in the spec of the FtpServer, has the login name.",
      remedy: "Set another `spec.loginName`.",
    },
    NameReserved: {
      status: "False",
      meaning: "The login names `anonymous` and `ftp` are reserved for anonymous logins.",
      remedy: "Set another `spec.loginName`.",
    },
    InvalidSpec: {
      status: "False",
      meaning: "The FtpUser violates a rule of the API. Usually it is older than the rule.",
      remedy: "Correct the fields that the message names.",
    },
    HomeNotAllowed: {
      status: "False",
      meaning:
        "An FtpUser of another namespace needs a home in `/@NAMESPACE`, and no other account can have one there. A default home cannot be the home of anonymous logins.",
      remedy: "Set `spec.homeDirectory` to a path that the message names, or remove the field.",
    },
    PasswordMissing: {
      status: "False",
      meaning: "The account has neither a password nor a client certificate.",
      remedy: "Set `spec.passwordSecretRef`.",
    },
    ClientAddressesHidden: {
      status: "False",
      meaning: "The account has `spec.allowedClients`, but the engine does not see the addresses of clients.",
      remedy: "Remove `spec.allowedClients`, or use an FtpServer that sees the addresses of clients.",
    },
    TooManyUsers: {
      status: "False",
      meaning:
        "The account capacity of the FtpServer is used up. It is 1,000 FtpUsers or 700 KiB, half of it for one other namespace ([decision 0005](../contributing/decisions/0005-accounts-of-other-namespaces.md)).",
      remedy: "Use another FtpServer, or shorten `allowedClients`.",
    },
  },
  PasswordRead: {
    PasswordRead: { status: "True", meaning: "The FtpServer has a hash of the password." },
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

/** A condition of an FtpUser. */
export type UserConditionType = keyof typeof USER_REASONS;
/** The reasons of a condition of an FtpUser. */
export type UserReasonOf<T extends UserConditionType> = keyof (typeof USER_REASONS)[T] & string;
/** A reason of any condition of an FtpUser. */
export type UserReason = { [T in UserConditionType]: UserReasonOf<T> }[UserConditionType];
