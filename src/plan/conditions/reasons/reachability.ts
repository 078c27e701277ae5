import type { Reasons } from "./reason.ts";

/** Reasons for the condition PassiveReachable. */
export const REACHABILITY_REASONS = {
  PassiveReachable: {
    Reachable: {
      status: "True",
      meaning:
        "The operator transferred directory listings with PASV and EPSV through a passive port of every slot.",
    },
    SomeSlotsNotChecked: {
      status: "True",
      meaning:
        "No test connection was routed to the slots named in the message, so the ports of these slots were not checked.",
    },
    NotChecked: {
      status: "Unknown",
      meaning: "No pod is ready, no address is known, or the first reachability check has not finished.",
    },
    CheckDisabled: {
      status: "Unknown",
      meaning:
        "`spec.reachabilityCheck.mode` or the chart value `operator.reachabilityChecks` disables reachability checks.",
    },
    CheckNotPossible: {
      status: "Unknown",
      meaning:
        "The operator is not one of the allowed clients, has no client certificate, or does not connect through the proxy.",
      remedy: "Run `ftp-operator check` from a client network.",
    },
    NameNotResolved: {
      status: "False",
      meaning: "The announced host name does not resolve to an address in the cluster DNS.",
      remedy: "Check the DNS record, or wait until the record is published.",
    },
    ConnectFailed: {
      status: "False",
      meaning: "The operator cannot connect to the control port.",
      remedy:
        "Check the condition `Available`, the health checks of the load balancer, and the firewalls between the cluster and the load balancer.",
    },
    NoGreeting: {
      status: "False",
      meaning:
        "The control port accepts connections but sends no greeting. Either the control port expects PROXY headers or implicit TLS, or the operator has reached the session limit for one client.",
      remedy:
        "Check `spec.proxyProtocol.mode`, `spec.tls.mode` and the network devices between the cluster and the load balancer.",
    },
    EncryptionFailed: {
      status: "False",
      meaning: "The TLS handshake of the control connection failed.",
      remedy: "Check the condition `TLSReady` and any network device that terminates TLS.",
    },
    DataEncryptionFailed: {
      status: "False",
      meaning: "The TLS handshake of a data connection failed.",
      remedy: "Check the condition `TLSReady` and any network device that terminates TLS.",
    },
    LoginFailed: {
      status: "False",
      meaning:
        "The engine rejected the operator's account, because the engine has not loaded its newest configuration.",
      remedy: "Check the engine log.",
    },
    PassiveModeRejected: {
      status: "False",
      meaning: "The engine has no announced address or no free passive port.",
      remedy: "Check the condition `AddressAssigned`, or extend `spec.passive.portRange`.",
    },
    DataConnectFailed: {
      status: "False",
      meaning: "A passive port is unreachable, although the control port is reachable.",
      remedy:
        "Open the entire passive port range in every firewall that opens the control port. A network plugin without support for `endPort` opens only the first port of the range.",
    },
    AddressUnreachable: {
      status: "False",
      meaning:
        "PASV announces an unreachable address that differs from the address of the control connection.",
      remedy: "Set `spec.passive.address` to an address that clients can reach.",
    },
    UnexpectedAddress: {
      status: "False",
      meaning:
        "PASV announces an address that is neither the address of the control connection nor an address in `spec.passive.address`. The operator did not connect to the announced address. Possible causes are a new address that the pod has not loaded yet, the value `ControlConnection` of `spec.passive.address.type` behind a Service, and a network device that rewrites PASV replies.",
      remedy: "Set `spec.passive.address`, or find the network device that rewrites PASV replies.",
    },
    AddressNotAllowed: {
      status: "False",
      meaning:
        "PASV announces a loopback, link-local, multicast or unspecified address, to which the operator does not connect.",
      remedy:
        "Set `spec.passive.address` to an address that clients can reach. For a test on one machine, set `spec.reachabilityCheck.mode` to `Disabled`.",
    },
    TransferFailed: {
      status: "False",
      meaning:
        "The data connection opened, but no directory listing was transferred. Either the data connection reached a pod other than the pod of the session, or a network device closed the connection.",
      remedy:
        "Check the session affinity of the load balancer and the network devices between the cluster and the load balancer.",
    },
  },
} as const satisfies Readonly<Record<string, Reasons>>;
