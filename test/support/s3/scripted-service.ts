/** HTTP servers whose answers a test defines, and stores that use them. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TickBudget } from "../../../src/common/tick-budget.ts";
import { OBJECT_LIMITS, type ObjectLimits } from "../../../src/engine/storage/object/limits.ts";
import { S3Store } from "../../../src/engine/storage/object/s3/s3-store.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Parts of a store that differ between tests. */
export interface StoreParts {
  ticks?: (wakes: number) => TickBudget;
  /** CA certificate of a service with HTTPS. */
  caFile?: string;
}

export interface ScriptedService extends AsyncDisposable {
  server: Server | TlsServer;
  store: S3Store;
}

/** Returns a new directory with credential files. */
export async function credentialFiles(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ftp-direct-"));
  await writeFile(join(directory, "accessKeyId"), "key");
  await writeFile(join(directory, "secretAccessKey"), "secret");
  return directory;
}

/** Opens a store for the bucket `files`. @param directory directory with credential files */
export async function openStore(
  directory: string,
  endpoint: string,
  limits: Partial<ObjectLimits> = {},
  { ticks = () => new TickBudget(), caFile }: StoreParts = {},
): Promise<S3Store> {
  return await S3Store.open({
    ticks,
    config: {
      bucket: "files",
      prefix: "",
      region: "us-east-1",
      endpoint,
      ...(caFile !== undefined && { caFile }),
      forcePathStyle: true,
      multipart: { partSizeBytes: 5 * 1024 * 1024, concurrency: 1 },
      credentials: { type: "Files", directory },
    },
    limits: { ...OBJECT_LIMITS, pause: 1, ...limits },
  });
}

/** Starts a service that answers all requests with a function. Serves HTTPS if a certificate is given. */
export async function startService(
  directory: string,
  answer: Answer,
  limits: Partial<ObjectLimits> = {},
  { key, cert, ...parts }: StoreParts & { key?: Buffer; cert?: Buffer } = {},
): Promise<ScriptedService> {
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume();
    answer(request, response);
  };
  const isTls = key !== undefined && cert !== undefined;
  const server = isTls ? createTlsServer({ key, cert }, respond) : createServer(respond);
  server.listen(0, "127.0.0.1");
  const endpoint = `${isTls ? "https" : "http"}://127.0.0.1:${await portOf(server)}`;
  const store = await openStore(directory, endpoint, limits, parts);
  return {
    server,
    store,
    async [Symbol.asyncDispose]() {
      store.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Waits until a server listens. Returns its port. */
export async function portOf(server: TcpServer): Promise<number> {
  if (!server.listening) await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}
