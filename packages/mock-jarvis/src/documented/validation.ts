import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Convert } from 'typebox/value';

/**
 * Validates with the contract's own TypeBox schemas. Only query strings and path parameters are converted (`limit=5`
 * is a text); a number in the body where a text belongs is an error.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const isText = httpPart === 'querystring' || httpPart === 'params';
  return (data: unknown) => {
    // A header or query parser may hand over objects without prototype.
    const value = isText ? Convert(schema, { ...(data as object) }) : data;
    if (validator.Check(value)) return { value };
    const [first] = validator.Errors(value);
    const path = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    const where = path === '' ? (httpPart ?? 'request') : path;
    return { error: new Error(`${where}: ${first?.message ?? 'is not valid'}`) };
  };
};
