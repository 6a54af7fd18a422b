import { Type } from '@jarvis-load/engine/typebox';

/** RFC 3339, UTC. */
export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' });
/** A non-empty string. */
export const Filled = (description: string) => Type.String({ minLength: 1, description });
/** A duration in milliseconds. */
export const Milliseconds = (description: string) => Type.Number({ minimum: 0, description });
/** Path parameter `id`. */
export const IdParams = Type.Object({ id: Filled('Conversation id') });
/** Author of a message. */
export const Role = Type.Union([Type.Literal('user'), Type.Literal('assistant'), Type.Literal('system')]);
