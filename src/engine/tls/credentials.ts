import { constants, createHash, createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContext } from "node:tls";
import type { EngineTls } from "../../api/engine-tls.ts";
import { EngineError } from "../errors.ts";
import { renewTickets } from "./session-resumption.ts";

/**
 * Lifetime of TLS sessions in seconds. A TLS session must remain valid for longer than the FTP session, because data
 * connections resume it.
 */
const SESSION_LIFETIME = 86_400;
const MINIMUM_VERSIONS = { TLS12: "TLSv1.2", TLS13: "TLSv1.3" } as const;

/**
 * Keys for session tickets. The keys are independent of the certificate, so that clients can resume their sessions
 * after a certificate reload.
 */
const TICKET_KEYS = randomBytes(48);
/** Maximum length in bytes of a session ID context in OpenSSL (SSL_MAX_SID_CTX_LENGTH). */
const CONTEXT_BYTES = 32;

/** Certificates and keys for TLS handshakes. */
export interface Credentials {
  context: SecureContext;
  /** Expiry time of the server certificate. */
  notAfter: Date;
  /**
   * Identifies the settings with which a TLS session was created. Clients cannot resume a session under other settings.
   */
  sessionRules: string;
}

/**
 * Reads the server certificate, its key, and the certificates of the authorities that issue client certificates.
 * @throws EngineError InvalidConfig; the message contains the file name but never the file content
 */
export async function loadCredentials(tls: EngineTls): Promise<Credentials> {
  const { certificateFile, keyFile, clientCertificates } = tls;
  const caFile = clientCertificates.mode === "Disabled" ? undefined : clientCertificates.caFile;
  const [cert, key, ca] = await Promise.all([
    read(certificateFile),
    read(keyFile),
    caFile === undefined ? undefined : read(caFile),
  ]);
  const certificate = parse(certificateFile, "a PEM certificate", () => new X509Certificate(cert));
  const privateKey = parse(keyFile, "an unencrypted PEM private key", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new EngineError("InvalidConfig", `${keyFile} is not the key of ${certificateFile}`);
  if (ca !== undefined && caFile !== undefined)
    parse(caFile, "a PEM certificate", () => new X509Certificate(ca));
  const idContext = sessionIdContext(clientCertificates.mode, ca);
  const context = parse(certificateFile, "usable", () =>
    createSecureContext({
      cert,
      key,
      ...(ca === undefined ? {} : { ca }),
      minVersion: MINIMUM_VERSIONS[tls.minimumVersion],
      // Renegotiations are disabled, because a client could repeat them without limit (CVE-2011-1473).
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      sessionTimeout: SESSION_LIFETIME,
      ticketKeys: TICKET_KEYS,
      sessionIdContext: idContext,
    }),
  );
  renewTickets(context, TICKET_KEYS);
  return { context, notAfter: certificate.validToDate, sessionRules: `${tls.minimumVersion} ${idContext}` };
}

/** Returns the files that `loadCredentials` reads. */
export function credentialFiles({ certificateFile, keyFile, clientCertificates }: EngineTls): string[] {
  const ca = clientCertificates.mode === "Disabled" ? [] : [clientCertificates.caFile];
  return [certificateFile, keyFile, ...ca];
}

/**
 * Returns the session ID context for the given settings. OpenSSL resumes a session only in the same context. A resumed
 * session keeps the client certificate of its first handshake. The session must therefore become invalid when the
 * certificate authorities or the client certificate mode change.
 */
function sessionIdContext(
  mode: EngineTls["clientCertificates"]["mode"],
  ca: Buffer = Buffer.alloc(0),
): string {
  return createHash("sha256").update(`${mode} `).update(ca).digest("base64url").slice(0, CONTEXT_BYTES);
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new EngineError("InvalidConfig", `${file} cannot be read (${reason})`);
  }
}

function parse<T>(file: string, what: string, make: () => T): T {
  try {
    return make();
  } catch {
    // The error message of OpenSSL contains no additional information.
    throw new EngineError("InvalidConfig", `${file} is not ${what}`);
  }
}
