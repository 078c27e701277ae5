/** What the engine's pods look like inside; the engine's config and the pod template must agree on it. */

export const ENGINE_CONTAINER = "engine";
export const ENGINE_CONFIG_DIRECTORY = "/etc/ftp-operator/engine";
export const ENGINE_CONFIG_KEY = "engine.json";
export const TLS_DIRECTORY = "/etc/ftp-operator/tls";
export const CLIENT_AUTHORITIES_DIRECTORY = "/etc/ftp-operator/client-authorities";
export const STORAGE_PATH = "/srv/ftp";
