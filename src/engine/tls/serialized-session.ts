import { hash } from "node:crypto";

const SEQUENCE = 0x30;
const OCTET_STRING = 0x04;
/** ASN.1 tag of the time field in SSL_SESSION: context-specific 1, constructed. */
const TIME = 0xa1;
/** Maximum index of the time field in SSL_SESSION, which follows the secret and at most one obsolete field. */
const TIME_INDEX = 6;
/**
 * Index of the secret field in SSL_SESSION, which follows the version, protocol version, cipher suite and session ID.
 */
const SECRET_INDEX = 4;
const KEY_BYTES = 16;
const VERSION_INDEX = 1;
/** Protocol version number for TLS 1.2 (RFC 5246 section 6.2.1). */
const TLS12 = 0x0303;

/**
 * Returns the key of a TLS session, which is a hash of its secret. The secret is the master secret in TLS 1.2 and the
 * ticket PSK in TLS 1.3. An attacker who observes the network does not know the secret.
 * @param session serialized session from Node.js (DER encoding of OpenSSL's SSL_SESSION)
 * @returns undefined for a session without a secret, for example before the first ticket of a full TLS 1.3 handshake
 */
export function sessionKey(session: Uint8Array | undefined): string | undefined {
  const fields = session && childrenOf(session);
  const secret = fields?.[SECRET_INDEX];
  if (secret?.tag !== OCTET_STRING || secret.value.length === 0) return undefined;
  return hash("sha256", secret.value, "buffer").toString("base64url", 0, KEY_BYTES);
}

/**
 * Returns the creation time of a serialized session in milliseconds since the epoch. In TLS 1.2, the creation time is
 * the time of the full handshake, even for resumed sessions. In TLS 1.3, the creation time is the time when the engine
 * created the ticket. Returns undefined if the session does not contain the time.
 */
export function sessionTime(session: Uint8Array | undefined): number | undefined {
  const field = session && childrenOf(session)?.find(({ tag }) => tag === TIME);
  const time = field && fieldAt(field.value, 0)?.field.value;
  return time && time.reduce((seconds, byte) => seconds * 256 + byte, 0) * 1000;
}

/** Returns whether a serialized session is a TLS 1.2 session, which clients can resume by its ID. */
export function isTls12Session(session: Uint8Array): boolean {
  const version = childrenOf(session)?.[VERSION_INDEX]?.value;
  return version?.length === 2 && Buffer.from(version).readUInt16BE() === TLS12;
}

interface Field {
  tag: number;
  value: Uint8Array;
}

/** Returns the first fields in a DER sequence. Returns undefined if the bytes are not a DER sequence. */
function childrenOf(der: Uint8Array): Field[] | undefined {
  const outer = fieldAt(der, 0);
  if (outer?.field.tag !== SEQUENCE) return undefined;
  const fields: Field[] = [];
  const body = outer.field.value;
  for (let at = 0; at < body.length && fields.length < TIME_INDEX; ) {
    const found = fieldAt(body, at);
    if (found === undefined) return undefined;
    fields.push(found.field);
    at = found.end;
  }
  return fields;
}

function fieldAt(der: Uint8Array, start: number): { field: Field; end: number } | undefined {
  const [tag, first] = der.subarray(start, start + 2);
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const from = start + 2 + lengthBytes;
  const length =
    lengthBytes === 0
      ? first
      : der.subarray(start + 2, from).reduce((length, byte) => length * 256 + byte, 0);
  const end = from + length;
  return end > der.length ? undefined : { field: { tag, value: der.subarray(from, end) }, end };
}
