/** Creates temporary certificates with openssl. */
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cluster/run.ts";

/** Paths of the PEM files for a key and its certificate. */
export interface KeyPair {
  certificateFile: string;
  keyFile: string;
}

export interface Subject {
  commonName: string;
  /** Alternative names in openssl format, for example `DNS:localhost,IP:127.0.0.1`. */
  alternativeNames?: string;
  /** Extended key usage in openssl format, for example `clientAuth`. Any purpose is permitted by default. */
  purpose?: string;
  /** Issuer of the certificate. The certificate is self-signed if no issuer is given. */
  authority?: KeyPair;
  /** Validity period in days. */
  days?: number;
  /** Exact validity period of a self-signed certificate. */
  validity?: { from: Date; to: Date };
}

const directories: string[] = [];
process.once("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/**
 * Creates a key and a certificate. The certificate is valid for one day by default. The PEM files are removed when the
 * process ends.
 */
export async function makeCertificate({
  commonName,
  alternativeNames = "DNS:localhost,IP:127.0.0.1",
  purpose,
  authority,
  days = 1,
  validity,
}: Subject): Promise<KeyPair> {
  const directory = await mkdtemp(join(tmpdir(), "ftp-operator-certificate-"));
  directories.push(directory);
  const [certificateFile, keyFile] = [join(directory, "tls.crt"), join(directory, "tls.key")];
  const curve = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    String(days),
  ];
  const usage = purpose === undefined ? [] : ["-addext", `extendedKeyUsage=${purpose}`];
  const signer =
    authority === undefined ? [] : ["-CA", authority.certificateFile, "-CAkey", authority.keyFile];
  await run(
    ["openssl", "req", "-x509", ...curve, "-subj", `/CN=${commonName}`].concat(
      ["-addext", `subjectAltName=${alternativeNames}`, "-keyout", keyFile, "-out", certificateFile],
      usage,
      signer,
    ),
  );
  if (validity !== undefined) await signAgain(directory, { certificateFile, keyFile }, validity);
  return { certificateFile, keyFile };
}

/** Signs the certificate with exact dates. Before openssl 3.4, only `openssl ca` supports exact dates. */
async function signAgain(
  directory: string,
  { certificateFile, keyFile }: KeyPair,
  { from, to }: { from: Date; to: Date },
): Promise<void> {
  const request = join(directory, "request.pem");
  const config = join(directory, "ca.cnf");
  const database = join(directory, "index.txt");
  await writeFile(database, "");
  await writeFile(
    config,
    `[ca]\ndefault_ca=own\n[own]\ndatabase=${database}\nnew_certs_dir=${directory}\ndefault_md=sha256\npolicy=any\nrand_serial=yes\n` +
      "[any]\ncommonName=supplied\n",
  );
  await run(["openssl", "x509", "-x509toreq", "-in", certificateFile, "-signkey", keyFile, "-out", request]);
  const time = (date: Date): string => date.toISOString().replace(/[-:T]|\.\d+/g, "");
  await run(
    ["openssl", "ca", "-batch", "-selfsign", "-notext", "-config", config].concat(
      ["-keyfile", keyFile, "-in", request, "-out", certificateFile],
      ["-startdate", time(from), "-enddate", time(to)],
    ),
  );
}
