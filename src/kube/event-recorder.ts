import { createHash } from "node:crypto";
import type { KubeObject } from "../api/kubernetes.ts";
import { microTime } from "../common/times.ts";
import type { KubeClient } from "./client.ts";
import { KubeError } from "./errors.ts";

/** Fields of an `events.k8s.io/v1` Event that the recorder writes. */
interface Event extends KubeObject {
  eventTime: string;
  reportingController: string;
  reportingInstance: string;
  action: string;
  reason: string;
  note: string;
  type: "Normal" | "Warning";
  regarding: {
    apiVersion: string;
    kind: string;
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
  };
  series?: { count: number; lastObservedTime: string };
}

export interface EventToRecord {
  type: "Normal" | "Warning";
  /** Event reason in UpperCamelCase. */
  reason: string;
  /** Event text, truncated to 1024 bytes. */
  message: string;
}

/**
 * Time in milliseconds within which a repeated event increases the count of its series. After this time, the recorder
 * creates another Event.
 */
const SERIES_MILLISECONDS = 10 * 60_000;
const MAX_SERIES = 4096;
/** Maximum length of `note` in bytes, as enforced by the API server. */
const MAX_NOTE_BYTES = 1024;

interface Series {
  event: Event;
  count: number;
  /** Time of the last occurrence in milliseconds since the epoch. */
  at: number;
}

/** Writes Kubernetes Events about objects. Passes failures to `onError`, never to the calling function. */
export class EventRecorder {
  readonly #client: KubeClient;
  readonly #controller: string;
  readonly #instance: string;
  readonly #onError: (error: unknown) => void;
  /** Recorded series, keyed by fingerprint, oldest first. */
  readonly #series = new Map<string, Series>();

  constructor(options: {
    client: KubeClient;
    controller: string;
    instance: string;
    onError: (error: unknown) => void;
  }) {
    this.#client = options.client;
    this.#controller = options.controller;
    this.#instance = options.instance;
    this.#onError = options.onError;
  }

  async record(regarding: KubeObject, { type, reason, message }: EventToRecord): Promise<void> {
    const fingerprint = [regarding.metadata.uid, type, reason, message].join("\0");
    const now = this.#client.clock.now().getTime();
    const known = this.#series.get(fingerprint);
    try {
      if (known !== undefined && now - known.at < SERIES_MILLISECONDS) await this.#increment(known, now);
      else {
        const event = await this.#create(this.#build(regarding, { type, reason, message }, now));
        this.#remember(fingerprint, { event, count: 1, at: now });
      }
    } catch (error) {
      this.#series.delete(fingerprint);
      this.#onError(error);
    }
  }

  /** Creates an Event. The error `AlreadyExists` means that an earlier attempt succeeded but its response was lost. */
  async #create(event: Event): Promise<Event> {
    return this.#client.create(event).catch((error: unknown) => {
      if (error instanceof KubeError && error.reason === "AlreadyExists") return event;
      throw error;
    });
  }

  async #increment(known: Series, now: number): Promise<void> {
    known.count += 1;
    known.at = now;
    const { apiVersion, kind, metadata } = known.event;
    const { name, namespace = "" } = metadata;
    const series = { count: known.count, lastObservedTime: microTime(new Date(now)) };
    await this.#client.mergePatch({ apiVersion, kind, name, namespace }, { series });
  }

  #remember(fingerprint: string, series: Series): void {
    this.#series.delete(fingerprint);
    this.#series.set(fingerprint, series);
    const [oldest] = this.#series.keys();
    if (this.#series.size > MAX_SERIES && oldest !== undefined) this.#series.delete(oldest);
  }

  #build(regarding: KubeObject, { type, reason, message }: EventToRecord, now: number): Event {
    const { apiVersion, kind, metadata } = regarding;
    const { name, namespace, uid, resourceVersion } = metadata;
    const id = createHash("sha256").update(`${uid} ${reason} ${message} ${now}`).digest("hex").slice(0, 16);
    return {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: `${name}.${id}`, namespace: namespace ?? "default" },
      eventTime: microTime(new Date(now)),
      reportingController: this.#controller,
      reportingInstance: this.#instance,
      action: "Reconcile",
      reason,
      note: truncate(message),
      type,
      regarding: {
        apiVersion,
        kind,
        name,
        ...(namespace !== undefined && { namespace }),
        ...(uid !== undefined && { uid }),
        ...(resourceVersion !== undefined && { resourceVersion }),
      },
    };
  }
}

/** Truncates a text that exceeds the maximum length of `note`, and adds an ellipsis. */
function truncate(text: string): string {
  if (Buffer.byteLength(text) <= MAX_NOTE_BYTES) return text;
  const start = new TextDecoder().decode(Buffer.from(text).subarray(0, MAX_NOTE_BYTES - 3), { stream: true });
  return `${start}…`;
}
