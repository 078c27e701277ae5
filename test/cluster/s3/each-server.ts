import { after, before, describe } from "node:test";
import { Bucket } from "../../support/s3/bucket.ts";
import { type S3Server, startMinio, startVersityGw } from "../../support/s3/s3-server.ts";
import { hasS3Program } from "./programs.ts";

/** Behavior that differs between S3 servers. */
export interface Differences {
  /** Error code for a wrong checksum. */
  readonly digest: string;
  /** Error code for a session token that the server did not issue. */
  readonly invalidToken: string;
  /** Error code when a client completes the same multipart upload again. Undefined if the request succeeds. */
  readonly completedAgain: string | undefined;
  /** Error code when a client aborts the same multipart upload again. Undefined if the request succeeds. */
  readonly abortedAgain: string | undefined;
  /**
   * Whether ListMultipartUploads accepts any prefix. If false, the server accepts only a complete key as the prefix.
   */
  readonly listsUploadsByPrefix: boolean;
}

const versitygw: Differences = {
  digest: "BadDigest",
  invalidToken: "InvalidToken",
  completedAgain: undefined,
  abortedAgain: "NoSuchUpload",
  listsUploadsByPrefix: true,
};
const minio: Differences = {
  digest: "XAmzContentChecksumMismatch",
  invalidToken: "InvalidTokenId",
  completedAgain: "NoSuchUpload",
  abortedAgain: undefined,
  listsUploadsByPrefix: false,
};

// `make e2e` sets `REQUIRE_MINIO=yes`, so that it cannot succeed without the MinIO tests.
const isOptional = process.env["REQUIRE_MINIO"] !== "yes";

/** Value of the option `skip` for tests that require MinIO. */
export const SKIP_MINIO = isOptional && !hasS3Program("minio") ? "MinIO is not built" : false;

const servers = [
  { name: "versitygw", start: startVersityGw, skip: false, differences: versitygw },
  {
    name: "MinIO",
    start: startMinio,
    skip: SKIP_MINIO,
    differences: minio,
  },
];

export interface Running {
  readonly server: S3Server;
  /** Empty bucket on the server. */
  readonly bucket: Bucket;
}

/**
 * Defines the same tests for each S3 server. Tests with MinIO are skipped if MinIO is not built, unless
 * REQUIRE_MINIO=yes.
 */
export function describeEachServer(
  define: (running: () => Running, differences: Differences, start: typeof startMinio) => void,
): void {
  for (const { name, start, skip, differences } of servers)
    describe(name, { skip }, () => {
      let running: Running | undefined;
      before(async () => {
        const server = await start();
        running = { server, bucket: new Bucket(server.client(), await server.createBucket()) };
      });
      after(async () => {
        running?.bucket.client.destroy();
        await running?.server[Symbol.asyncDispose]();
      });
      define(
        () => {
          if (running === undefined) throw new Error(`${name} does not run`);
          return running;
        },
        differences,
        start,
      );
    });
}
