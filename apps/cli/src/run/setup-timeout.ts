/** Default of `--setup-timeout`: long enough for a login that waits for a rate limit of one minute and is then repeated. */
export const DEFAULT_SETUP_TIMEOUT_MS = 150_000;
