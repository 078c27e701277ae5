import { type KubeObject, type ObjectRef, refOf } from "../api/kubernetes.ts";
import { Credentials } from "./credentials.ts";
import { fromStatus, fromThrown, type Status } from "./errors.ts";
import { Http, readLines, type ServerClock } from "./http.ts";
import { collectionPath, type Kind, objectPath } from "./resources.ts";

export interface CallOptions {
  signal?: AbortSignal;
}

/** Criteria that select objects of one kind. */
export interface Selection extends Kind {
  /** Namespace of the objects. Undefined selects all namespaces. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Whether to request only `metadata`, for kinds whose other fields are secret or unused. */
  metadataOnly?: boolean;
}

export interface Page<T> {
  metadata: { resourceVersion: string; continue?: string };
  /** Objects on the page. The value is null in an empty metadata list. */
  items: T[] | null;
}

export interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: T;
}

export interface DeleteOptions extends CallOptions {
  /** Precondition for the deletion: the object must have this UID. */
  uid?: string;
  propagationPolicy?: "Background" | "Foreground" | "Orphan";
  gracePeriodSeconds?: number;
}

const APPLY_PATCH = "application/apply-patch+yaml";
const MERGE_PATCH = "application/merge-patch+json";

/** Client that calls the Kubernetes API with plain JSON objects. All methods reject with KubeError. */
export class KubeClient {
  readonly #http: Http;
  readonly #fieldManager: string;

  /**
   * @param options.fieldManager field manager that owns the applied fields
   * @param options.kubeconfig path of a kubeconfig file. See {@link Credentials} for the default.
   */
  constructor(options: { fieldManager: string; kubeconfig?: string }) {
    this.#fieldManager = options.fieldManager;
    this.#http = new Http(new Credentials(options.kubeconfig));
  }

  get<T extends KubeObject>(ref: ObjectRef, { signal }: CallOptions = {}): Promise<T> {
    return this.#http.call({ method: "GET", path: objectPath(ref), signal });
  }

  /** Returns one page of a list. To read the next page, pass `metadata.continue` from the result. */
  list<T extends KubeObject>(
    selection: Selection,
    paging: { limit: number; continue?: string },
    { signal }: CallOptions = {},
  ): Promise<Page<T>> {
    return this.#http.call({
      method: "GET",
      path: collectionPath(selection, selection.namespace),
      query: { ...selectors(selection), limit: paging.limit, continue: paging.continue },
      accept: acceptOf(selection, "PartialObjectMetadataList"),
      signal,
    });
  }

  /**
   * Yields the changes since a resource version until the API server ends the watch.
   * @param from.timeoutSeconds time after which the API server ends the watch
   * @throws KubeError with reason Expired or Gone when the resource version is too old
   */
  async *watch<T extends KubeObject>(
    selection: Selection,
    from: { resourceVersion: string; timeoutSeconds: number },
    { signal }: CallOptions = {},
  ): AsyncGenerator<WatchEvent<T>> {
    try {
      const body = await this.#http.open({
        method: "GET",
        path: collectionPath(selection, selection.namespace),
        query: { ...selectors(selection), watch: true, allowWatchBookmarks: true, ...from },
        accept: acceptOf(selection, "PartialObjectMetadata"),
        signal,
      });
      for await (const line of readLines(body)) {
        const event: WatchEvent<T> | { type: "ERROR"; object: Status } = JSON.parse(line);
        if (event.type === "ERROR") throw fromStatus(event.object.code ?? 0, event.object);
        yield event;
      }
    } catch (thrown) {
      throw fromThrown(thrown);
    }
  }

  /**
   * Applies the fields that this field manager owns. Uses server-side apply (KEP-555). The API server rejects unknown
   * fields.
   */
  apply<T extends KubeObject>(object: T, options: CallOptions & { force?: boolean } = {}): Promise<T> {
    return this.#patch<T>(
      objectPath(refOf(object)),
      object,
      APPLY_PATCH,
      { force: options.force ?? true },
      options,
    );
  }

  /** Applies the status subresource with server-side apply. */
  applyStatus<T extends KubeObject>(object: T, options: CallOptions = {}): Promise<T> {
    return this.#patch<T>(
      `${objectPath(refOf(object))}/status`,
      object,
      APPLY_PATCH,
      { force: true },
      options,
    );
  }

  /** Changes an object with a JSON merge patch (RFC 7396). */
  mergePatch<T extends KubeObject>(ref: ObjectRef, patch: object, options: CallOptions = {}): Promise<T> {
    return this.#patch<T>(objectPath(ref), patch, MERGE_PATCH, {}, options);
  }

  create<T extends KubeObject>(object: T, { signal }: CallOptions = {}): Promise<T> {
    const { metadata } = object;
    return this.#http.call({
      method: "POST",
      path: collectionPath(object, metadata.namespace),
      query: this.#writeOptions(),
      body: object,
      signal,
    });
  }

  /**
   * Replaces an object.
   * @throws KubeError with reason Conflict when `metadata.resourceVersion` is outdated
   */
  update<T extends KubeObject>(object: T, { signal }: CallOptions = {}): Promise<T> {
    const path = objectPath(refOf(object));
    return this.#http.call({ method: "PUT", path, query: this.#writeOptions(), body: object, signal });
  }

  /**
   * Deletes an object.
   * @throws KubeError with reason Conflict when the object's UID differs from `options.uid`
   */
  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<void> {
    const { uid, propagationPolicy, gracePeriodSeconds, signal } = options;
    await this.#http.call({
      method: "DELETE",
      path: objectPath(ref),
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        ...(uid !== undefined && { preconditions: { uid } }),
        ...(propagationPolicy !== undefined && { propagationPolicy }),
        ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      },
      signal,
    });
  }

  /** Clock for the times that the operator writes to the API server. */
  get clock(): ServerClock {
    return this.#http.clock;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #patch<T>(
    path: string,
    body: object,
    contentType: string,
    query: { force?: boolean },
    { signal }: CallOptions,
  ): Promise<T> {
    return this.#http.call({
      method: "PATCH",
      path,
      query: { ...this.#writeOptions(), ...query },
      body,
      contentType,
      signal,
    });
  }

  #writeOptions(): { fieldManager: string; fieldValidation: "Strict" } {
    return { fieldManager: this.#fieldManager, fieldValidation: "Strict" };
  }
}

function selectors({ labelSelector, fieldSelector }: Selection): {
  labelSelector?: string;
  fieldSelector?: string;
} {
  return {
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
}

function acceptOf({ metadataOnly }: Selection, as: string): string {
  return metadataOnly === true ? `application/json;as=${as};g=meta.k8s.io;v=v1` : "application/json";
}
