import { readFile } from "node:fs/promises";
import type { Agent } from "node:https";
import { join } from "node:path";
import type { S3ClientConfig } from "@aws-sdk/client-s3";
import type { EngineObjectStorage } from "../../../../api/engine-storage.ts";

/** Time in milliseconds for which the engine uses the content of credential files before it reads them again. */
const FILES_MAX_AGE = 2000;
/** Maximum time in milliseconds to connect to STS, and maximum time in milliseconds for one request. */
const STS_TIMEOUT = 5000;

/**
 * Returns the credentials for a client. Returns undefined if the SDK must use its credential provider chain.
 * @param agent agent for connections to the STS endpoint
 */
export async function credentialsOf(
  { credentials, region }: Pick<EngineObjectStorage, "credentials" | "region">,
  agent: Agent,
): Promise<S3ClientConfig["credentials"]> {
  switch (credentials.type) {
    case "Chain":
      return undefined;
    case "Files":
      return fromFiles(credentials.directory);
    case "WebIdentity": {
      const { roleArn, tokenFile, stsEndpoint } = credentials;
      const { fromTokenFile } = await import("@aws-sdk/credential-provider-web-identity");
      return fromTokenFile({
        roleArn,
        webIdentityTokenFile: tokenFile,
        roleSessionName: "ftp-operator",
        clientConfig: {
          region,
          ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }),
          requestHandler: { connectionTimeout: STS_TIMEOUT, requestTimeout: STS_TIMEOUT, httpsAgent: agent },
        },
      });
    }
  }
}

interface FileCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration: Date;
}

/**
 * Returns a provider that reads the credential files again after the credentials expire, because a Secret can change.
 */
function fromFiles(directory: string): () => Promise<FileCredentials> {
  let known: Promise<FileCredentials> | undefined;
  let readAt = 0;
  return () => {
    if (known === undefined || Date.now() - readAt > FILES_MAX_AGE) {
      readAt = Date.now();
      known = readCredentials(directory);
    }
    return known;
  };
}

async function readCredentials(directory: string): Promise<FileCredentials> {
  const [accessKeyId, secretAccessKey, sessionToken] = await Promise.all([
    readLine(join(directory, "accessKeyId")),
    readLine(join(directory, "secretAccessKey")),
    readLine(join(directory, "sessionToken")),
  ]);
  if (accessKeyId === "" || secretAccessKey === "")
    throw unusable(`${directory} has no accessKeyId or no secretAccessKey`);
  const expiration = new Date(Date.now() + FILES_MAX_AGE);
  return { accessKeyId, secretAccessKey, ...(sessionToken !== "" && { sessionToken }), expiration };
}

/** Returns the trimmed text of a file, or an empty string if the file does not exist. */
async function readLine(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw unusable(`${path} cannot be read`, error);
  }
}

/** Returns an error with the same name as SDK errors about missing credentials. */
function unusable(message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name: "CredentialsProviderError" });
}
