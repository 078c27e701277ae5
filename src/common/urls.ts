/**
 * Returns the URL of an HTTP request target, or undefined if the target is invalid, for example `//` or `http://[`.
 * `urlOfTarget` never throws, because an exception in a request handler would end the process.
 */
export function urlOfTarget(target: string | undefined): URL | undefined {
  return URL.parse(target ?? "", "http://localhost") ?? undefined;
}

/** Returns a host in the form that URLs require. Encloses an IPv6 address in brackets. */
export function hostInUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
