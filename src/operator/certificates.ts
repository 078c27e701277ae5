import { createPrivateKey, X509Certificate } from "node:crypto";
import type { FtpServerTls } from "../api/ftpserver.generated.ts";
import type { ObjectMeta } from "../api/kubernetes.ts";
import {
  AUTHORITIES_KEY,
  CERTIFICATE_KEY,
  PRIVATE_KEY_KEY,
  type CertificateOutcome,
  type Certificates,
} from "../plan/certificates.ts";
import type { Secret } from "../plan/objects.ts";

/** How Secrets of a namespace are reached: cheap metadata of all, and the content of one. */
export interface Secrets {
  /** Metadata of a Secret; undefined when there is none of this name. */
  metadata(name: string): ObjectMeta | undefined;
  /** The Secret as it is now; undefined when there is none. */
  read(name: string): Promise<Secret | undefined>;
}

type Judge = (secret: Secret) => Judgement;
/** RFC 3339. */
type Validity = { notBefore: string; notAfter: string };
type Judgement = Validity | { reason: string; message: string };

/** Secrets whose outcome is remembered; enough for every FtpServer of a large cluster. */
const MAX_REMEMBERED = 20_000;

/**
 * Looks at the certificates that FtpServers name, so that what is wrong shows in a condition instead of in a pod's log. A Secret is
 * read once per version, and only what is public is remembered.
 */
export class CertificateReader {
  readonly #outcomes = new Map<string, CertificateOutcome>();

  /** @param tls undefined when the CRD is older than this operator */
  async read(tls: FtpServerTls | undefined, secrets: Secrets): Promise<Certificates> {
    if (tls === undefined || tls.mode === "Disabled") return {};
    const { certificateRef, clientCertificates } = tls;
    const { caRef } = clientCertificates;
    const wantsAuthorities = clientCertificates.mode !== "Disabled" && caRef !== undefined;
    const [server, clientAuthorities] = await Promise.all([
      certificateRef === undefined ? undefined : this.#outcome(certificateRef.name, secrets, judgeServer),
      wantsAuthorities ? this.#outcome(caRef.name, secrets, judgeAuthorities) : undefined,
    ]);
    return {
      ...(server === undefined ? {} : { server }),
      ...(clientAuthorities === undefined ? {} : { clientAuthorities }),
    };
  }

  async #outcome(name: string, secrets: Secrets, judge: Judge): Promise<CertificateOutcome> {
    const metadata = secrets.metadata(name);
    if (metadata === undefined) return missing(name);
    const version = `${metadata.uid}/${metadata.resourceVersion}`;
    const key = `${version}/${judge.name}`;
    const known = this.#outcomes.get(key);
    if (known !== undefined) return known;
    const secret = await secrets.read(name);
    if (secret === undefined) return missing(name);
    const outcome = outcomeOf(judge(secret), version);
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size >= MAX_REMEMBERED && oldest !== undefined) this.#outcomes.delete(oldest);
    this.#outcomes.set(key, outcome);
    return outcome;
  }
}

function outcomeOf(judgement: Judgement, version: string): CertificateOutcome {
  return "notAfter" in judgement ? { ...judgement, version } : { problem: judgement, version };
}

function missing(name: string): CertificateOutcome {
  const message = `Secret "${name}" does not exist: create it, or let cert-manager do it.`;
  return { problem: { reason: "SecretNotFound", message }, version: "" };
}

const judgeServer: Judge = (secret) => {
  const certificates = certificatesIn(secret, CERTIFICATE_KEY);
  if ("reason" in certificates) return certificates;
  const encoded = secret.data?.[PRIVATE_KEY_KEY];
  if (encoded === undefined) return keyMissing(secret, PRIVATE_KEY_KEY);
  const [leaf] = certificates;
  try {
    if (leaf?.checkPrivateKey(createPrivateKey(Buffer.from(encoded, "base64"))) === true)
      return validity(certificates, Math.max, Math.min);
  } catch {
    return invalid(secret, PRIVATE_KEY_KEY, "is not an unencrypted private key in PEM");
  }
  return {
    reason: "KeyDoesNotMatch",
    message: `"${PRIVATE_KEY_KEY}" of Secret "${secret.metadata.name}" is not the key of "${CERTIFICATE_KEY}": write both from one issue.`,
  };
};

const judgeAuthorities: Judge = (secret) => {
  const certificates = certificatesIn(secret, AUTHORITIES_KEY);
  return "reason" in certificates ? certificates : validity(certificates, Math.min, Math.max);
};

function certificatesIn(
  secret: Secret,
  key: string,
): X509Certificate[] | { reason: string; message: string } {
  const encoded = secret.data?.[key];
  if (encoded === undefined) return keyMissing(secret, key);
  const text = Buffer.from(encoded, "base64").toString("latin1");
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/gu) ?? [];
  try {
    const certificates = blocks.map((block) => new X509Certificate(block));
    if (certificates.length > 0) return certificates;
  } catch {
    // As good as none.
  }
  return invalid(secret, key, "is not a certificate in PEM");
}

function keyMissing({ metadata: { name } }: Secret, key: string): { reason: string; message: string } {
  return { reason: "SecretKeyMissing", message: `Secret "${name}" has no key "${key}": add it.` };
}

function invalid(
  { metadata: { name } }: Secret,
  key: string,
  what: string,
): { reason: string; message: string } {
  return { reason: "CertificateInvalid", message: `"${key}" of Secret "${name}" ${what}.` };
}

type Choose = (...times: number[]) => number;

function validity(certificates: readonly X509Certificate[], begin: Choose, end: Choose): Validity {
  const begins = certificates.map(({ validFromDate }) => validFromDate.getTime());
  const ends = certificates.map(({ validToDate }) => validToDate.getTime());
  return {
    notBefore: new Date(begin(...begins)).toISOString(),
    notAfter: new Date(end(...ends)).toISOString(),
  };
}
