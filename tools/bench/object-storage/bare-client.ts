/**
 * Runs one job with the AWS SDK and its default settings, without an FTP server. Prints the duration and the CPU time in seconds.
 * The environment variable BARE_CLIENT contains the configuration as JSON.
 */
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import { JOBS, type BareConfig, type Job, type Sizes } from "./jobs.ts";

const config: BareConfig = JSON.parse(process.env["BARE_CLIENT"] ?? "{}");
const { bucket: Bucket, prefix } = config;
const client = new S3Client({
  endpoint: config.endpoint,
  region: config.region,
  forcePathStyle: true,
  credentials: config.credentials,
});

async function get(name: string): Promise<void> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: prefix + name }));
  if (!(Body instanceof Readable)) throw new Error("no stream");
  for await (const chunk of Body) void chunk;
}

/** Uploads a file in parts, with the same part size and concurrency as the engine. */
async function uploadInParts({ large }: Sizes): Promise<void> {
  const { partSizeBytes, concurrency } = config.multipart;
  const Key = `${prefix}up-0`;
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "CRC32" }),
  );
  const Body = Buffer.alloc(partSizeBytes);
  const count = Math.ceil(large / partSizeBytes);
  const parts: { PartNumber: number; ETag: string | undefined; ChecksumCRC32: string | undefined }[] = [];
  let next = 1;
  const worker = async (): Promise<void> => {
    for (let PartNumber = next++; PartNumber <= count; PartNumber = next++) {
      const { ETag, ChecksumCRC32 } = await client.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
      );
      parts.push({ PartNumber, ETag, ChecksumCRC32 });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const Parts = parts.toSorted((one, other) => one.PartNumber - other.PartNumber);
  await client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  );
}

const RUN: Readonly<Record<Job, (sizes: Sizes) => Promise<void>>> = {
  upload: uploadInParts,
  download: () => get("up-0"),
  async "small-upload"({ small, smallBytes }) {
    const Body = Buffer.alloc(smallBytes);
    for (let number = 0; number < small; number++)
      await client.send(
        new PutObjectCommand({ Bucket, Key: `${prefix}${config.smallName}-${number}`, Body }),
      );
  },
  async "small-download"({ small }) {
    for (let number = 0; number < small; number++) await get(`${config.smallName}-${number}`);
  },
};

const job = JOBS.find((name) => name === process.argv[2]);
if (job === undefined) throw new Error(`unknown job; use one of ${JOBS.join(", ")}`);
const before = process.cpuUsage();
const started = performance.now();
await RUN[job](config.sizes);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${seconds} ${(user + system) / 1e6}\n`);
client.destroy();
