/** Limits of the control connection that no configuration field sets. Times are milliseconds. */

/** Longest command line, its end included, in bytes. A longer one is answered 500 and skipped. */
export const MAX_LINE_BYTES = 4096;
/** Commands that wait for their turn; reading stops when so many do. */
export const MAX_QUEUED_COMMANDS = 32;
/** Lines before login that are no command we know; then the connection closes (ALPACA, CVE-2021-3618). */
export const MAX_UNKNOWN_COMMANDS_BEFORE_LOGIN = 10;
/** How long a closing connection may take to read its last reply. */
export const CLOSE_GRACE = 5000;
