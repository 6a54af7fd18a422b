/** Default of `openai.good`: a first token within 800 ms, and 99 % of the gaps between tokens below 200 ms. */
export const DEFAULT_GOOD = 'ttft < 800 ms and gap p99 < 200 ms';
