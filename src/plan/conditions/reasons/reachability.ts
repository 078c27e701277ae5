import type { Reasons } from "./reason.ts";

/** Reasons about the reachability check. */
export const REACHABILITY_REASONS = {
  PassiveReachable: {
    Reachable: {
      status: "True",
      meaning: "Listings were transferred with PASV and EPSV through a passive port of every slot.",
    },
    SomeSlotsNotChecked: {
      status: "True",
      meaning: "No test connection was routed to the slots in the message, so their ports were not checked.",
    },
    NotChecked: {
      status: "Unknown",
      meaning: "No pod serves, no address is known, or the first check has not finished.",
    },
    CheckDisabled: {
      status: "Unknown",
      meaning:
        "`spec.reachabilityCheck.mode` or the chart value `operator.reachabilityChecks` disables the check.",
    },
    CheckNotPossible: {
      status: "Unknown",
      meaning:
        "The operator is not one of the allowed clients, has no client certificate, or does not connect through the proxy.",
      remedy: "Run `ftp-operator check` from the network of a client.",
    },
    NameNotResolved: {
      status: "False",
      meaning: "The announced host name has no address in the DNS of the cluster.",
      remedy: "Check the DNS record, or wait until it is published.",
    },
    ConnectFailed: {
      status: "False",
      meaning: "The control port does not answer.",
      remedy:
        "Check the condition `Available`, the health checks of the load balancer, and firewalls between the cluster and the load balancer.",
    },
    NoGreeting: {
      status: "False",
      meaning:
        "The control port accepts connections but sends no greeting. It expects another protocol (`spec.proxyProtocol`, `spec.tls.mode: Implicit`), or the client has too many sessions.",
      remedy: "Check these fields, and what is between the cluster and the load balancer.",
    },
    EncryptionFailed: {
      status: "False",
      meaning: "The TLS handshake of the control connection failed.",
      remedy: "Check the condition `TLSReady`, and devices that terminate TLS.",
    },
    DataEncryptionFailed: {
      status: "False",
      meaning: "The TLS handshake of a data connection failed.",
      remedy: "Check the condition `TLSReady`, and devices that terminate TLS.",
    },
    LoginFailed: {
      status: "False",
      meaning:
        "The engine rejected the account of the operator, because it has not loaded its newest configuration.",
      remedy: "Check the log of the engine.",
    },
    PassiveModeRejected: {
      status: "False",
      meaning: "The engine has no announced address or no free passive port.",
      remedy: "Check the condition `AddressAssigned`, or enlarge `spec.passive.portRange`.",
    },
    DataConnectFailed: {
      status: "False",
      meaning: "The control port is reachable, but a passive port is not.",
      remedy:
        "Open the entire passive port range in every firewall that opens the control port. A network plugin without support for `endPort` opens only the first port.",
    },
    AddressUnreachable: {
      status: "False",
      meaning:
        "PASV announces another address than the one of the control connection, and it does not answer.",
      remedy: "Set `spec.passive.address` to an address that clients can reach.",
    },
    UnexpectedAddress: {
      status: "False",
      meaning:
        "PASV announces an address that is neither the one of the control connection nor one of `spec.passive.address`. The operator did not connect to it. The pod has not loaded a new address yet, `ControlConnection` is used behind a Service, or a device rewrites the reply.",
      remedy: "Set `spec.passive.address`, or find the device that rewrites replies.",
    },
    AddressNotAllowed: {
      status: "False",
      meaning:
        "PASV announces a loopback, link-local, multicast or unspecified address. The operator does not connect to these addresses.",
      remedy:
        "Set `spec.passive.address` to an address that clients can reach. For a test on one machine, set `spec.reachabilityCheck.mode` to `Disabled`.",
    },
    TransferFailed: {
      status: "False",
      meaning:
        "The data connection opened, but no listing was transferred. It reached another pod than the session, or a device closed it.",
      remedy:
        "Check the session affinity of the load balancer, and devices between the cluster and the load balancer.",
    },
  },
} as const satisfies Readonly<Record<string, Reasons>>;
