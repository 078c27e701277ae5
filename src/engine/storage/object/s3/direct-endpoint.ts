import type * as S3 from "@aws-sdk/client-s3";
import { RequestSigner } from "./signature.ts";

/** Address of a bucket, as the SDK computes it. */
export interface DirectEndpoint {
  readonly protocol: "http:" | "https:";
  readonly hostname: string;
  readonly port: number | undefined;
  /** Value of the `Host` header field. */
  readonly host: string;
  /** Path before the key of an object. */
  readonly path: string;
  readonly signer: RequestSigner;
}

const KEY = "key";
const SCOPE = /^AWS4-HMAC-SHA256 Credential=[^,]*\/\d{8}\/(?<region>[^/,]+)\/s3\/aws4_request,/u;

/**
 * Returns the endpoint to which the SDK sends requests for a bucket. Returns undefined if the bucket requires another
 * signature, for example the session credentials of a directory bucket. The SDK computes and signs a request, but does
 * not send it.
 * @throws Error if the credentials are not available
 */
export async function directEndpoint(
  sdk: typeof S3,
  client: S3.S3Client,
  bucket: string,
): Promise<DirectEndpoint | undefined> {
  const command = new sdk.HeadObjectCommand({ Bucket: bucket, Key: KEY });
  let request: unknown;
  command.middlewareStack.add(
    () => (args) => {
      request = args.request;
      return Promise.resolve({ response: undefined, output: { $metadata: {} } });
    },
    { step: "deserialize", priority: "high", name: "doNotSend" },
  );
  await client.send(command);
  return isSdkRequest(request) ? endpointOf(request) : undefined;
}

interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

function endpointOf({ protocol, hostname, port, path, headers }: SdkRequest): DirectEndpoint | undefined {
  const { host, authorization = "" } = headers;
  const region = SCOPE.exec(authorization)?.groups?.["region"];
  const isSession = headers["x-amz-s3session-token"] !== undefined;
  if (region === undefined || host === undefined || isSession || !path.endsWith(`/${KEY}`)) return undefined;
  if (protocol !== "http:" && protocol !== "https:") return undefined;
  return {
    protocol,
    hostname: hostname.replace(/^\[(?<address>.*)\]$/u, "$<address>"),
    port,
    host,
    path: path.slice(0, -KEY.length),
    signer: new RequestSigner(region),
  };
}

function isSdkRequest(value: unknown): value is SdkRequest {
  return typeof value === "object" && value !== null && "headers" in value && "hostname" in value;
}
