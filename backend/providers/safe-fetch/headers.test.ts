import { expect, test } from 'vitest';
import { crossOriginHeaders, outgoingHeaders, replyHeaders, withoutBodyHeaders } from './headers.ts';

test('headers that steer the connection or a proxy are not a workflow’s to set', () => {
  const sent = outgoingHeaders({
    Host: 'other',
    'Content-Length': '3',
    Connection: 'upgrade',
    Upgrade: 'h2c',
    'Transfer-Encoding': 'chunked',
    'Proxy-Authorization': 'x',
    TE: 'trailers',
    Expect: '100-continue',
    'Accept-Encoding': 'zstd',
    'X-Mine': 'kept',
  });
  expect(sent).toEqual({
    'user-agent': 'wfm',
    accept: '*/*',
    'x-mine': 'kept',
    'accept-encoding': 'gzip, deflate, br',
  });
});

test('a name or value that is not HTTP is dropped, so nothing can be smuggled into the request', () => {
  const sent = outgoingHeaders({
    'x a': '1',
    'x-b': 'a\r\nx-evil: 1',
    'x-c': '☂',
    '': 'x',
    'x-d': 'fine',
    ['__proto__']: 'x',
  });
  expect(Object.keys(sent).sort()).toEqual(['accept', 'accept-encoding', 'user-agent', 'x-d']);
});

test('only harmless headers follow to another origin', () => {
  const sent = outgoingHeaders({
    Authorization: 'a',
    Cookie: 'b',
    'X-Api-Key': 'c',
    Accept: 'text/html',
    'Content-Type': 'a/b',
  });
  expect(crossOriginHeaders(sent)).toEqual({
    'user-agent': 'wfm',
    accept: 'text/html',
    'content-type': 'a/b',
    'accept-encoding': 'gzip, deflate, br',
  });
});

test('a request that lost its body loses what described it', () => {
  expect(withoutBodyHeaders({ 'content-type': 'a/b', 'content-language': 'en', accept: '*/*' })).toEqual({
    accept: '*/*',
  });
});

test('reply headers are plain text', () => {
  const plain = replyHeaders({ 'Set-Cookie': ['a=1', 'b=2'], Age: '1', gone: undefined, ['__proto__']: 'x' });
  expect(plain).toEqual({ 'set-cookie': 'a=1, b=2', age: '1' });
});
