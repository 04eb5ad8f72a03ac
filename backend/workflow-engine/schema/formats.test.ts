import { expect, test } from 'vitest';
import { formats } from './formats.ts';
import { cpuMs } from '../testing/cpu-ms.ts';

const good: Record<string, string[]> = {
  date: ['2024-02-29', '1999-12-31'],
  time: ['12:00:00Z', '23:59:60Z', '01:29:60+01:30', '10:05:08.25-07:00'],
  'date-time': ['2026-07-30T12:00:00Z', '2026-07-30t12:00:00.5z'],
  duration: ['P3D', 'PT5M', 'P1Y2M3DT4H5M6S', 'P2W'],
  email: ['ann@example.com', "o'neil+tag@mail.example.org"],
  hostname: ['example.com', 'a-b.c'],
  uri: ['https://example.com/a?b=c#d', 'urn:isbn:123', 'mailto:a@b.c', 'http://[::1]/'],
  'uri-reference': ['/a/b', '../c', '?x', '', '#part'],
  uuid: ['2eb8aa08-aa98-11ea-b4aa-73b441d16380', '2EB8AA08-AA98-11EA-B4AA-73B441D16380'],
  color: ['#fff', '#12ab', '#a1B2c3', '#a1b2c3d4'],
  ipv4: ['0.0.0.0', '192.168.1.255'],
  ipv6: ['::', '::1', '2001:db8::8a2e:370:7334', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8'],
  'json-pointer': ['', '/a/0', '/a~0b/~1'],
  regex: ['^a+$'],
};
const bad: Record<string, string[]> = {
  date: ['2023-02-29', '2024-13-01', '2024-1-1', '2024-01-01x', '２０２４-01-01'],
  time: ['12:00:00', '24:00:00Z', '12:00:60Z', '12:00:00+24:00', '12:00:00Z '],
  'date-time': ['2026-07-30 12:00:00Z', '2026-07-30', '2026-07-32T12:00:00Z'],
  duration: ['P', 'PT', 'P1DT', 'P1Y2D', '1D', 'P1W2D'],
  email: ['ann', 'ann@', '@example.com', 'a..b@example.com', 'ann@-x.com', `${'a'.repeat(65)}@b.c`],
  hostname: ['-a.com', 'a..b', 'a_b.com', `${'a'.repeat(64)}.com`, ''],
  uri: ['example.com', '/a/b', 'http://a b', 'http://a/%zz', ':x', '1http://a'],
  'uri-reference': ['a b', '%g0', '<x>'],
  uuid: ['2eb8aa08aa9811eab4aa73b441d16380', '2eb8aa08-aa98-11ea-b4aa-73b441d1638g', ''],
  color: ['fff', '#ff', '#fffff', '#ggg', 'red'],
  ipv4: ['1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4.5', '1.2.3.x'],
  ipv6: ['1::2::3', ':::', '12345::', '1:2:3:4:5:6:7', '1.2.3.4::', '::1%eth0'],
  'json-pointer': ['a', '/a~', '/~2'],
  regex: ['(', '(?=a)'],
};

test('19.6 every format is in both tables', () => {
  expect(Object.keys(good).sort()).toEqual([...formats.keys()].sort());
  expect(Object.keys(bad).sort()).toEqual([...formats.keys()].sort());
});

test.each(Object.entries(good).flatMap(([name, texts]) => texts.map((text) => [name, text] as const)))(
  '19.6 %s takes %j',
  (name, text) => {
    expect(formats.get(name)?.(text)).toBe(true);
  },
);

test.each(Object.entries(bad).flatMap(([name, texts]) => texts.map((text) => [name, text] as const)))(
  '19.6 %s refuses %j',
  (name, text) => {
    expect(formats.get(name)?.(text)).toBe(false);
  },
);

test('S4 long texts are judged in time that grows with their length only', () => {
  const texts = [
    'a'.repeat(1_000_000),
    `${'a.'.repeat(500_000)}@`,
    'a:'.repeat(500_000),
    '1'.repeat(1_000_000),
    `P${'1'.repeat(1_000_000)}`,
  ];
  const begun = cpuMs();
  for (const [name, check] of formats) {
    if (name !== 'regex') for (const text of texts) check(text);
  }
  expect(cpuMs() - begun).toBeLessThan(1500);
});
