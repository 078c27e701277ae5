import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostInUrl } from "../../../src/common/urls.ts";
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import type { Credentials, Kind, Launch, UserRequest } from "./kind.ts";

/** Credentials of the only user in addition to the administrator. */
const USER = { accessKeyId: "limited", secretAccessKey: "secret-of-the-test-user" } as const;

/** versitygw with its posix backend, which stores objects as files and metadata as extended attributes. */
export const versitygw: Kind = {
  listensOnSocket: true,

  async prepare({ folder }) {
    await mkdir(join(folder, "objects"));
    await mkdir(join(folder, "users"));
    const { accessKeyId: access, secretAccessKey: secret } = USER;
    const accessAccounts = {
      [access]: { access, secret, role: "user", userID: 0, groupID: 0, projectID: 0 },
    };
    await writeFile(join(folder, "users", "users.json"), JSON.stringify({ accessAccounts }));
  },

  command({ folder, address, port, socket, region, accessKeyId, secretAccessKey, tls }: Launch) {
    const certificate = tls === undefined ? [] : [`--cert=${tls.certificateFile}`, `--key=${tls.keyFile}`];
    return {
      args: [
        `--port=${hostInUrl(address)}:${port}`,
        ...(socket === undefined ? [] : [`--port=${socket}`]),
        `--region=${region}`,
        // By default, versitygw closes each connection after the response. Amazon S3 and MinIO keep connections open.
        "--keep-alive",
        `--iam-dir=${join(folder, "users")}`,
        ...certificate,
        "posix",
        join(folder, "objects"),
      ],
      env: { ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey },
    };
  },

  /** Sets a bucket policy that grants the permissions. The policy replaces earlier permissions of the user. */
  async userWith({ admin, bucket, statements }: UserRequest): Promise<Credentials> {
    const granted = statements.map((statement) => ({ ...statement, Principal: { AWS: [USER.accessKeyId] } }));
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: granted });
    await admin.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
    return USER;
  },
};
