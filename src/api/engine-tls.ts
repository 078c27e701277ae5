/** FTPS (RFC 4217). */
export interface EngineTls {
  /**
   * `Optional` allows AUTH TLS. `Required` rejects logins before AUTH TLS. `Implicit` starts TLS before the greeting.
   */
  mode: "Optional" | "Required" | "Implicit";
  /**
   * PEM file with the certificate chain, starting with the leaf certificate. New handshakes use the current file
   * content.
   */
  certificateFile: string;
  keyFile: string;
  minimumVersion: "TLS12" | "TLS13";
  /** `Required` rejects transfers before PROT P. `Optional` also allows PROT C. */
  dataProtection: "Required" | "Optional";
  /**
   * `Allow` accepts CCC, which ends TLS on the control connection after the login. `Allow` requires mode `Optional`.
   */
  clearControl: "Allow" | "Deny";
  /** `Required` accepts only data connections that resume a TLS session from a control connection of the same user. */
  sessionReuse: "Preferred" | "Required";
  /** Names that clients can request with SNI or HOST (RFC 7151). An empty list accepts all names. */
  serverNames: string[];
  clientCertificates:
    | { mode: "Disabled" }
    | {
        /**
         * `Optional` verifies certificates that clients present. `Required` also rejects clients without a certificate.
         */
        mode: "Optional" | "Required";
        /** PEM file with the CA certificates that sign client certificates. */
        caFile: string;
        /**
         * `Password` requires a password in addition to the certificate. `CommonName` accepts a certificate instead of
         * a password if its common name is the user name. `SubjectAlternativeName` accepts a certificate instead of a
         * password if it contains the user name as a DNS name or email address.
         */
        login: "Password" | "CommonName" | "SubjectAlternativeName";
      };
}
