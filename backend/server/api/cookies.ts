import { accessTokenSeconds, refreshCookie, sessionCookie } from '@wfm/http';
import type { FastifyReply } from 'fastify';
import { refreshDays, type SessionTokens } from '../utils/sessions.ts';

interface CookieSettings {
  cookieDomain?: string | undefined;
}

/** Cookies of a session: for scripts unreadable, for other sites useless, and Secure wherever the page is. */
export function setSessionCookies(reply: FastifyReply, tokens: SessionTokens, settings: CookieSettings): void {
  const common = attributes(reply, settings);
  void reply
    .setCookie(sessionCookie, tokens.access, { ...common, path: '/', maxAge: accessTokenSeconds })
    .setCookie(refreshCookie, tokens.refresh, { ...common, path: '/auth', maxAge: refreshDays * 86_400 });
}

/** With the same attributes as they were set with, or a browser keeps them. */
export function clearSessionCookies(reply: FastifyReply, settings: CookieSettings): void {
  const common = attributes(reply, settings);
  void reply
    .clearCookie(sessionCookie, { ...common, path: '/' })
    .clearCookie(refreshCookie, { ...common, path: '/auth' });
}

function attributes(reply: FastifyReply, { cookieDomain }: CookieSettings) {
  const secure = cookieDomain !== undefined || reply.request.protocol === 'https';
  return {
    httpOnly: true,
    sameSite: 'lax' as const,
    secure,
    ...(cookieDomain === undefined ? {} : { domain: cookieDomain }),
  };
}
