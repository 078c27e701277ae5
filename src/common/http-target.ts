/**
 * Returns the URL that the target of an HTTP request means; undefined when it means none, as `//` and `http://[` do. Never throws:
 * an exception in a request handler ends the process.
 */
export function urlOfTarget(target: string | undefined): URL | undefined {
  return URL.parse(target ?? "", "http://localhost") ?? undefined;
}
