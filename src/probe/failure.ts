/** Failure reasons of probe steps, which are also reasons of the condition ClientsReachable. */
export type FailureReason = keyof typeof CAUSES;

/** Usual cause of each failure and the action to take. */
export const CAUSES = {
  NameNotResolved:
    "The name has no address in the DNS server that this machine uses. Check the DNS record, or wait until all DNS servers have it.",
  ConnectFailed:
    "No answer: a firewall or security group blocks the control port, or the load balancer has no healthy backend. `ECONNREFUSED`: no pod is ready, or the port is wrong.",
  NoGreeting:
    "The server accepts the connection but sends no greeting. It waits for a PROXY protocol header (`spec.proxyProtocol`) or for TLS (`spec.tls.mode` is `Implicit`), this address has too many sessions, or the port belongs to another program.",
  EncryptionFailed:
    "The TLS handshake failed. Check the server's certificate and `spec.tls`: this client may not meet `minimumVersion` or `clientCertificates`.",
  LoginFailed:
    "The server rejected the account: wrong name or password, an address outside `allowedClients`, a ban after failed logins, or TLS is required.",
  PassiveModeRejected:
    "The server offers no passive port. It has no address to announce yet (425 to PASV), or all its passive ports are in use.",
  DataConnectFailed:
    "The control port is open, but the passive port is not. Open the complete passive port range wherever the control port is open: firewall, security group, load balancer listeners (many clouds limit their number), NetworkPolicy. A network plugin that ignores `endPort` opens only the first port.",
  AddressUnreachable:
    "PASV announces a different address than that of the control connection, and nothing answers there. Set `spec.passive.address` to the address that clients can reach, or configure clients to use EPSV.",
  AddressNotAllowed:
    "The operator does not connect to loopback, link-local, multicast or unspecified addresses, because it would reach its own node instead of what clients reach. Set `spec.passive.address` to the address that clients can reach.",
  UnexpectedAddress:
    "PASV announces neither an address of the host nor one in `spec.passive.address`, and the operator connects to no others. The pod does not use a new address yet, it announces its own address (`ControlConnection` with a Service), or a device in the network rewrites the reply. Run `ftp-operator check` from the network of a client.",
  DataEncryptionFailed:
    "The TLS handshake of the data connection failed. A device in the network terminates TLS or changes bytes.",
  TransferFailed:
    "The data connection opened, but the transfer failed. The data connection reached another pod or server than the control connection, or a device in the network closed it.",
} as const;

/** A failed step. The message never contains a password. */
export class ProbeFailure extends Error {
  override name = "ProbeFailure";
  readonly reason: FailureReason;
  /** The message without text from the server, except reply codes. */
  readonly safeMessage: string;

  constructor(reason: FailureReason, message: string, safeMessage = message) {
    super(message);
    this.reason = reason;
    this.safeMessage = safeMessage;
  }

  get usualCause(): string {
    return CAUSES[this.reason];
  }
}
