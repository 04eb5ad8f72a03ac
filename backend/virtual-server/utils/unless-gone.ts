import type { FastifyReply } from 'fastify';

/** Answers, unless nobody is there any more to hear why there is no answer: then there is nothing to log either. */
export async function unlessGone(
  reply: FastifyReply,
  gone: AbortSignal,
  answer: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await answer();
  } catch (error) {
    if (!gone.aborted) throw error;
    reply.hijack();
    return reply;
  }
}
