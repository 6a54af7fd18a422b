/** Names of checks that are kept apart, for each scenario: a name that holds an id is a new one each time. */
export const MAX_CHECKS = 1000;
/** What the others are counted as. */
export const OTHER_CHECKS = '(other checks)';
