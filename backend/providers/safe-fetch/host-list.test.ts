import { expect, test } from 'vitest';
import { entriesFor, parseHostList } from './host-list.ts';

test('entries are hosts with or without a port, in one spelling', () => {
  expect(parseHostList(['Example.COM', ' intranet:8081 ', '[::1]:9000', '127.1', 'bücher.example.', ''])).toEqual([
    { host: 'example.com' },
    { host: 'intranet', port: 8081 },
    { host: '[::1]', port: 9000 },
    { host: '127.0.0.1' },
    { host: 'xn--bcher-kva.example' },
  ]);
});

test.each([
  'http://example.com',
  'example.com/path',
  'a b',
  'user@host',
  'host:0',
  'host:65536',
  'host:port',
  '::1',
  '[zz]',
  'a\\b',
])('an entry that is no host stops the start: %s', (entry) => {
  expect(() => parseHostList([entry])).toThrow(TypeError);
});

test('an entry without a port is about every port, one with a port about that alone', () => {
  const list = parseHostList(['a.example', 'b.example:8081', 'c.example:443']);
  const count = (url: string) => entriesFor(list, new URL(url)).length;
  expect(count('http://a.example:1234/')).toBe(1);
  expect(count('http://A.example./x')).toBe(1);
  expect(count('http://b.example:8081/')).toBe(1);
  expect(count('http://b.example/')).toBe(0);
  expect(count('https://c.example/')).toBe(1);
  expect(count('http://c.example/')).toBe(0);
  expect(count('http://sub.a.example/')).toBe(0);
});
