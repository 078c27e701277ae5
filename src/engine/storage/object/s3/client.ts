import { Agent as HttpAgent } from "node:http";
import type * as S3 from "@aws-sdk/client-s3";
import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import type { EngineObjectStorage } from "../../../../api/engine-storage.ts";
import type { ObjectLimits } from "../limits.ts";
import { credentialsOf } from "./credentials.ts";
import { DirectRequests } from "./direct-requests.ts";
import { TrustedCa } from "./trusted-ca.ts";

/** The AWS SDK, which requires 39 MiB of memory. The engine loads the SDK only for object storage. */
export type Sdk = typeof S3;

/** The SDK clients for one bucket. */
export interface Clients {
  readonly sdk: Sdk;
  readonly ca: TrustedCa;
  /** Client for all requests except downloads. */
  readonly requests: S3Client;
  /** Client for downloads, each of which can use a connection for hours. Each download has its own connection. */
  readonly downloads: S3Client;
  /** Senders of requests for single objects. They use the connections of the corresponding clients. */
  readonly direct: { readonly requests: DirectRequests; readonly downloads: DirectRequests };
  destroy(): void;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

/** Loads the SDK and creates clients. @throws EngineError InvalidConfig if the CA file cannot be read */
export async function createClients(
  config: EngineObjectStorage,
  limits: Pick<ObjectLimits, "connectTimeout" | "sockets">,
): Promise<Clients> {
  const sdk = await import("@aws-sdk/client-s3");
  const { region, endpoint, forcePathStyle, bucket } = config;
  const ca = await TrustedCa.load(config.caFile);
  const credentials = await credentialsOf(config, ca.agent(limits.sockets, true));
  const clientWith = (maxSockets: number) => {
    const agents = { http: new HttpAgent({ keepAlive: true, maxSockets }), https: ca.agent(maxSockets) };
    const client = new sdk.S3Client({
      region,
      forcePathStyle,
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials !== undefined && { credentials }),
      // withRetries retries failed requests.
      maxAttempts: 1,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      expectContinueHeader: false,
      logger: SILENT,
      requestHandler: {
        connectionTimeout: limits.connectTimeout,
        httpAgent: agents.http,
        httpsAgent: agents.https,
        logger: SILENT,
      },
    } satisfies S3ClientConfig);
    signWithoutBody(client);
    requestChecksums(client);
    const { connectTimeout } = limits;
    const direct = new DirectRequests({ sdk, client, bucket, agents, connectTimeout });
    const destroy = (): void => {
      client.destroy();
      // A client that has sent no request does not destroy its agents.
      for (const agent of [agents.http, agents.https]) agent.destroy();
    };
    return { client, direct, destroy };
  };
  const [requests, downloads] = [clientWith(limits.sockets), clientWith(Infinity)];
  return {
    sdk,
    ca,
    requests: requests.client,
    downloads: downloads.client,
    direct: { requests: requests.direct, downloads: downloads.direct },
    destroy: () => [requests, downloads].forEach(({ destroy }) => destroy()),
  };
}

/**
 * Excludes the body from the signature. The checksum of the body is in a signed header. Hashing a 16 MiB part would
 * block the event loop.
 */
function signWithoutBody(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "PutObjectCommand" || commandName === "UploadPartCommand")
          setHeader(args.request, "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        return await next(args);
      },
    { step: "build", name: "signWithoutBody" },
  );
}

/**
 * Makes the client request the checksums of downloaded objects. With the corresponding SDK parameter, the SDK would
 * also verify the checksums. The engine verifies the checksums itself, and accepts some objects that the SDK would
 * reject.
 */
function requestChecksums(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "GetObjectCommand") setHeader(args.request, "x-amz-checksum-mode", "ENABLED");
        return await next(args);
      },
    { step: "build", name: "requestChecksums" },
  );
}

function setHeader(request: unknown, name: string, value: string): void {
  if (typeof request === "object" && request !== null && "headers" in request)
    Object.assign(request.headers ?? {}, { [name]: value });
}
