export type { OperationContract } from './contract.ts';
export * as documented from './documented.ts';
export * as core from './core.ts';
export { documentedContract } from './documented.ts';
export { coreContract } from './core.ts';
export {
  CoreUnauthorizedError,
  DocumentedError,
  DocumentedRateLimitError,
  OlderDocumentedError,
} from './errors.ts';
export { SocketChatResponse, SocketClientMessage, SocketResponse } from './websocket.ts';
