import { constants, createHash, createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContext } from "node:tls";
import type { EngineTls } from "../../api/engine-config.ts";
import { EngineError } from "../errors.ts";
import { renewTickets } from "./session-resumption.ts";

/** How long a session can be resumed, in seconds: longer than sessions last, as data connections must go on resuming. */
const SESSION_LIFETIME = 86_400;
const MINIMUM_VERSIONS = { TLS12: "TLSv1.2", TLS13: "TLSv1.3" } as const;

/** Tickets outlive the certificate that they were made under: a session goes on resuming after a reload. */
const TICKET_KEYS = randomBytes(48);
/** Most that OpenSSL takes (SSL_MAX_SID_CTX_LENGTH), in bytes. */
const CONTEXT_BYTES = 32;

/** What handshakes need. */
export interface Credentials {
  context: SecureContext;
  /** Of the server's certificate. */
  notAfter: Date;
  /** Context that TLS sessions are bound to. Sessions from other contexts cannot be resumed. */
  sessionRules: string;
}

/**
 * Reads the certificate, its key and the clients' authorities.
 * @throws EngineError InvalidConfig that names the file; never with what is in it
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
      // A renegotiation takes as much time as a handshake, and clients could repeat it without limit (CVE-2011-1473).
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      sessionTimeout: SESSION_LIFETIME,
      ticketKeys: TICKET_KEYS,
      sessionIdContext: idContext,
    }),
  );
  renewTickets(context, TICKET_KEYS);
  return { context, notAfter: certificate.validToDate, sessionRules: `${tls.minimumVersion} ${idContext}` };
}

/** The files that `loadCredentials` reads. */
export function credentialFiles({ certificateFile, keyFile, clientCertificates }: EngineTls): string[] {
  const ca = clientCertificates.mode === "Disabled" ? [] : [clientCertificates.caFile];
  return [certificateFile, keyFile, ...ca];
}

/**
 * What OpenSSL wants to be the same before it resumes a session, by ticket or by ID. A resumed session stands for the certificate of
 * its first handshake, or for none: it must not outlive the rules and the authority that this was judged by.
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
    // OpenSSL's own message says nothing more that helps.
    throw new EngineError("InvalidConfig", `${file} is not ${what}`);
  }
}
