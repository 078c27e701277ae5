/** What the engine's pods look like inside; the engine's config and the pod template must agree on it. */

/** Above 1023, as the engine has no capability; clients see the Service's port. */
export const CONTAINER_CONTROL_PORT = 2121;
export const CONTAINER_METRICS_PORT = 8080;
export const ENGINE_CONTAINER = "engine";
export const ENGINE_CONFIG_DIRECTORY = "/etc/ftp-operator/engine";
export const ENGINE_CONFIG_KEY = "engine.json";
export const STORAGE_PATH = "/srv/ftp";
