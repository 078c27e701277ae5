/** Creates certificates for the end-to-end tests and reads the certificate that an engine presents. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type KeyPair, makeCertificate } from "../support/engine/certificates.ts";
import type { Login, TestNamespace } from "./test-namespace.ts";

const HANDSHAKE_TIMEOUT_MILLISECONDS = 60_000;
/**
 * All load balancer addresses. The certificate is issued before the load balancer assigns one of these addresses to the
 * FtpServer.
 */
const BALANCER_ADDRESSES = Array.from({ length: 16 }, (_, index) => `IP:198.51.100.${192 + index}`);

/** Returns a certificate that is valid for all load balancer addresses. */
export function serverCertificate(authority: KeyPair): Promise<KeyPair> {
  const alternativeNames = BALANCER_ADDRESSES.join(",");
  return makeCertificate({ commonName: "ftp.example.test", alternativeNames, authority });
}

/** Returns a Secret for `spec.tls.certificateRef`. */
export async function tlsSecret(name: string, { certificateFile, keyFile }: KeyPair): Promise<object> {
  const [certificate, key] = await Promise.all([certificateFile, keyFile].map(base64));
  const data = { "tls.crt": certificate, "tls.key": key };
  return { apiVersion: "v1", kind: "Secret", metadata: { name }, type: "kubernetes.io/tls", data };
}

/** Returns a ConfigMap for `spec.tls.clientCertificates.caRef`. */
export async function authorityConfigMap(
  name: string,
  key: string,
  { certificateFile }: KeyPair,
): Promise<object> {
  const data = { [key]: await readFile(certificateFile, "utf8") };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

async function base64(file: string): Promise<string> {
  return (await readFile(file)).toString("base64");
}

export async function fingerprint({ certificateFile }: KeyPair): Promise<string> {
  return new X509Certificate(await readFile(certificateFile)).fingerprint256;
}

/**
 * Returns the fingerprint of the certificate that a new connection receives after AUTH TLS.
 * @throws Error when the handshake fails
 */
export async function shownFingerprint({ cluster }: TestNamespace, { host, port }: Login): Promise<string> {
  const argv = ["openssl", "s_client", "-starttls", "ftp", "-connect", `${host}:${port}`];
  const said = await cluster.exec("client", argv, { timeout: HANDSHAKE_TIMEOUT_MILLISECONDS });
  const [pem] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/u.exec(said) ?? [];
  if (pem === undefined) throw new Error(`${host}:${port} showed no certificate: ${said}`);
  return new X509Certificate(pem).fingerprint256;
}
