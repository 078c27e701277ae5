import { createPrivateKey, X509Certificate } from "node:crypto";
import type { FtpServerTls } from "../api/ftpserver.generated.ts";
import type { ObjectMeta } from "../api/kubernetes.ts";
import {
  CERTIFICATE_KEY,
  PRIVATE_KEY_KEY,
  type CertificateFailure,
  type CertificateOutcome,
  type Certificates,
} from "../plan/model/observed.ts";
import type { ConfigMap, Secret } from "../plan/model/objects.ts";

/**
 * Access to objects of one kind in one namespace. The operator caches the metadata of all objects, but reads the
 * content of an object only on demand, with one request for each object.
 */
interface Source<T> {
  /** Returns the cached metadata of an object, or undefined when the object does not exist. */
  metadata(name: string): ObjectMeta | undefined;
  /** Reads the current content of an object. Resolves to undefined when the object does not exist. */
  read(name: string): Promise<T | undefined>;
}

export type Secrets = Source<Secret>;
export type ConfigMaps = Source<ConfigMap>;

/** Secret or ConfigMap with PEM data. */
interface Bundle {
  /** Kind and name as messages show them, for example "Secret `demo-tls`". */
  name: string;
  /** Returns the PEM text of a key, or undefined when the object does not contain the key. */
  get(key: string): string | undefined;
}

type Validator = (bundle: Bundle) => Verdict;
/** Times in RFC 3339. */
type Validity = { notBefore: string; notAfter: string };
type Verdict = Validity | CertificateFailure;

/** Reference to PEM data in the namespace of the FtpServer. */
type AuthoritiesRef = NonNullable<FtpServerTls["clientCertificates"]["caRef"]>;

/** Maximum number of cached outcomes, sufficient for all FtpServers in a large cluster. */
const MAX_CACHED = 20_000;

/**
 * Validates the certificates that FtpServers reference. Reads each version of an object once and caches only the
 * outcome: the validity period, or the reason why the certificate cannot be used.
 */
export class CertificateReader {
  readonly #outcomes = new Map<string, CertificateOutcome>();

  /** @param tls undefined when the CRD is older than this operator, because an older CRD does not set the default */
  async read(tls: FtpServerTls | undefined, secrets: Secrets, configMaps: ConfigMaps): Promise<Certificates> {
    if (tls === undefined || tls.mode === "Disabled") return {};
    const { certificateRef, clientCertificates } = tls;
    const { mode, caRef } = clientCertificates;
    const [server, clientAuthorities] = await Promise.all([
      certificateRef && this.#outcome(secretBundle(secrets, certificateRef.name), "server", validateServer),
      mode === "Disabled" || caRef === undefined
        ? undefined
        : this.readAuthorities(caRef, secrets, configMaps),
    ]);
    return {
      ...(server === undefined ? {} : { server }),
      ...(clientAuthorities === undefined ? {} : { clientAuthorities }),
    };
  }

  /** Validates CA certificates. */
  async readAuthorities(
    { kind, name, key }: AuthoritiesRef,
    secrets: Secrets,
    configMaps: ConfigMaps,
  ): Promise<CertificateOutcome> {
    const source = kind === "Secret" ? secretBundle(secrets, name) : configMapBundle(configMaps, name);
    return await this.#outcome(source, `authorities ${key}`, authoritiesUnder(key));
  }

  async #outcome(source: BundleSource, use: string, validate: Validator): Promise<CertificateOutcome> {
    const { metadata, name } = source;
    if (metadata === undefined) return missing(name);
    const version = `${metadata.uid}/${metadata.resourceVersion}`;
    const key = `${version}/${use}`;
    const known = this.#outcomes.get(key);
    if (known !== undefined) return known;
    const bundle = await source.read();
    if (bundle === undefined) return missing(name);
    const outcome = outcomeOf(validate(bundle), version);
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size >= MAX_CACHED && oldest !== undefined) this.#outcomes.delete(oldest);
    this.#outcomes.set(key, outcome);
    return outcome;
  }
}

interface BundleSource {
  name: string;
  metadata: ObjectMeta | undefined;
  read(): Promise<Bundle | undefined>;
}

function secretBundle(secrets: Secrets, objectName: string): BundleSource {
  const name = `Secret \`${objectName}\``;
  return {
    name,
    metadata: secrets.metadata(objectName),
    read: async () => {
      const secret = await secrets.read(objectName);
      return secret && { name, get: (key) => decoded(secret.data?.[key]) };
    },
  };
}

function decoded(text: string | undefined): string | undefined {
  return text && Buffer.from(text, "base64").toString("latin1");
}

function configMapBundle(configMaps: ConfigMaps, objectName: string): BundleSource {
  const name = `ConfigMap \`${objectName}\``;
  return {
    name,
    metadata: configMaps.metadata(objectName),
    read: async () => {
      const configMap = await configMaps.read(objectName);
      return configMap && { name, get: (key) => configMap.data?.[key] };
    },
  };
}

function outcomeOf(verdict: Verdict, version: string): CertificateOutcome {
  return "notAfter" in verdict ? { ...verdict, version } : { failure: verdict, version };
}

function missing(name: string): CertificateOutcome {
  const kind = kindOf(name);
  const message = `${name} not found. Create the ${kind}, for example with cert-manager.`;
  return { failure: { reason: `${kind}NotFound`, message }, version: "" };
}

const validateServer: Validator = (bundle) => {
  const certificates = certificatesIn(bundle, CERTIFICATE_KEY);
  if ("reason" in certificates) return certificates;
  const key = bundle.get(PRIVATE_KEY_KEY);
  if (key === undefined) return keyMissing(bundle, PRIVATE_KEY_KEY);
  const [leaf] = certificates;
  try {
    if (leaf?.checkPrivateKey(createPrivateKey(key)) === true)
      return validity(certificates, Math.max, Math.min);
  } catch {
    return invalid(bundle, PRIVATE_KEY_KEY, "is not an unencrypted private key in PEM format");
  }
  return {
    reason: "KeyMismatch",
    message: `Key \`${PRIVATE_KEY_KEY}\` of ${bundle.name} does not match the certificate in \`${CERTIFICATE_KEY}\`. Store a private key and a certificate that match.`,
  };
};

function authoritiesUnder(key: string): Validator {
  return (bundle) => {
    const certificates = certificatesIn(bundle, key);
    return "reason" in certificates ? certificates : validity(certificates, Math.min, Math.max);
  };
}

function certificatesIn(bundle: Bundle, key: string): X509Certificate[] | CertificateFailure {
  const text = bundle.get(key);
  if (text === undefined) return keyMissing(bundle, key);
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/gu) ?? [];
  try {
    const certificates = blocks.map((block) => new X509Certificate(block));
    if (certificates.length > 0) return certificates;
  } catch {
    // Text with an invalid certificate causes the same message as text without certificates.
  }
  return invalid(bundle, key, "is not a certificate in PEM format");
}

function keyMissing({ name }: Bundle, key: string): CertificateFailure {
  return { reason: `${kindOf(name)}KeyMissing`, message: `${name} has no key \`${key}\`. Add the key.` };
}

function kindOf(name: string): "Secret" | "ConfigMap" {
  return name.startsWith("Secret ") ? "Secret" : "ConfigMap";
}

function invalid({ name }: Bundle, key: string, what: string): CertificateFailure {
  return { reason: "CertificateInvalid", message: `Key \`${key}\` of ${name} ${what}.` };
}

/**
 * Combines times of several certificates: `Math.min` or `Math.max`. A certificate chain is valid while all its
 * certificates are valid. A CA bundle is valid while at least one certificate is valid.
 */
type Choose = (...times: number[]) => number;

function validity(certificates: readonly X509Certificate[], begin: Choose, end: Choose): Validity {
  const begins = certificates.map(({ validFromDate }) => validFromDate.getTime());
  const ends = certificates.map(({ validToDate }) => validToDate.getTime());
  return {
    notBefore: new Date(begin(...begins)).toISOString(),
    notAfter: new Date(end(...ends)).toISOString(),
  };
}
