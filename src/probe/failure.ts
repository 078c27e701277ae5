/** Failure reasons of probe steps. The `PassiveReachable` condition uses the same reasons. */
export type FailureReason = keyof typeof CAUSES;

/** Usual cause of each failure, and the action that resolves it. */
export const CAUSES = {
  NameNotResolved:
    "The DNS server has no address for the host name. Check the DNS record, or wait until all DNS servers contain the record.",
  ConnectFailed:
    "A firewall or security group blocks the control port, or the load balancer has no healthy backend. `ECONNREFUSED` means that no pod is ready or that the port is wrong.",
  NoGreeting:
    "The server accepts the connection but sends no greeting. The server expects a PROXY header (`spec.proxyProtocol`) or implicit TLS (`spec.tls.mode`), the client has reached its session limit, or another program uses the port.",
  EncryptionFailed:
    "The TLS handshake of the control connection failed. Check the server certificate. The client must also meet the requirements of `spec.tls.minimumVersion` and `spec.tls.clientCertificates`.",
  LoginFailed:
    "The server rejected the login. The name or password is wrong, `allowedClients` excludes the client address, failed logins caused a ban, or the server requires TLS.",
  PassiveModeRejected:
    "The server offers no passive port. The announced address is unknown (reply 425 to PASV), or all passive ports are in use.",
  DataConnectFailed:
    "The control port is reachable, but the passive port is not. Open the complete passive port range in every firewall, security group, load balancer and NetworkPolicy that opens the control port. Many cloud load balancers limit the number of ports. A network plugin without support for `endPort` opens only the first port of the range.",
  AddressUnreachable:
    "PASV announces an unreachable address that differs from the address of the control connection. Set `spec.passive.address` to an address that clients can reach, or configure clients to use EPSV.",
  AddressNotAllowed:
    "The operator does not connect to loopback, link-local, multicast or unspecified addresses, because these addresses reach the operator pod or its node instead of the FtpServer. Set `spec.passive.address` to an address that clients can reach.",
  UnexpectedAddress:
    "PASV announces an address that is neither an address of the host nor an address in `spec.passive.address`. The operator does not connect to such an address. The pod has not loaded a new address yet, `spec.passive.address.type` is `ControlConnection` behind a Service, or a network device rewrites PASV replies. Run `ftp-operator check` from a client network.",
  DataEncryptionFailed:
    "The TLS handshake of the data connection failed. A network device terminates TLS or modifies the data.",
  TransferFailed:
    "The data connection opened, but the transfer failed. The data connection reached a pod other than the pod of the control connection, or a network device closed the data connection.",
} as const;

/** Error for a failed step. The message never contains a password. */
export class ProbeFailure extends Error {
  override name = "ProbeFailure";
  readonly reason: FailureReason;
  /** Error message that contains no text from the server except reply codes. */
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
