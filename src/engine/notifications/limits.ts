/** Limits for notifications. Sizes are in bytes, and times are in milliseconds. */

/**
 * Maximum size of stored events for one notification in one engine. Above this size, the engine discards the oldest
 * events.
 */
export const MAX_STORED_BYTES = 64 * 1024 * 1024;

/**
 * Size of stored events above which the engine discards new login failures, so that attackers cannot displace other
 * events.
 */
export const MAX_STORED_BYTES_FOR_LOGIN_FAILURES = MAX_STORED_BYTES / 2;

/** Size of one file with stored events. The engine removes a file when all its events are delivered. */
export const SEGMENT_BYTES = 1024 * 1024;

/** Maximum size of unread events that the engine keeps in memory in addition to the log. */
export const MAX_RECENT_BYTES = 256 * 1024;

/** Maximum age of an undelivered event. */
export const MAX_EVENT_AGE = 72 * 3600 * 1000;

/** Maximum number of undelivered events in memory for one notification. */
export const MAX_LOADED_EVENTS = 256;

/** Maximum number of events in memory, including delivered events that follow an undelivered event. */
export const MAX_UNACKNOWLEDGED_EVENTS = 2048;

/** Maximum number of concurrent requests for one notification. */
export const MAX_REQUESTS = 8;

/**
 * Maximum number of events for one notification that the sink thread holds at the same time. The maximum exceeds
 * `MAX_REQUESTS`, so that the thread can start the next request without waiting for the engine.
 */
export const MAX_SENT_EVENTS = 32;

/** Period in which the engine collects new events, so that one message to the sink thread contains several events. */
export const DELIVERY_PERIOD = 20;

/**
 * Number of new events for one notification in one period that counts as a burst. New events wait until the burst ends.
 */
export const BURST_EVENTS = 4;

/** Maximum age of an event that waits because of a burst. */
export const MAX_DEFERRAL = 10_000;

/** Period in which the sink thread collects results, so that one message to the engine contains several results. */
export const RESULT_PERIOD = 5;

/** Niceness of the sink thread. Transfers have priority over deliveries. */
export const THREAD_NICENESS = 19;

/** Maximum time that the engine waits for the sink thread to end. */
export const THREAD_END_TIMEOUT = 2000;

/** Maximum time that a reply waits until its event is stored. */
export const MAX_RECORD_WAIT = 100;

/** Maximum size of events that the engine writes to the volume with one synchronous call. */
export const MAX_BYTES_AT_ONCE = 64 * 1024;

/** Maximum size of events that wait to be written to the outbox. The engine discards further events. */
export const MAX_UNWRITTEN_BYTES = 4 * 1024 * 1024;

/** Delay before the second delivery attempt. The delay doubles with each failed attempt. */
export const FIRST_RETRY_DELAY = 500;

/** Delay after an error before the engine reads stored events again. */
export const LOAD_RETRY_DELAY = 5000;

/** Maximum delay between two delivery attempts, unless the sink requests a longer delay. */
export const MAX_RETRY_DELAY = 30_000;

/** Maximum delay that a sink can request with the `Retry-After` header. */
export const MAX_RETRY_AFTER = 10 * 60 * 1000;

/**
 * Number of failures after which the engine discards an event. A failure counts only if the sink has accepted another
 * event since the previous failure.
 */
export const MAX_STRIKES = 20;

/** Maximum time to connect to a sink, and maximum time to wait for a response. */
export const CONNECT_TIMEOUT = 5000;
export const RESPONSE_TIMEOUT = 10_000;

/** Maximum time for which a connection check waits for a response. */
export const PROBE_TIMEOUT = 5000;

/** Maximum time for which a connection check waits for a response to the headers of a request. */
export const HEADERS_PROBE_TIMEOUT = 2000;

/** Maximum number of bytes that the engine reads from a response. */
export const MAX_RESPONSE_BYTES = 16 * 1024;

/** Time between two heartbeats of an engine. */
export const HEARTBEAT_PERIOD = 3000;

/** Time without a heartbeat after which another engine takes over the events. */
export const HEARTBEAT_TIMEOUT = 15_000;

/** Minimum time between two writes of the delivery position. */
export const POSITION_PERIOD = 500;

/** Maximum size of an object with events in a bucket. */
export const BATCH_BYTES = 128 * 1024;

/** Maximum size of an object that a later object with more events can replace. */
export const MERGED_BATCH_BYTES = 16 * 1024;

/** Maximum number of objects with events that the engine reads at the same time. */
export const CONCURRENT_READS = 16;

/** Maximum time to read an object with events. */
export const OBJECT_READ_TIMEOUT = 20_000;

/** Time between two renewals of a lease for events in a bucket. */
export const BUCKET_LEASE_PERIOD = 5000;

/** Time without a renewal after which another engine acquires the lease. */
export const BUCKET_LEASE_TIMEOUT = 20_000;

/** Time between two searches for leases of stopped engines. */
export const BUCKET_SEARCH_PERIOD = 15_000;
