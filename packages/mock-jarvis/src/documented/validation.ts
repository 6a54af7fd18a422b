import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from '@jarvis-load/engine/typebox';
import { Compile } from '@jarvis-load/engine/typebox/compile';
import { Convert } from '@jarvis-load/engine/typebox/value';

/**
 * Validates with the contract's TypeBox schemas. Values are converted only in query strings and path parameters, where
 * `limit=5` arrives as a string; a number in place of a string in the body is an error.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const isText = httpPart === 'querystring' || httpPart === 'params';
  return (data: unknown) => {
    // A header or query parser may pass objects without prototype.
    const value = isText ? Convert(schema, { ...(data as object) }) : data;
    if (validator.Check(value)) return { value };
    const [first] = validator.Errors(value);
    const path = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    const where = path === '' ? (httpPart ?? 'request') : path;
    return { error: new Error(`${where}: ${first?.message ?? 'is not valid'}`) };
  };
};
