import { EngineError } from '../errors.ts';
import { shownAddress } from '../secrets/shown-address.ts';
import { show } from '../show.ts';

/** The parts of a target's base URL. */
export interface TargetAddress {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path before every path; no slash at its end. */
  readonly pathPrefix: string;
}

/** @param option for error messages @throws EngineError `invalid-option` */
export function parseBaseUrl(baseUrl: string, option = 'baseUrl'): TargetAddress {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    // Without the error of the parser as its cause: that has the whole text as a property.
    throw new EngineError(
      'invalid-option',
      `${option} is ${show(shownAddress(baseUrl))}; expected a URL such as http://127.0.0.1:8100.`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new EngineError(
      'invalid-option',
      `${option} has scheme "${url.protocol}"; expected http: or https:, such as http://127.0.0.1:8100.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new EngineError(
      'invalid-option',
      `${option} contains credentials; expected none: give them to the scenario, or send a header.`,
    );
  }
  // Request paths are appended to the prefix, so a query of the base URL could not be sent.
  if (/[?#]/.test(baseUrl)) {
    throw new EngineError(
      'invalid-option',
      `${option} is ${show(shownAddress(baseUrl))} with a ${baseUrl.includes('?') ? 'query' : 'fragment'}; expected neither query nor fragment: give a query to each request as part of its path.`,
    );
  }
  return { origin: url.origin, pathPrefix: url.pathname.replace(/\/+$/, '') };
}
