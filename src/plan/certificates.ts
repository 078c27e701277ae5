/** What became of a Secret with certificates: what the public part says, or what is wrong. Never a key. */
export type CertificateOutcome =
  | {
      /** RFC 3339. A chain is valid while all of it is; authorities are while one of them is, as in a rotation. */
      notBefore: string;
      notAfter: string;
      /** Changes with the Secret. */
      version: string;
    }
  /** `reason` in CamelCase; `message` names the Secret and the key, and says what to do. */
  | { problem: { reason: string; message: string }; version: string };

/** The certificates that spec.tls names; absent ones are not needed. */
export interface Certificates {
  server?: CertificateOutcome;
  clientAuthorities?: CertificateOutcome;
}

/** Keys of a Secret of type kubernetes.io/tls, and of the authorities beside them as cert-manager writes them. */
export const CERTIFICATE_KEY = "tls.crt";
export const PRIVATE_KEY_KEY = "tls.key";
export const AUTHORITIES_KEY = "ca.crt";
