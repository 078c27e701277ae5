/** S3 servers on a host outside the cluster. For pods, these servers are external storage services. */
import assert from "node:assert/strict";
import { GetObjectCommand, NoSuchKey } from "@aws-sdk/client-s3";
import { Bucket } from "../support/s3/bucket.ts";
import type { Credentials } from "../support/s3/kind.ts";
import { type S3Server, type S3ServerOptions, startVersityGw } from "../support/s3/s3-server.ts";
import { eventually, type OutsideHost, type TestNamespace } from "./test-namespace.ts";

/** Host on which the S3 servers run. FTP clients run on the second host outside the cluster. */
const S3_HOST: OutsideHost = "other";

/** Starts an S3 server on a host outside the cluster. @param start starts versitygw by default */
export async function startOutsideS3(
  { cluster }: TestNamespace,
  options: Pick<S3ServerOptions, "tls"> = {},
  start = startVersityGw,
): Promise<S3Server> {
  const host = {
    address: cluster.hosts[S3_HOST],
    command: (argv: readonly string[]) => cluster.command(S3_HOST, argv),
  };
  return await start({ ...options, host });
}

/** Returns a Secret for `spec.storage.objectStorage.credentialsSecretRef`. */
export function credentialsSecret(name: string, { accessKeyId, secretAccessKey }: Credentials): object {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    stringData: { accessKeyId, secretAccessKey },
  };
}

/** Returns `spec.storage` for a bucket. @param more additional fields of `spec.storage.objectStorage` */
export function inBucket(server: S3Server, bucket: string, more: object): { storage: object } {
  const objectStorage = { bucket, endpoint: server.endpoint, ...more };
  return { storage: { type: "ObjectStorage", objectStorage } };
}

/** Reads an object. Returns undefined if the object does not exist. */
export async function readObject(server: S3Server, bucket: string, key: string): Promise<Buffer | undefined> {
  try {
    const answer = await server.client().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** Source of a program that connects to a TCP port. A dropped packet receives no response. */
const DIAL = `
const [address, port] = process.argv.slice(1);
const socket = require("node:net").connect(Number(port), address);
const say = (seen) => { console.log(seen); process.exit(); };
socket.setTimeout(4000, () => say("silent"));
socket.once("connect", () => say("open"));
socket.once("error", ({ code }) => say(code === "ECONNREFUSED" ? "closed" : code));
`;

/** Connects to a TCP port from an engine pod. @returns `open`, `closed`, or `silent` if packets are dropped */
export async function dialFrom(
  namespace: TestNamespace,
  pod: string,
  address: string,
  port: number,
): Promise<string> {
  const argv = ["node", "--eval", DIAL, address, String(port)];
  return (await namespace.kubectl(["exec", pod, "--", ...argv])).trim();
}

/** Waits until the S3 server has stored a part of a running multipart upload. */
export async function partOf(server: S3Server, bucket: string, key: string): Promise<void> {
  const at = new Bucket(server.client(), bucket);
  try {
    await eventually(`a part of ${key}`, async () => {
      assert.ok((await at.uploadsTo(key)).parts > 0, "no part is stored");
    });
  } finally {
    at.client.destroy();
  }
}
