const MIB = 1024 * 1024;

/** Limits for object storage. Sizes are in bytes, and times in milliseconds. */
export interface ObjectLimits {
  /** Maximum time to open a connection to the endpoint. */
  connectTimeout: number;
  /** Maximum time for one attempt of a request without a body. */
  requestTimeout: number;
  /** Maximum time for one attempt to send a part or an object. */
  sendTimeout: number;
  /** Maximum time for one server-side copy, and for the completion of a multipart upload. */
  copyTimeout: number;
  /** Maximum number of attempts for one request. */
  attempts: number;
  /** Pause before the second attempt. The pause doubles with each further attempt, up to `maxPause`. */
  pause: number;
  maxPause: number;
  /** Maximum number of connections for all requests except downloads. Each download has its own connection. */
  sockets: number;
  /** Maximum memory for the parts of all uploads. Parts above this limit are written to temporary files. */
  uploadMemory: number;
  /** Maximum total size of the temporary files. */
  spoolBytes: number;
  /** Maximum number of concurrent requests that send temporary files. Each request needs about 0.4 MB of buffers. */
  spoolRequests: number;
  /** Size of temporary files that is guaranteed to each of `spoolAccounts` accounts. */
  spoolGuarantee: number;
  spoolAccounts: number;
  /** Maximum size of an object for CopyObject. The engine copies larger objects in parts. */
  copyObjectBytes: number;
  /** Size of one part of a server-side copy. */
  copyPartBytes: number;
  /** Minimum size of every part except the last part. */
  minPartBytes: number;
  /** Maximum number of parts in a multipart upload. */
  parts: number;
  /** Maximum number of keys in one page of a listing. Parsing 1,000 keys can block the event loop for 20 ms. */
  pageKeys: number;
  /** Maximum number of concurrent requests for pages of listings. Parsing each page can block the event loop for 10 ms. */
  pageRequests: number;
  /**
   * Maximum time for which an upload uses an earlier listing of its directory. Changes by other engines and programs
   * can remain undetected during this time.
   */
  knownDirectoryAge: number;
  /** Maximum number of directories whose listings the engine remembers. */
  knownDirectories: number;
  /** Maximum number of keys in the remembered listing of one directory. */
  knownKeys: number;
  /** Maximum number of remembered names in one directory, including names of new files. */
  knownNames: number;
  /** Number of remembered names in all directories above which the engine forgets the oldest directories. */
  knownTotalNames: number;
  /** Maximum number of objects in a directory that clients can rename. */
  renamedObjects: number;
  /** Maximum number of concurrent server-side copies for one rename. */
  renameConcurrency: number;
  /** Maximum number of consecutive attempts to continue a download without progress. */
  readAttempts: number;
}

/** Default limits, which are compatible with the limits of Amazon S3. */
export const OBJECT_LIMITS: ObjectLimits = {
  connectTimeout: 5000,
  requestTimeout: 20_000,
  sendTimeout: 300_000,
  copyTimeout: 600_000,
  attempts: 4,
  pause: 200,
  maxPause: 5000,
  sockets: 128,
  uploadMemory: 48 * MIB,
  spoolBytes: 2048 * MIB,
  spoolRequests: 32,
  spoolGuarantee: 32 * MIB,
  spoolAccounts: 16,
  copyObjectBytes: 5 * 1024 * MIB,
  copyPartBytes: 512 * MIB,
  minPartBytes: 5 * MIB,
  parts: 10_000,
  pageKeys: 500,
  pageRequests: 4,
  knownDirectoryAge: 5000,
  knownDirectories: 1000,
  knownKeys: 200,
  knownNames: 10_000,
  knownTotalNames: 50_000,
  renamedObjects: 1000,
  renameConcurrency: 8,
  readAttempts: 3,
};
