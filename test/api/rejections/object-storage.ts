import { pod, user } from "./parts.ts";
import type { Json, RejectionCase } from "./parts.ts";

/** Returns a spec with a bucket and the given fields of `objectStorage`. */
function bucket(fields: Json): Json {
  return { storage: { type: "ObjectStorage", objectStorage: { bucket: "files", ...fields } } };
}

const ROLE = "arn:aws:iam::111122223333:role/ftp";
const credentialsSecretRef = { name: "s3" };
const webIdentity = { roleArn: ROLE };

/** Fields of `objectStorage`, each with an invalid and a valid value. */
const FIELDS: readonly [field: string, rule: string, bad: unknown, good: unknown][] = [
  ["bucket", "bucket-syntax", "Files", "files.2"],
  ["bucket", "bucket-syntax", "-files", "f-1"],
  ["prefix", "prefix-syntax", "/ftp", "ftp/production"],
  ["prefix", "prefix-syntax", "ftp/", "ftp"],
  ["prefix", "prefix-syntax", "ftp/../other", "ftp/..other"],
  ["region", "region-syntax", "eu central", "eu-central-1"],
  ["endpoint", "service-url-syntax", "minio:9000", "http://minio:9000"],
  ["endpoint", "service-url-syntax", "https://minio/bucket", "https://minio/"],
  ["endpoint", "service-url-syntax", "https://user:secret@minio", "https://[2001:db8::1]:9000"],
  ["endpoint", "service-url-syntax", "ftp://minio.example.com", "https://minio.example.com"],
  ["storageClass", "storage-class-syntax", "standard", "STANDARD"],
  ["storageClass", "storage-class-archive", "DEEP_ARCHIVE", "GLACIER_IR"],
];

/** Returns a spec that contains an additional bucket and a user with the given mount. */
function mount(fields: Json): Json {
  return {
    additionalStorage: [ARCHIVE],
    ...user({ mounts: [{ path: "/archive", storage: "archive", ...fields }] }),
  };
}

const ARCHIVE = { name: "archive", type: "ObjectStorage", objectStorage: { bucket: "archive" } };
const INBOX = {
  name: "inbox",
  type: "PersistentVolumeClaim",
  persistentVolumeClaim: { claimName: "inbox" },
};

const MOUNTS: RejectionCase[] = [
  {
    title: "a mount of storage that does not exist",
    bad: mount({ storage: "other" }),
    good: mount({ access: "ReadOnly" }),
    path: "users",
    rule: "mount-storage",
  },
  {
    title: "a storage name with capital letters",
    bad: { additionalStorage: [{ ...INBOX, name: "Inbox" }] },
    good: { additionalStorage: [INBOX, ARCHIVE] },
    path: "additionalStorage[0].name",
    rule: "storage-name-syntax",
  },
  {
    title: "an additional volume without a claim",
    bad: { additionalStorage: [{ name: "inbox", type: "PersistentVolumeClaim" }] },
    good: { additionalStorage: [INBOX] },
    path: "additionalStorage[0].persistentVolumeClaim",
    rule: "additional-claim",
  },
  {
    title: "an additional bucket with a claim",
    bad: { additionalStorage: [{ ...INBOX, ...ARCHIVE }] },
    good: { additionalStorage: [ARCHIVE] },
    path: "additionalStorage[0].persistentVolumeClaim",
    rule: "additional-claim",
  },
  {
    title: "an additional bucket without its name",
    bad: { additionalStorage: [{ name: "archive", type: "ObjectStorage" }] },
    good: { additionalStorage: [ARCHIVE] },
    path: "additionalStorage[0].objectStorage",
    rule: "additional-bucket",
  },
  ...["invoices", "/a//b", "/a/", "/a\\b"].map((subPath) => ({
    title: `subPath ${JSON.stringify(subPath)} of a mount`,
    bad: mount({ subPath }),
    good: mount({ subPath: "/invoices/2026" }),
    path: "users[0].mounts[0].subPath",
    rule: "mount-sub-path-syntax",
  })),
  {
    title: "subPath of a mount that leaves the storage",
    bad: mount({ subPath: "/a/../../b" }),
    good: mount({ subPath: "/a/..b" }),
    path: "users[0].mounts[0].subPath",
    rule: "mount-sub-path-normal",
  },
  {
    title: "a mount at the root",
    bad: mount({ path: "/x/.." }),
    good: mount({ path: "/x" }),
    path: "users[0].mounts[0].path",
    rule: "directory-path-normal",
  },
];

export const OBJECT_STORAGE: RejectionCase[] = [
  ...MOUNTS,
  ...FIELDS.map(([field, rule, bad, good]) => ({
    title: `${field} ${JSON.stringify(bad)} of object storage`,
    bad: bucket({ [field]: bad }),
    good: bucket({ [field]: good }),
    path: `storage.objectStorage.${field}`,
    rule,
  })),
  ...[4, 513].map((partSizeMebibytes) => ({
    title: `part size of ${partSizeMebibytes} MiB`,
    bad: bucket({ multipart: { partSizeMebibytes } }),
    good: bucket({ multipart: { partSizeMebibytes: partSizeMebibytes < 5 ? 5 : 512 } }),
    path: "storage.objectStorage.multipart.partSizeMebibytes",
    message: /(?:than or equal to|at least|at most|must be [<>]=) ?(?:5|512)/,
  })),
  {
    title: "object storage without a bucket",
    bad: { storage: { type: "ObjectStorage" } },
    good: bucket({}),
    path: "storage.objectStorage",
    rule: "object-storage-required",
  },
  {
    title: "a bucket for another type of storage",
    bad: { storage: { type: "Ephemeral", objectStorage: { bucket: "files" } } },
    good: { storage: { type: "Ephemeral" } },
    path: "storage.objectStorage",
    rule: "object-storage-type",
  },
  {
    title: "an access key and a role",
    bad: bucket({ credentialsSecretRef, webIdentity }),
    good: bucket({ webIdentity }),
    path: "storage.objectStorage",
    rule: "object-storage-credentials",
  },
  {
    title: "a role without an ARN",
    bad: bucket({ webIdentity: { roleArn: "111122223333:role/ftp" } }),
    good: bucket({ webIdentity: { roleArn: "arn:aws-cn:iam::111122223333:role/team/ftp" } }),
    path: "storage.objectStorage.webIdentity.roleArn",
    rule: "role-arn-syntax",
  },
  {
    title: "a KMS key for encryption with keys of the service",
    bad: bucket({ serverSideEncryption: { algorithm: "AES256", kmsKeyId: "alias/ftp" } }),
    good: bucket({ serverSideEncryption: { algorithm: "KMS", kmsKeyId: "alias/ftp" } }),
    path: "storage.objectStorage.serverSideEncryption.kmsKeyId",
    rule: "kms-key-algorithm",
  },
  {
    title: "annotations of an existing ServiceAccount",
    bad: pod({
      serviceAccountName: "ftp",
      serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": ROLE },
    }),
    good: pod({ serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": ROLE } }),
    path: "pod.serviceAccountAnnotations",
    rule: "service-account-annotations",
  },
  {
    title: "egress without a NetworkPolicy",
    bad: { networkPolicy: { mode: "Disabled", egress: [{ to: [{ cidr: "10.0.0.0/8" }], ports: [9000] }] } },
    good: { networkPolicy: { egress: [{ to: [{ cidr: "10.0.0.0/8" }], ports: [9000] }] } },
    path: "networkPolicy",
    rule: "network-policy-mode",
  },
  {
    title: "egress to a peer without a network or labels",
    bad: { networkPolicy: { egress: [{ to: [{}], ports: [443] }] } },
    good: { networkPolicy: { egress: [{ to: [{ podSelector: {} }], ports: [443] }] } },
    path: "networkPolicy.egress[0].to[0]",
    rule: "network-peer",
  },
];
