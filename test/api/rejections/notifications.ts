import type { Json, RejectionCase } from "./parts.ts";

const SECRET = { name: "sink", key: "token" };

/** Returns a spec with one notification and the given fields of `sink.http`. */
function http(fields: Json): Json {
  return notification({ sink: { type: "HTTP", http: { url: "https://example.com/events", ...fields } } });
}

function notification(fields: Json): Json {
  const sink = { type: "HTTP", http: { url: "https://example.com/events" } };
  return { notifications: [{ name: "pipeline", events: ["FileUploaded"], sink, ...fields }] };
}

function header(name: string): Json {
  return http({ headersFrom: [{ name, secretKeyRef: SECRET }] });
}

const URLS = [
  "example.com/events",
  "ftp://example.com/events",
  "https://user:secret@example.com/",
  "https://example.com/#part",
  "https://example.com/a b",
];

export const NOTIFICATIONS: RejectionCase[] = [
  ...URLS.map((url) => ({
    title: `the sink ${url}`,
    bad: http({ url }),
    good: http({ url: "http://[2001:db8::1]:8080/events?tenant=a%20b" }),
    path: "notifications[0].sink.http.url",
    rule: "sink-url-syntax",
  })),
  {
    title: "a sink without a receiver",
    bad: notification({ sink: { type: "HTTP" } }),
    good: notification({}),
    path: "notifications[0].sink.http",
    rule: "sink-http",
  },
  {
    title: "a notification name with capital letters",
    bad: notification({ name: "Pipeline" }),
    good: notification({ name: "pipeline-2" }),
    path: "notifications[0].name",
    rule: "notification-name-syntax",
  },
  ...["inbox/*", "/inbox/", "//x", "/a\tb"].map((pattern) => ({
    title: `the path pattern ${JSON.stringify(pattern)}`,
    bad: notification({ paths: [pattern] }),
    good: notification({ paths: ["/inbox/**/*.csv"] }),
    path: "notifications[0].paths[0]",
    rule: "path-pattern-syntax",
  })),
  {
    title: "a user name with a slash in a notification",
    bad: notification({ users: ["a/b"] }),
    good: notification({ users: ["alice"] }),
    path: "notifications[0].users[0]",
    rule: "login-name-syntax",
  },
  {
    title: "a header name with a colon",
    bad: header("X-Key:"),
    good: header("X-Key"),
    path: "notifications[0].sink.http.headersFrom[0].name",
    rule: "header-name-syntax",
  },
  ...["Host", "ce-id", "Webhook-Signature", "content-type"].map((name) => ({
    title: `the reserved header ${name}`,
    bad: header(name),
    good: header("Authorization"),
    path: "notifications[0].sink.http.headersFrom[0].name",
    rule: "header-name-reserved",
  })),
  {
    title: "a signature key with a slash",
    bad: http({ hmacSecretRef: { name: "sink", key: "a/b" } }),
    good: http({ hmacSecretRef: SECRET, caRef: { name: "ca" } }),
    path: "notifications[0].sink.http.hmacSecretRef.key",
    rule: "data-key-syntax",
  },
];
