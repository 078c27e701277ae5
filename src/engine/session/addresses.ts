/** Both ends of a control connection, as the client sees them. */
export interface Addresses {
  client: string;
  local: string;
}
