import type { FastifyReply } from 'fastify';

/** Sends the head of an answer that was hijacked, with the headers that hooks have set, such as those of CORS and rate limits. */
export function writeHead(
  reply: FastifyReply,
  status: number,
  headers: Readonly<Record<string, string | number>>,
): void {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(status, headers);
}
