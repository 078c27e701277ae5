import type { FaultProxy, SeenRequest } from "./fault-proxy.ts";

/** Returns the sorted names of the S3 operations that a call requests through a proxy. */
export async function operationsOf(proxy: FaultProxy, call: () => Promise<unknown>): Promise<string[]> {
  const before = proxy.requests.length;
  await call();
  return proxy.requests.slice(before).map(operationOf).toSorted();
}

/** Returns the name of the S3 operation that a request performs. */
function operationOf({ method, url }: SeenRequest): string {
  const { searchParams: query } = new URL(url, "http://s3");
  switch (method) {
    case "GET":
      if (query.has("list-type")) return "ListObjectsV2";
      return query.has("uploadId") ? "ListParts" : "GetObject";
    case "HEAD":
      return "HeadObject";
    case "DELETE":
      return query.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
    case "POST":
      if (query.has("delete")) return "DeleteObjects";
      return query.has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
    default:
      return query.has("uploadId") ? "UploadPart" : "PutObject";
  }
}
