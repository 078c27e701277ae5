/** Creates the certificates and kubeconfigs of a test cluster with the openssl command. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

const VALID_DAYS = "3650";
const EC_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", VALID_DAYS];

export interface KeyPair {
  /** Path of the certificate in PEM format. */
  readonly certificate: string;
  /** Path of the private key in PEM format. */
  readonly key: string;
}

/** A certificate authority that stores its certificates in one folder. */
export class Authority {
  readonly folder: string;
  readonly ca: KeyPair;
  /** RSA key pair that signs service account tokens. */
  readonly serviceAccount: { readonly key: string; readonly publicKey: string };

  private constructor(folder: string) {
    this.folder = folder;
    this.ca = this.#pair("ca");
    this.serviceAccount = { key: join(folder, "sa.key"), publicKey: join(folder, "sa.pub") };
  }

  /** Creates the certificate authority and the service account keys in an existing folder. */
  static async create(folder: string): Promise<Authority> {
    const authority = new Authority(folder);
    const { ca, serviceAccount } = authority;
    await Promise.all([
      run([
        "openssl",
        "req",
        "-x509",
        ...EC_KEY,
        "-subj",
        "/CN=test-ca",
        "-keyout",
        ca.key,
        "-out",
        ca.certificate,
      ]),
      run(["openssl", "genpkey", "-algorithm", "RSA", "-out", serviceAccount.key]),
    ]);
    await run(["openssl", "pkey", "-in", serviceAccount.key, "-pubout", "-out", serviceAccount.publicKey]);
    return authority;
  }

  /**
   * Signs a certificate for server and client authentication.
   * @param subject subject in openssl syntax: `/O=system:masters/CN=admin`
   * @param names alternative names in openssl syntax: `IP:127.0.0.1`, `DNS:n1`
   */
  async issue(name: string, subject: string, names: readonly string[]): Promise<KeyPair> {
    const pair = this.#pair(name);
    const request = [
      "req",
      "-x509",
      ...EC_KEY,
      "-subj",
      subject,
      "-keyout",
      pair.key,
      "-out",
      pair.certificate,
    ];
    const signer = ["-CA", this.ca.certificate, "-CAkey", this.ca.key];
    const extensions = ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth,clientAuth"];
    extensions.push(`subjectAltName=${names.join(",")}`);
    await run([
      "openssl",
      ...request,
      ...signer,
      ...extensions.flatMap((extension) => ["-addext", extension]),
    ]);
    return pair;
  }

  #pair(name: string): KeyPair {
    return { certificate: join(this.folder, `${name}.crt`), key: join(this.folder, `${name}.key`) };
  }
}

/** Writes a kubeconfig with one context. The kubeconfig refers to the certificates by path. */
export async function writeKubeconfig(
  file: string,
  server: string,
  ca: string,
  pair: KeyPair,
): Promise<void> {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority": ca } }],
    users: [{ name: "test", user: { "client-certificate": pair.certificate, "client-key": pair.key } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  };
  // Kubeconfigs are YAML files, and each JSON document is valid YAML.
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
  await chmod(file, 0o600);
}
