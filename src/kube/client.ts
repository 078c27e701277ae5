import type { KubeObject, ObjectRef } from "../api/kubernetes.ts";
import { Credentials } from "./credentials.ts";
import { fromStatus, fromThrown, type Status } from "./errors.ts";
import { Http, readLines, type ServerClock } from "./http.ts";
import { collectionPath, type Kind, objectPath } from "./resources.ts";

export interface CallOptions {
  signal?: AbortSignal;
}

/** Which objects of a kind. */
export interface Selection extends Kind {
  /** Undefined: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Only `metadata` is sent: for kinds whose content must not be kept, or is not needed. */
  metadataOnly?: boolean;
}

export interface Page<T> {
  metadata: { resourceVersion: string; continue?: string };
  /** Null instead of empty in lists of metadata. */
  items: T[] | null;
}

export interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: T;
}

export interface DeleteOptions extends CallOptions {
  /** Precondition: only this very object. */
  uid?: string;
  propagationPolicy?: "Background" | "Foreground" | "Orphan";
  gracePeriodSeconds?: number;
}

const APPLY_PATCH = "application/apply-patch+yaml";
const MERGE_PATCH = "application/merge-patch+json";

/** The API server's verbs, on plain JSON. All methods reject with KubeError. */
export class KubeClient {
  readonly #http: Http;
  readonly #fieldManager: string;

  /**
   * @param options.fieldManager owner of what is applied
   * @param options.kubeconfig path; undefined: as kubectl finds it, or the pod's service account
   */
  constructor(options: { fieldManager: string; kubeconfig?: string }) {
    this.#fieldManager = options.fieldManager;
    this.#http = new Http(new Credentials(options.kubeconfig));
  }

  get<T extends KubeObject>(ref: ObjectRef, { signal }: CallOptions = {}): Promise<T> {
    return this.#http.call({ method: "GET", path: objectPath(ref), signal });
  }

  /** One page of a list; `page.metadata.continue` leads to the next. */
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
   * Changes from a resource version on, until the server ends the watch.
   * @param timeoutSeconds after which the server ends it
   * @throws KubeError; reason Expired or Gone when the version is too old
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

  /** Server-side apply (KEP-555) of the fields we mean to own; unknown fields are refused. */
  apply<T extends KubeObject>(object: T, options: CallOptions & { force?: boolean } = {}): Promise<T> {
    return this.#patch<T>(
      objectPath(refOf(object)),
      object,
      APPLY_PATCH,
      { force: options.force ?? true },
      options,
    );
  }

  /** Server-side apply of the status subresource. */
  applyStatus<T extends KubeObject>(object: T, options: CallOptions = {}): Promise<T> {
    return this.#patch<T>(
      `${objectPath(refOf(object))}/status`,
      object,
      APPLY_PATCH,
      { force: true },
      options,
    );
  }

  /** JSON merge patch (RFC 7396). */
  mergePatch<T extends KubeObject>(ref: ObjectRef, patch: object, options: CallOptions = {}): Promise<T> {
    return this.#patch<T>(objectPath(ref), patch, MERGE_PATCH, {}, options);
  }

  create<T extends KubeObject>(object: T, { signal }: CallOptions = {}): Promise<T> {
    const { metadata } = object;
    return this.#http.call({
      method: "POST",
      path: collectionPath(object, metadata.namespace),
      query: this.#writing(),
      body: object,
      signal,
    });
  }

  /** Replaces an object; refused with Conflict when `metadata.resourceVersion` is not the current one. */
  update<T extends KubeObject>(object: T, { signal }: CallOptions = {}): Promise<T> {
    const path = objectPath(refOf(object));
    return this.#http.call({ method: "PUT", path, query: this.#writing(), body: object, signal });
  }

  /** @throws KubeError with reason Conflict when the object is not the one that `uid` names */
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

  /** Times to write are told by this one. */
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
      query: { ...this.#writing(), ...query },
      body,
      contentType,
      signal,
    });
  }

  #writing(): { fieldManager: string; fieldValidation: "Strict" } {
    return { fieldManager: this.#fieldManager, fieldValidation: "Strict" };
  }
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
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
