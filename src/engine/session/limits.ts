/** Limits of the control connection that no configuration field sets. Times are milliseconds. */

/** How long a closing connection may take to read its last reply. */
export const CLOSE_GRACE = 5000;
