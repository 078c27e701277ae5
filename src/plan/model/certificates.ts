/** The public part of a Secret or ConfigMap with certificates, or what is wrong with it. Never a key. */
export type CertificateOutcome =
  | {
      /** RFC 3339. A chain is valid while all of it is; authorities are while one of them is, as in a rotation. */
      notBefore: string;
      notAfter: string;
      /** Changes with the object. */
      version: string;
    }
  /** `reason` in CamelCase; `message` names the object and the key, and says what to do. */
  | { problem: { reason: string; message: string }; version: string };

/** The certificates that spec.tls names; absent ones are not needed. */
export interface Certificates {
  server?: CertificateOutcome;
  clientAuthorities?: CertificateOutcome;
}

/** Keys of a Secret of type kubernetes.io/tls. */
export const CERTIFICATE_KEY = "tls.crt";
export const PRIVATE_KEY_KEY = "tls.key";
