const EXTENSION =
  /\.(css|m?js|map|png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wav|m4a|wasm|webmanifest)$/i;
const MIME_TYPE =
  /^(image|font|audio|video)\/|^(text|application)\/(x-)?(css|javascript|ecmascript)\b|^application\/(wasm|font-\S+|manifest\+json)\b/i;
const RESOURCE_TYPES = new Set(['stylesheet', 'script', 'image', 'font', 'media', 'texttrack', 'manifest']);

/**
 * Whether a request only fetches a file that a page shows.
 *
 * @param resourceType as Chromium records it; empty: not known
 */
export function isStaticAsset(method: string, path: string, mimeType: string, resourceType: string): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (RESOURCE_TYPES.has(resourceType)) return true;
  if (['xhr', 'fetch', 'document'].includes(resourceType)) return false;
  return MIME_TYPE.test(mimeType) || EXTENSION.test(path);
}
