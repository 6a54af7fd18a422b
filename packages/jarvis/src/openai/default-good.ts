/** When an answer is good unless told otherwise: the first words soon, and no pause that people notice. */
export const DEFAULT_GOOD = 'ttft < 800 ms and gap p99 < 200 ms';
