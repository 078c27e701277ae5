/** Storage for the files in all home directories. */
export type EngineStorage =
  /** Directory that contains all home directories. */
  { root: string } | { objectStorage: EngineObjectStorage };

/** Bucket in Amazon S3 or in an S3-compatible object store. */
export interface EngineObjectStorage {
  bucket: string;
  /**
   * Prefix of all object keys, for example `a/b`, without a leading or trailing slash. An empty prefix places the home
   * directories at the root of the bucket.
   */
  prefix: string;
  region: string;
  /** URL of the object store. Defaults to the Amazon S3 endpoint of the region. */
  endpoint?: string;
  /** True if request URLs contain the bucket name in the path instead of the host name. */
  forcePathStyle: boolean;
  credentials: ObjectStorageCredentials;
  /** PEM file with the CA certificates for the endpoint. Defaults to the CA certificates included in Node.js. */
  caFile?: string;
  serverSideEncryption?: { algorithm: "AES256" | "aws:kms"; kmsKeyId?: string };
  storageClass?: string;
  multipart: { partSizeBytes: number; concurrency: number };
}

export type ObjectStorageCredentials =
  /** Credential chain of the AWS SDK: environment variables, web identity, container and instance credentials. */
  | { type: "Chain" }
  /**
   * Directory with the files `accessKeyId`, `secretAccessKey` and optionally `sessionToken`. The engine reads the files
   * again after a change.
   */
  | { type: "Files"; directory: string }
  /** Temporary role credentials that STS issues for a token in a file (AssumeRoleWithWebIdentity). */
  | { type: "WebIdentity"; roleArn: string; tokenFile: string; stsEndpoint?: string };

/** Storage directory that the user sees in the home directory. */
export interface EngineMount {
  /** Absolute path that the user sees, for example `/archive`. The path is never `/`. */
  path: string;
  /** Name in `additionalStorage`. Defaults to the storage for home directories. */
  storage?: string;
  /** Absolute POSIX path in the storage to the directory that the user sees at `path`. */
  subPath: string;
  /** `ReadOnly` removes all permissions that allow changes. */
  access: "ReadWrite" | "ReadOnly";
}
