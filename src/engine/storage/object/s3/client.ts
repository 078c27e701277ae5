import { readFile } from "node:fs/promises";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type * as S3 from "@aws-sdk/client-s3";
import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import type { EngineObjectStorage } from "../../../../api/engine-config.ts";
import type { ObjectLimits } from "../limits.ts";
import { credentialsOf } from "./credentials.ts";

/** The SDK. It is loaded only for object storage, because it needs 39 MiB of memory. */
export type Sdk = typeof S3;

/** The clients of one bucket. */
export interface Clients {
  readonly sdk: Sdk;
  /** For all requests except downloads. */
  readonly requests: S3Client;
  /** For downloads, which can hold a connection for hours. Each has one, so their number is that of the sessions. */
  readonly downloads: S3Client;
  destroy(): void;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

/** Loads the SDK and creates clients. @throws EngineError InvalidConfig when the CA file cannot be read */
export async function createClients(
  config: EngineObjectStorage,
  limits: Pick<ObjectLimits, "connectTimeout" | "sockets">,
): Promise<Clients> {
  const sdk = await import("@aws-sdk/client-s3");
  const { caFile } = config;
  const ca = caFile === undefined ? undefined : await readFile(caFile, "utf8");
  const { region, endpoint, forcePathStyle } = config;
  const credentials = await credentialsOf(config);
  const clientWith = (maxSockets: number): S3Client => {
    const agent = { keepAlive: true, maxSockets, ...(ca !== undefined && { ca }) };
    const client = new sdk.S3Client({
      region,
      forcePathStyle,
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials !== undefined && { credentials }),
      // withRetries repeats requests.
      maxAttempts: 1,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      expectContinueHeader: false,
      logger: SILENT,
      requestHandler: {
        connectionTimeout: limits.connectTimeout,
        httpAgent: new HttpAgent(agent),
        httpsAgent: new HttpsAgent(agent),
        logger: SILENT,
      },
    } satisfies S3ClientConfig);
    signWithoutBody(client);
    return client;
  };
  const requests = clientWith(limits.sockets);
  const downloads = clientWith(Infinity);
  return {
    sdk,
    requests,
    downloads,
    destroy: () => [requests, downloads].forEach((client) => client.destroy()),
  };
}

/**
 * Leaves the body out of the signature. The checksum of the body is a signed header. Hashing a part of 16 MiB would block the event
 * loop.
 */
function signWithoutBody(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { request } = args;
        if (
          (commandName === "PutObjectCommand" || commandName === "UploadPartCommand") &&
          typeof request === "object" &&
          request !== null &&
          "headers" in request
        )
          Object.assign(request.headers ?? {}, { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" });
        return await next(args);
      },
    { step: "build", name: "signWithoutBody" },
  );
}
