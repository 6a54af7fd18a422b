import { encodeUtf8 } from '../k6/encode-utf8.ts';

/** Globals that k6 lacks, for code of a bundle: esbuild puts these in their place. */
export { FileUrl as URL } from './file-url.ts';

/** As of the Encoding Standard, for what libraries do when they are loaded. */
export class TextEncoder {
  encode(text = ''): Uint8Array {
    return encodeUtf8(text);
  }
}
