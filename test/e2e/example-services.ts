/** Starts the services outside the cluster that the examples require. */
import { Bucket } from "../support/s3/bucket.ts";
import { allowInternalSinks } from "./operator.ts";
import { OutsideReceiver } from "./outside-receiver.ts";
import { credentialsSecret, startOutsideS3 } from "./outside-s3.ts";
import type { TestNamespace } from "./test-namespace.ts";

/** A service outside the cluster. Its URL replaces the URL in an example. */
export interface ExampleService extends AsyncDisposable {
  documentedUrl: string;
  url: string;
  secrets: readonly object[];
  /** Returns a description of each event that the service has accepted. */
  accepted: () => string[];
}

/** Starts an S3 server. The bucket for examples/mounts.yaml contains a report. */
export async function startArchive(namespace: TestNamespace): Promise<ExampleService> {
  const server = await startOutsideS3(namespace);
  const bucket = new Bucket(server.client(), await server.createBucket("partner-reports"));
  await bucket.put("2025.txt", "report\n");
  return {
    documentedUrl: "https://s3.example.com",
    url: server.endpoint,
    secrets: [credentialsSecret("archive", server)],
    accepted: () => [],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Starts the receiver for the events of examples/notifications.yaml. */
export async function startPipeline(namespace: TestNamespace): Promise<ExampleService> {
  const secrets = { authorization: "Bearer token", hmac: "signature key" };
  const receiver = await OutsideReceiver.start(namespace, secrets);
  await allowInternalSinks(namespace, true);
  return {
    documentedUrl: "https://pipeline.example.com/events",
    url: receiver.url("/events"),
    secrets: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "pipeline" }, stringData: secrets }],
    accepted: () =>
      receiver.accepted().map(({ type, data }) => `${type} ${String(data["path"] ?? data["user"])}`),
    [Symbol.asyncDispose]: async () => {
      await allowInternalSinks(namespace, false);
      await receiver[Symbol.asyncDispose]();
    },
  };
}
