/** What server and page keep of a run: the copy of the page equals the state of the server after any event. */
export const MOST_LOG_LINES = 500;
/** Older marks go first. */
export const MOST_MARKS = 200;
