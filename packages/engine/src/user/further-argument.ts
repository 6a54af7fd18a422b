/** Where what scenario code passes after the last argument of a method belongs. */
const PLACES = {
  request:
    'all of a request in one object, such as user.request({ operation: ..., json: ..., headers: ... })',
  stream: 'all of a request in one object, such as user.stream({ operation: ..., json: ..., headers: ... })',
  open: 'all of a request in one object, such as user.open({ operation: ..., headers: ... })',
  check:
    'an answer and an object of functions; checks have no tags: put what tells them apart into their names',
  random: 'none: it draws from 0 up to 1; Math.floor(user.random() * 6) + 1 is a whole number from 1 to 6',
} as const;

/**
 * What is wrong with a call of a user that has an argument too many, which would be ignored. Continues "the scenario ...", without
 * its full stop. In plain code: k6 uses it, too.
 */
export function furtherArgument(method: keyof typeof PLACES): string {
  return `calls user.${method} with an argument too many; expected ${PLACES[method]}`;
}
