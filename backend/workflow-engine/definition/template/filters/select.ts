import { limits } from '../../../models/limits.ts';
import { bindArguments, type Keyword } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { jsonText, print } from '../print.ts';
import type { Run } from '../run.ts';
import { findTest } from '../tests.ts';
import { attributeReader } from './attribute.ts';
import { type Filter, filter, integerOf, itemsOf } from './filter.ts';
import { formatText } from './printf.ts';

type Predicate = (value: unknown) => boolean;

/** The test that `select('odd')` names, with its argument; truth when none is named. */
function predicateOf(run: Run, args: readonly unknown[]): Predicate {
  const [name, argument] = args;
  if (name === undefined) return (value) => isTrue(run, value);
  const test = typeof name === 'string' ? findTest(name) : undefined;
  if (!test) return run.throwError('filter_unknown', `There is no test "${print(run, name).slice(0, 100)}"`);
  if (args.length !== (test.takesArgument ? 2 : 1)) {
    return run.fail(`The test "${test.name}" takes ${test.takesArgument ? 'one argument' : 'no argument'}`);
  }
  return (value) => test.apply(run, value, argument);
}

function free(
  name: string,
  required: number,
  names: Filter['names'],
  apply: (run: Run, value: unknown, args: readonly unknown[], keywords: readonly Keyword<unknown>[]) => unknown,
): Filter {
  const base = { name, params: [], required, free: true, apply };
  return names ? { ...base, names } : base;
}

function selecting(name: string, keeps: boolean): Filter {
  return free(name, 0, { kind: 'test', at: 0 }, (run, value, args) => {
    const matches = predicateOf(run, args);
    return itemsOf(run, value).filter((item) => matches(item) === keeps);
  });
}

function selectingByAttribute(name: string, keeps: boolean): Filter {
  return free(name, 1, { kind: 'test', at: 1 }, (run, value, args) => {
    const read = attributeReader(run, args[0], { reports: false });
    const matches = predicateOf(run, args.slice(1));
    return itemsOf(run, value).filter((item) => matches(read(item)) === keeps);
  });
}

/** `map(attribute='x', default=d)` or `map('filter', …)` with the filter's own arguments. */
function mapping(findFilter: (name: string) => Filter | undefined): Filter {
  return free('map', 0, { kind: 'filter', at: 0 }, (run, value, args, keywords) => {
    const items = itemsOf(run, value);
    const [name, ...rest] = args;
    if (name === undefined) {
      const attribute = keywords.find((keyword) => keyword.name === 'attribute')?.value;
      if (attribute === undefined) return run.fail('map needs the name of a filter, or attribute=');
      const fallback = keywords.find((keyword) => keyword.name === 'default')?.value;
      return items.map(attributeReader(run, attribute, { fallback }));
    }
    const inner = typeof name === 'string' ? findFilter(name) : undefined;
    if (!inner) return run.throwError('filter_unknown', `There is no filter "${print(run, name).slice(0, 100)}"`);
    // A filter that names a filter that names a filter: each takes one argument away.
    if (rest.length > limits.templateDepth) run.over('arguments of map', limits.templateDepth, rest.length);
    if (inner.free) return items.map((item) => inner.apply(run, item, rest, keywords));
    const bound = bindArguments(`The filter "${inner.name}"`, inner, rest, keywords);
    if (typeof bound === 'string') return run.fail(bound);
    return items.map((item) => {
      run.charge(1);
      return inner.apply(run, item, bound, []);
    });
  });
}

function defaulting(name: string): Filter {
  const filterOf = free(name, 0, undefined, (run, value, args, keywords) => {
    const given = (index: number, keyword: string): readonly unknown[] =>
      index < args.length ? [args[index]] : keywords.filter((one) => one.name === keyword).map((one) => one.value);
    const isMissing = value === undefined || (isTrue(run, given(1, 'boolean')[0]) && !isTrue(run, value));
    if (!isMissing) return value;
    const fallback = given(0, 'default_value');
    return fallback.length === 0 ? '' : fallback[0];
  });
  return { ...filterOf, asksPresence: true };
}

function toJson(run: Run, value: unknown, [indent]: readonly unknown[]): string {
  const width = integerOf(run, indent, 'indent', 0);
  if (width < 0 || width > 16) run.fail('"indent" of tojson must be between 0 and 16');
  return jsonText(run, value, ' '.repeat(width));
}

/** Filters of format.md 6.2 that work with other filters, tests or any value. */
export function generalFilters(findFilter: (name: string) => Filter | undefined): Filter[] {
  return [
    defaulting('d'),
    defaulting('default'),
    free('format', 0, undefined, (run, value, args, keywords) => formatText(run, print(run, value), args, keywords)),
    mapping(findFilter),
    filter('pprint', ['verbose'], (run, value) => jsonText(run, value, '  ')),
    selecting('reject', false),
    selectingByAttribute('rejectattr', false),
    selecting('select', true),
    selectingByAttribute('selectattr', true),
    filter('tojson', ['indent'], toJson),
  ];
}
