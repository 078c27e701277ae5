import { createCipheriv, createHmac } from "node:crypto";
import type { TLSSocket } from "node:tls";

const HASH = "sha384";
const HASH_BYTES = 48;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Content types of TLS records (RFC 8446 section 5.1). */
const TYPES = { alert: 21, handshake: 22, data: 23 } as const;

/** TLS alerts, each with its level and its description (RFC 8446 section 6). */
export const ALERTS = { closeNotify: [1, 0], userCanceled: [1, 90], internalError: [2, 80] } as const;

/**
 * Creates TLS 1.3 records with the keys of a client. Tests can send the records in an order that no TLS library
 * produces. Supports only TLS_AES_256_GCM_SHA384.
 */
export class GenuineRecords {
  #secret: Buffer;
  #sequence = 0;

  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  data(text: string | Buffer): Buffer {
    return this.#record(TYPES.data, Buffer.from(text), 0);
  }

  /** @param padding number of padding bytes after the alert, which are zeros; Java adds 16 bytes to every record */
  alert(name: keyof typeof ALERTS, padding = 0): Buffer {
    return this.#record(TYPES.alert, Buffer.from(ALERTS[name]), padding);
  }

  /** Returns a key update. Later records are encrypted with new keys. */
  keyUpdate(): Buffer {
    const record = this.#record(TYPES.handshake, Buffer.from([24, 0, 0, 1, 0]), 0);
    this.#secret = expand(this.#secret, "traffic upd", HASH_BYTES);
    this.#sequence = 0;
    return record;
  }

  #record(type: number, content: Buffer, padding: number): Buffer {
    const inner = Buffer.concat([content, Buffer.from([type]), Buffer.alloc(padding)]);
    const header = Buffer.from([TYPES.data, 3, 3, 0, 0]);
    header.writeUInt16BE(inner.length + TAG_BYTES, 3);
    const nonce = expand(this.#secret, "iv", NONCE_BYTES);
    const last = NONCE_BYTES - 4;
    nonce.writeUInt32BE((nonce.readUInt32BE(last) ^ this.#sequence++) >>> 0, last);
    const cipher = createCipheriv("aes-256-gcm", expand(this.#secret, "key", KEY_BYTES), nonce);
    cipher.setAAD(header);
    return Buffer.concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
  }
}

/** Returns a record factory when the client has its traffic keys. The client must not send data itself. */
export function genuineRecords(client: TLSSocket): Promise<GenuineRecords> {
  return new Promise((resolve) => {
    client.on("keylog", (line: Buffer) => {
      const [name, , secret = ""] = line.toString().trim().split(" ");
      if (name === "CLIENT_TRAFFIC_SECRET_0") resolve(new GenuineRecords(Buffer.from(secret, "hex")));
    });
  });
}

/** Computes HKDF-Expand-Label without a context (RFC 8446 section 7.1). The output is at most one hash block. */
function expand(secret: Buffer, label: string, bytes: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, bytes, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(HASH, secret).update(info).digest().subarray(0, bytes);
}
