import type { ObjectStorageObserver } from "../observer.ts";
import type { Builders } from "./builders.ts";

/**
 * Upper bounds of the histogram buckets for requests, in seconds. The range covers lookups in the same network and
 * uploads of large parts.
 */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

export function objectStorageMetrics({ counter, histogram }: Builders): ObjectStorageObserver {
  const requests = counter(
    "ftp_object_storage_requests_total",
    "Number of requests to object storage, including retries, by S3 operation and result.",
    ["operation", "result"],
  );
  const retries = counter(
    "ftp_object_storage_retries_total",
    "Number of retries of requests to object storage, by S3 operation.",
    ["operation"],
  );
  const duration = histogram(
    "ftp_object_storage_request_duration_seconds",
    "Duration of requests to object storage in seconds, by S3 operation. The duration of a download ends with the response headers.",
    ["operation"],
    REQUEST_BUCKETS,
  );
  return {
    objectStorageRequest(operation, result, seconds, isRetry): void {
      requests.inc({ operation, result });
      if (isRetry) retries.inc({ operation });
      duration.observe({ operation }, seconds);
    },
  };
}
