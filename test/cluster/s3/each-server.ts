import { after, before, describe } from "node:test";
import { Bucket } from "../../support/s3/bucket.ts";
import { type S3Server, startMinio, startVersityGw } from "../../support/s3/s3-server.ts";
import { hasS3Program } from "./programs.ts";

/** Behavior that differs between servers. */
export interface Differences {
  /** Error code of a wrong checksum. */
  readonly digest: string;
  /** Error code of a session token that the server did not issue. */
  readonly invalidToken: string;
  /** Error code when a complete upload is completed again. */
  readonly completedAgain: string | undefined;
  /** Error code when an aborted upload is aborted again. */
  readonly abortedAgain: string | undefined;
  /** Whether ListMultipartUploads accepts the beginning of a key. Otherwise, the prefix must be the key. */
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

// `make e2e` builds MinIO, and must not pass without its tests.
const isOptional = process.env["REQUIRE_MINIO"] !== "yes";

const servers = [
  { name: "versitygw", start: startVersityGw, skip: false, differences: versitygw },
  {
    name: "MinIO",
    start: startMinio,
    skip: isOptional && !hasS3Program("minio") ? "MinIO is not built" : false,
    differences: minio,
  },
];

export interface Running {
  readonly server: S3Server;
  /** A new bucket of the server. */
  readonly bucket: Bucket;
}

/** Defines the same tests for each S3 server. MinIO is skipped when it is not built, except with REQUIRE_MINIO=yes. */
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
