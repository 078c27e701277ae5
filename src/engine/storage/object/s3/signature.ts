import { createHmac, hash } from "node:crypto";

/** Access key that signs requests. */
export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** The parts of a request that AWS Signature Version 4 covers. */
export interface UnsignedRequest {
  readonly method: string;
  /** Encoded path. */
  readonly path: string;
  /** Encoded query, with parameters in alphabetical order. */
  readonly query: string;
  /** Header fields with names in lower case, including `host`. The signature covers all fields. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the request has a body. The signature does not cover the body. */
  readonly hasBody: boolean;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const EMPTY_SHA256 = hash("sha256", "");

/** Signs requests to S3 in one region with AWS Signature Version 4. */
export class RequestSigner {
  readonly #region: string;
  /** The derived key is valid for one day and one secret. */
  #derived = { secret: "", day: "", key: Buffer.alloc(0) };

  constructor(region: string) {
    this.#region = region;
  }

  /** Returns the header fields of the signed request. */
  sign(request: UnsignedRequest, key: SigningKey, time: Date): Record<string, string> {
    const { method, path, query, headers, hasBody } = request;
    const content = hasBody ? "UNSIGNED-PAYLOAD" : EMPTY_SHA256;
    const timestamp = time.toISOString().replace(/[-:]|\.\d+/gu, "");
    const day = timestamp.slice(0, 8);
    const signed: Record<string, string> = {
      ...headers,
      "x-amz-content-sha256": content,
      "x-amz-date": timestamp,
      ...(key.sessionToken !== undefined && { "x-amz-security-token": key.sessionToken }),
    };
    const names = Object.keys(signed).toSorted();
    const fields = names.map((name) => `${name}:${signed[name]}\n`).join("");
    const canonical = `${method}\n${path}\n${query}\n${fields}\n${names.join(";")}\n${content}`;
    const scope = `${day}/${this.#region}/s3/aws4_request`;
    const text = `${ALGORITHM}\n${timestamp}\n${scope}\n${hash("sha256", canonical)}`;
    const signature = createHmac("sha256", this.#keyFor(key.secretAccessKey, day)).update(text).digest("hex");
    signed["authorization"] =
      `${ALGORITHM} Credential=${key.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
    return signed;
  }

  #keyFor(secret: string, day: string): Buffer {
    if (this.#derived.secret === secret && this.#derived.day === day) return this.#derived.key;
    let key = Buffer.from(`AWS4${secret}`);
    for (const text of [day, this.#region, "s3", "aws4_request"])
      key = createHmac("sha256", key).update(text).digest();
    this.#derived = { secret, day, key };
    return key;
  }
}
