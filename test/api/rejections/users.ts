import { ALICE, user, users } from "./parts.ts";
import type { Json, RejectionCase } from "./parts.ts";

const HOME_PATH = "users[0].homeDirectory";

const BAD_HOMES = [
  "alice",
  "",
  "/a/../b",
  "/..",
  "/.",
  "/a//b",
  "/a/",
  "/a\tb",
  "/a\u007f",
  "/a\nb",
  "/a/./b",
  "/a\\b",
  "/a\u0085",
];
const GOOD_HOMES = [
  "/",
  "/a",
  "/a/.b",
  "/a/..b",
  "/a..b/c.",
  "/größe/日本",
  "/a b",
  "/...",
  "/a~b",
  "/a@b",
  "/a/@b",
];
const RESERVED_HOMES = ["/@", "/@team-a", "/@team-a/alice", "/@ALICE"];

const badExpressions: Json[] = [
  { key: "team", operator: "NotIn" },
  { key: "team", operator: "In", values: [] },
  { key: "team", operator: "Exists", values: ["a"] },
  { key: "team", operator: "DoesNotExist", values: ["a"] },
];
const fromNamespaces = (expression: Json): Json => ({
  userSources: { from: "Selector", namespaceSelector: { matchExpressions: [expression] } },
});

const BAD_DIRECTORIES = ["outbox", "/outbox/", "//outbox", "/a//b", "//", "/a\tb", "/a\\b", "/a\u0085"];
const UNNORMAL_DIRECTORIES = ["/.", "/..", "/a/..", "/a/../b", "/./a"];
const GOOD_DIRECTORIES = ["/outbox", "/a/b", "/a.b", "/.a", "/a b", "/größe", "/...", "/@team"];

const directory = (path: string, permissions: Json[string] = ["Read"]): Json =>
  user({ directories: [{ path, permissions }] });
const DIRECTORY_PATH = "users[0].directories[0].path";

const BAD_TIMES = [
  "tomorrow",
  "2030-01-31",
  "2030-02-30T00:00:00Z",
  "2030-01-31T24:00:01Z",
  "2030-01-31T00:00:00",
];
const GOOD_TIMES = ["2030-01-31T00:00:00Z", "2030-01-31T00:00:00.5+05:30"];

export const USERS: RejectionCase[] = [
  ...BAD_DIRECTORIES.map((path, index) => ({
    title: `directory ${JSON.stringify(path)}`,
    bad: directory(path),
    good: directory(GOOD_DIRECTORIES[index % GOOD_DIRECTORIES.length] ?? ""),
    path: DIRECTORY_PATH,
    rule: "directory-path-syntax",
  })),
  ...UNNORMAL_DIRECTORIES.map((path) => ({
    title: `directory ${JSON.stringify(path)}`,
    bad: directory(path),
    good: directory("/a/b"),
    path: DIRECTORY_PATH,
    rule: "directory-path-normal",
  })),
  {
    title: 'directory "/"',
    bad: directory("/"),
    good: directory("/a"),
    path: DIRECTORY_PATH,
    message: "at least 2 chars long",
  },
  {
    title: "two directories with the same path",
    bad: user({ directories: [1, 2].map(() => ({ path: "/a", permissions: [] })) }),
    good: user({ directories: ["/a", "/b"].map((path) => ({ path, permissions: [] })) }),
    path: "users[0].directories[1]",
    message: 'Duplicate value: {"path":"/a"}',
  },
  {
    title: "directory without permissions",
    bad: user({ directories: [{ path: "/a" }] }),
    good: directory("/a", []),
    path: "users[0].directories[0].permissions",
    message: "Required value",
  },
  ...BAD_TIMES.map((expiresAt, index) => ({
    title: `expiry ${expiresAt}`,
    bad: user({ expiresAt }),
    good: user({ expiresAt: GOOD_TIMES[index % GOOD_TIMES.length] }),
    path: "users[0].expiresAt",
    message: "must be of type date-time",
  })),
  {
    title: "no users",
    bad: users(0),
    good: users(1),
    path: "users",
    rule: "users-required",
  },
  {
    title: "namespaceSelector without from Selector",
    bad: { userSources: { from: "SameNamespace", namespaceSelector: {} } },
    good: { users: [], userSources: { from: "SameNamespace" } },
    path: "userSources",
    rule: "user-sources-selector",
  },
  {
    title: "from Selector without namespaceSelector",
    bad: { userSources: { from: "Selector" } },
    good: { users: [], userSources: { from: "Selector", namespaceSelector: {} } },
    path: "userSources",
    rule: "user-sources-selector",
  },
  ...badExpressions.map((expression) => ({
    title: `selector that Kubernetes rejects: ${JSON.stringify(expression)}`,
    bad: fromNamespaces(expression),
    good: fromNamespaces({ key: "team", operator: "NotIn", values: ["a"] }),
    path: "userSources.namespaceSelector.matchExpressions[0]",
    rule: "selector-values",
  })),
  {
    title: "two users with the same name",
    bad: { users: [ALICE, ALICE] },
    good: { users: [ALICE, { ...ALICE, name: "bob" }] },
    path: "users[1]",
    message: 'Duplicate value: {"name":"alice"}',
  },
  {
    title: "1001 users",
    bad: users(1001),
    good: users(1000),
    path: "users",
    message: "must have at most 1000 items",
  },
  ...["", "a b", "../x", ".a", "a/b", "a\nb", "-a", "ä"].map((name) => ({
    title: `user ${JSON.stringify(name)}`,
    bad: user({ name }),
    good: user({ name: "alice+ftp@example.com" }),
    path: "users[0].name",
    rule: "login-name-syntax",
  })),
  ...["", "A", "a/b", "../a", "a.", "-a"].map((name) => ({
    title: `Secret ${JSON.stringify(name)}`,
    bad: user({ passwordSecretRef: { name } }),
    good: user({ passwordSecretRef: { name: "ftp.users-1" } }),
    path: "users[0].passwordSecretRef.name",
    rule: "secret-name-syntax",
  })),
  {
    title: "invalid key of a Secret",
    bad: user({ passwordSecretRef: { name: "a", key: "a/b" } }),
    good: user({ passwordSecretRef: { name: "a", key: "A_b-1.c" } }),
    path: "users[0].passwordSecretRef.key",
    rule: "data-key-syntax",
  },
  {
    title: "user without a password",
    bad: { users: [{ name: "alice" }] },
    good: { users: [ALICE] },
    path: "users",
    rule: "user-password-required",
  },
  ...BAD_HOMES.map((homeDirectory, index) => ({
    title: `home ${JSON.stringify(homeDirectory)}`,
    bad: user({ homeDirectory }),
    good: user({ homeDirectory: GOOD_HOMES[index % GOOD_HOMES.length] }),
    path: HOME_PATH,
    rule: "home-directory-syntax",
  })),
  ...RESERVED_HOMES.map((homeDirectory) => ({
    title: `home ${homeDirectory}, which is reserved for FtpUsers of other namespaces`,
    bad: user({ homeDirectory }),
    good: user({ homeDirectory: homeDirectory.replace("@", "a@") }),
    path: HOME_PATH,
    rule: "home-directory-reserved",
  })),
  {
    title: "user whose default home is the anonymous home",
    bad: { users: [{ ...ALICE, name: "pub" }], anonymous: { mode: "ReadOnly" } },
    good: { users: [{ ...ALICE, name: "pub", homeDirectory: "/pub" }], anonymous: { mode: "ReadOnly" } },
    path: "users",
    rule: "user-home-anonymous",
  },
  {
    title: "home of more than 255 characters",
    bad: user({ homeDirectory: `/${"ä".repeat(255)}` }),
    good: user({ homeDirectory: `/${"ä".repeat(254)}` }),
    path: HOME_PATH,
    message: "may not be more than 255",
  },
  {
    title: "unknown permission",
    bad: user({ permissions: ["List", "Execute"] }),
    good: user({ permissions: [] }),
    path: "users[0].permissions[1]",
    message: 'supported values: "List", "Read"',
  },
  {
    title: "duplicate permission",
    bad: user({ permissions: ["List", "List"] }),
    good: user({ permissions: ["List", "Read"] }),
    path: "users[0].permissions[1]",
    message: 'Duplicate value: "List"',
  },
];
