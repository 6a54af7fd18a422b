/** Every answer up to this number is looked at, then each 64th: most tests log in first, and looking has a price. */
const ALL_OF_FIRST = 1000;
const SET_COOKIE = /^set-cookie:/im;
const COOKIE = /^cookie:/im;

/** Notices, in a thread of a run without `cookies`, that answers set cookies and requests without one are refused. */
export class UnkeptCookies {
  #answers = 0;
  #set = false;
  /** A request without a cookie was refused after an answer had set one. */
  missed = false;

  /**
   * @param head of the answer, of its fields
   * @param sent fields of the request
   * @param failed status of a request that failed, 0 of one that did not
   */
  answered(head: string, sent: string, failed: number): void {
    if (this.#set && (failed === 401 || failed === 403)) this.missed ||= !COOKIE.test(sent);
    if (this.#set || (++this.#answers > ALL_OF_FIRST && (this.#answers & 63) !== 0)) return;
    this.#set = SET_COOKIE.test(head);
  }
}
