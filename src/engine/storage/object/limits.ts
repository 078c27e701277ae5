const MIB = 1024 * 1024;

/** Limits of the use of object storage. Tests choose smaller ones. Sizes are in bytes, and times in milliseconds. */
export interface ObjectLimits {
  /** Maximum time to open a connection to the endpoint. */
  connectTimeout: number;
  /** Maximum time of one attempt of a request without a body. */
  requestTimeout: number;
  /** Maximum time of one attempt to send a part or an object. */
  sendTimeout: number;
  /** Maximum time of one server-side copy, and of the completion of a multipart upload. */
  copyTimeout: number;
  /** Maximum number of attempts of one request. */
  attempts: number;
  /** Pause before the second attempt. It doubles for each further attempt, up to `maxPause`. */
  pause: number;
  maxPause: number;
  /** Maximum number of connections for requests other than downloads. Each download has a connection of its own. */
  sockets: number;
  /** Maximum memory of all uploads. Parts that do not fit are written to a temporary file. */
  uploadMemory: number;
  /** Maximum size of all these temporary files. */
  spoolBytes: number;
  /** Maximum size of an object that CopyObject can copy. Larger ones are copied in parts. */
  copyObjectBytes: number;
  /** Size of one part of a server-side copy. */
  copyPartBytes: number;
  /** Minimum size of a part that is not the last one. */
  minPartBytes: number;
  /** Maximum number of parts in a multipart upload. */
  parts: number;
  /** Maximum number of keys in one page of a listing. Parsing 1000 keys can block the event loop for 20 ms. */
  pageKeys: number;
  /** Maximum number of objects in a directory that is renamed. */
  renamedObjects: number;
  /** Maximum number of server-side copies of one rename at a time. */
  renameConcurrency: number;
  /** Maximum number of consecutive attempts to continue a download that make no progress. */
  readAttempts: number;
}

/** Maxima of Amazon S3 where it has one. */
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
  copyObjectBytes: 5 * 1024 * MIB,
  copyPartBytes: 512 * MIB,
  minPartBytes: 5 * MIB,
  parts: 10_000,
  pageKeys: 500,
  renamedObjects: 1000,
  renameConcurrency: 8,
  readAttempts: 3,
};
