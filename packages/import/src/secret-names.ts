import { isSecretName } from '@jarvis-load/engine';

/** Beyond those of the engine: a test file is kept and shared, so that what may be a secret is moved out of it. */
const OTHER_SECRET_NAME =
  /^(x[_-])?(api|app|access|auth|private|subscription|functions)[_-]?(key|token|secret)s?$|(^|[_-])(sig|signature|otp|pin|cvc|cvv)$|^(x-auth|key|auth|ocp-apim-subscription-key)$|(^|[_-])pass(word|wd|phrase)?[_-]?(\d+|confirm(ation)?|repeat(ed)?|again)$/i;
/** Secrets that may be numbers; `key` and `auth` are words for other numbers, too. */
const SECRET_NUMBER_NAME = /(^|[_-])(otp|pin|cvc|cvv)$/i;

/** `password` of `user[password]`, `login.password` and `wsse:password`. */
function lastPart(name: string): string {
  return name.split(/[.:[\]]+/).findLast((part) => part !== '') ?? name;
}

function wordsApart(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1_$2');
}

/** Whether the engine takes a field, header or parameter of this name for a secret. */
export function namesKnownSecret(name: string): boolean {
  return isSecretName(lastPart(name));
}

/** Whether a field, header or query parameter of this name may hold a secret. */
export function namesSecret(name: string): boolean {
  return namesKnownSecret(name) || OTHER_SECRET_NAME.test(wordsApart(lastPart(name)));
}

/** Whether a field of this name may hold a secret where its value is a number. */
export function namesSecretNumber(name: string): boolean {
  return namesKnownSecret(name) || SECRET_NUMBER_NAME.test(wordsApart(lastPart(name)));
}
