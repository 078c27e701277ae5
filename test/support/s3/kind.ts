/** Differences between S3 servers. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { KeyPair } from "../engine/certificates.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Address of a server, and credentials of its administrator. */
export interface Endpoint extends Credentials {
  readonly endpoint: string;
  readonly region: string;
  readonly caFile: string | undefined;
}

/** Settings of one server process. */
export interface Launch extends Endpoint {
  /** Path of the executable. */
  readonly program: string;
  /** Folder for data and configuration. */
  readonly folder: string;
  /** IP address on which the server listens. */
  readonly address: string;
  /** Path of a Unix socket on which the server also listens. */
  readonly socket: string | undefined;
  readonly port: number;
  /** Additional environment variables for the process. */
  readonly env: Readonly<Record<string, string>>;
  readonly tls: (KeyPair & { readonly caFile: string }) | undefined;
}

/** A statement in an IAM policy, for example `Allow`, `s3:GetObject`, `arn:aws:s3:::BUCKET/PREFIX/*`. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

export interface UserRequest {
  readonly server: Launch;
  readonly admin: S3Client;
  readonly bucket: string;
  readonly statements: readonly Statement[];
}

/** One S3 server program. */
export interface Kind {
  /** Whether the server also listens on the Unix socket in `Launch`. */
  readonly listensOnSocket: boolean;
  /** Creates the required files before the first start. */
  prepare(launch: Launch): Promise<void>;
  command(launch: Launch): { args: readonly string[]; env: Readonly<Record<string, string>> };
  userWith(request: UserRequest): Promise<Credentials>;
}
