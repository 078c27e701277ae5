import { createHash } from "node:crypto";
import type { KubeObject } from "../api/kubernetes.ts";
import type { KubeClient } from "./client.ts";
import { KubeError } from "./errors.ts";
import { microTime } from "../common/times.ts";

/** `events.k8s.io/v1` Event, as far as it is written. */
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
  /** CamelCase. */
  reason: string;
  /** Cut after 1024 characters. */
  message: string;
}

/** The same event within this time counts up instead of filling the list. */
const SERIES_MILLISECONDS = 10 * 60_000;
const MAX_REMEMBERED = 4096;
/** The API server refuses a longer note (bytes). */
const MAX_NOTE_BYTES = 1024;

/** Writes events about objects; never fails its caller. */
export class EventRecorder {
  readonly #client: KubeClient;
  readonly #controller: string;
  readonly #instance: string;
  readonly #onError: (error: unknown) => void;
  /** By fingerprint, oldest first. */
  readonly #series = new Map<string, { event: Event; count: number; at: number }>();

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
      if (known !== undefined && now - known.at < SERIES_MILLISECONDS) await this.#countUp(known, now);
      else
        this.#remember(
          fingerprint,
          await this.#write(this.#build(regarding, { type, reason, message }, now)),
          now,
        );
    } catch (error) {
      this.#series.delete(fingerprint);
      this.#onError(error);
    }
  }

  /** A name that is there already is ours: a try before this one whose answer was lost. */
  async #write(event: Event): Promise<Event> {
    return this.#client.create(event).catch((error: unknown) => {
      if (error instanceof KubeError && error.reason === "AlreadyExists") return event;
      throw error;
    });
  }

  async #countUp(known: { event: Event; count: number; at: number }, now: number): Promise<void> {
    known.count += 1;
    known.at = now;
    const { apiVersion, kind, metadata } = known.event;
    const { name, namespace = "" } = metadata;
    const series = { count: known.count, lastObservedTime: microTime(new Date(now)) };
    await this.#client.mergePatch({ apiVersion, kind, name, namespace }, { series });
  }

  #remember(fingerprint: string, event: Event, at: number): void {
    this.#series.delete(fingerprint);
    this.#series.set(fingerprint, { event, count: 1, at });
    const [oldest] = this.#series.keys();
    if (this.#series.size > MAX_REMEMBERED && oldest !== undefined) this.#series.delete(oldest);
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
      note: cut(message),
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

/** The text, or its beginning and an ellipsis, in at most as many bytes of UTF-8 as a note may have. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= MAX_NOTE_BYTES) return text;
  const start = new TextDecoder().decode(Buffer.from(text).subarray(0, MAX_NOTE_BYTES - 3), { stream: true });
  return `${start}…`;
}
