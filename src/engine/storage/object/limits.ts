const MIB = 1024 * 1024;

/** Limits for object storage. Sizes are in bytes, and times in milliseconds. */
export interface ObjectLimits {
  /** Maximum time to open a connection to the endpoint. */
  connectTimeout: number;
  /** Maximum time for one attempt to send a request without a body. */
  requestTimeout: number;
  /** Maximum time for one attempt to send a part or an object. */
  sendTimeout: number;
  /** Maximum time for one server-side copy, or for the completion of a multipart upload. */
  copyTimeout: number;
  /** Maximum number of attempts for one request. */
  attempts: number;
  /** Pause before the second attempt. The pause doubles with each further attempt, up to `maxPause`. */
  pause: number;
  maxPause: number;
  /** Maximum number of connections for all requests except downloads. Each download has its own connection. */
  sockets: number;
  /**
   * Maximum memory for the parts of all uploads. If this memory is full, the engine writes parts to temporary files.
   */
  uploadMemory: number;
  /** Maximum total size of the temporary files. */
  spoolBytes: number;
  /** Maximum number of concurrent requests that send temporary files. Each request needs a buffer of 256 KiB. */
  spoolRequests: number;
  /** Total size of temporary files that the engine guarantees to each of `spoolAccounts` accounts. */
  spoolGuarantee: number;
  spoolAccounts: number;
  /**
   * Maximum size of an object that the engine copies with one CopyObject request. Larger objects are copied in parts.
   */
  copyObjectBytes: number;
  /** Size of one part in a server-side copy. */
  copyPartBytes: number;
  /** Minimum size of every part except the last part. */
  minPartBytes: number;
  /** Maximum number of parts in a multipart upload. */
  parts: number;
  /** Maximum number of keys in one listing page. Parsing 1,000 keys can block the event loop for 20 ms. */
  pageKeys: number;
  /** Number of keys that all listings in a bucket can hold in memory before new pages are limited to `minPageKeys`. */
  listedKeys: number;
  /** Number of keys in a listing page while other listings hold `listedKeys`. */
  minPageKeys: number;
  /** Maximum number of concurrent requests for listing pages. Parsing one page can block the event loop for 10 ms. */
  pageRequests: number;
  /**
   * Maximum age of a directory listing that an upload uses instead of a new listing. The engine can miss changes by
   * other engines and programs during this time.
   */
  knownDirectoryAge: number;
  /** Maximum number of directories in the cache. */
  knownDirectories: number;
  /** Maximum number of keys in the cached listing of one directory. */
  knownKeys: number;
  /** Maximum number of cached names in one directory, including the names of new files. */
  knownNames: number;
  /**
   * Maximum number of cached names in all directories. Above this number, the engine removes the oldest directories
   * from the cache.
   */
  knownTotalNames: number;
  /** Maximum number of objects in a directory that a client renames. */
  renamedObjects: number;
  /** Maximum number of concurrent server-side copies for one rename. */
  renameConcurrency: number;
  /** Maximum number of consecutive attempts to continue a download that makes no progress. */
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
  listedKeys: 2000,
  minPageKeys: 100,
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
