import { type ErrorCode, type ErrorItem, isWfmError, WfmError } from '../../../errors/index.ts';
import { limits } from '../../../models/limits.ts';
import { compileSafeRegex } from '../../../schema/index.ts';
import {
  accumulatorNames,
  conditionNames,
  expressionNames,
  forbiddenNames,
  junctionNames,
  stageNames,
} from './pipeline-names.ts';

type Fields = Record<string, unknown>;

/**
 * Throws unless `pipeline` uses only the stages and operators of format.md 14.8, in places where they belong. A text
 * that holds a template stands for any value, so a definition can be checked before it runs.
 *
 * @param place where the pipeline stands, put before every path: `inputs.pipeline`
 * @throws WfmError `pipeline_stage_refused`, `pipeline_operator_refused`, `pipeline_limit`, `regex_invalid`,
 *   `regex_unsupported`, `regex_limit`, `json_too_deep`, `input_invalid`; `errors` lists every fault
 */
export function checkPipeline(pipeline: unknown, place: string): void {
  const checker = new Checker();
  checker.pipeline(pipeline, place);
  const [first] = checker.faults;
  if (first)
    throw new WfmError(first.code, first.message, { params: first.params, place: first.path, errors: checker.faults });
}

const mostFaults = 50;
const isTemplate = (value: unknown): boolean =>
  typeof value === 'string' && (value.includes('{{') || value.includes('{%'));
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => isTemplate(value) || (Number.isInteger(value) && (value as number) >= 0);
const operatorsIn = (value: Fields): string[] => Object.keys(value).filter((key) => key.startsWith('$'));

class Checker {
  readonly faults: ErrorItem[] = [];
  #stages = 0;

  pipeline(pipeline: unknown, place: string): void {
    if (isTemplate(pipeline)) return;
    if (!Array.isArray(pipeline)) return this.#report('input_invalid', place, 'A pipeline is a list of stages.');
    this.#stages += pipeline.length;
    if (this.#stages > limits.pipelineStages) {
      const params = { what: 'stages', limit: limits.pipelineStages, actual: this.#stages };
      return this.#report(
        'pipeline_limit',
        place,
        `A pipeline may have at most ${limits.pipelineStages} stages, counting those inside $facet.`,
        params,
      );
    }
    for (const [index, stage] of pipeline.entries()) this.#stage(stage, `${place}[${index}]`);
  }

  #stage(stage: unknown, place: string): void {
    if (isTemplate(stage)) return;
    const keys = isObject(stage) ? Object.keys(stage) : [];
    const [name = ''] = keys;
    if (keys.length !== 1 || !isObject(stage)) {
      return this.#report('pipeline_stage_refused', place, 'A stage is an object with exactly one key, its name.', {
        stage: keys.slice(0, 5),
      });
    }
    const at = `${place}.${name}`;
    if (!stageNames.has(name))
      return this.#report('pipeline_stage_refused', at, `The stage ${name} is not allowed.`, { stage: name });
    if (!isTemplate(stage[name])) this.#spec(name, stage[name], at);
  }

  #spec(name: string, spec: unknown, at: string): void {
    switch (name) {
      case '$match':
        return this.#query(spec, at);
      case '$project':
      case '$addFields':
      case '$set':
        return this.#fields(spec, at, (value, place) => this.#expression(value, place));
      case '$group':
        return this.#group(spec, at);
      case '$bucket':
      case '$bucketAuto':
        return this.#bucket(name, spec, at);
      case '$sortByCount':
      case '$replaceWith':
        return this.#expression(spec, at);
      case '$replaceRoot':
        if (this.#insist(isObject(spec), at, 'needs an object with newRoot'))
          this.#expression((spec as Fields)['newRoot'], `${at}.newRoot`);
        return;
      case '$facet':
        return this.#fields(spec, at, (value, place) => this.pipeline(value, place));
      case '$sort':
        return this.#fields(spec, at, (value, place) =>
          this.#insist(value === 1 || value === -1 || isTemplate(value), place, 'is 1 or -1'),
        );
      case '$limit':
      case '$skip':
        this.#insist(isCount(spec), at, 'is a whole number of 0 or more');
        return;
      case '$sample':
        this.#insist(isObject(spec) && isCount(spec['size']), at, 'needs { size: whole number }');
        return;
      case '$count':
        if (this.#insist(typeof spec === 'string' && spec !== '', at, 'names a field')) this.#path(spec as string, at);
        return;
      case '$unset':
        return this.#unset(spec, at);
      default:
        return this.#unwind(spec, at);
    }
  }

  #unset(spec: unknown, at: string): void {
    for (const path of [spec].flat())
      if (this.#insist(typeof path === 'string' && path !== '', at, 'names one field or a list of fields'))
        this.#path(path as string, at);
  }

  #unwind(spec: unknown, at: string): void {
    const path: unknown = isObject(spec) ? spec['path'] : spec;
    if (isTemplate(path)) return;
    const named = typeof path === 'string' && path.length > 1 && path.startsWith('$') && !path.startsWith('$$');
    if (!this.#insist(named, at, 'needs the path of a field, beginning with $')) return;
    this.#path((path as string).slice(1), at);
    const index = isObject(spec) ? spec['includeArrayIndex'] : undefined;
    if (index !== undefined && this.#insist(typeof index === 'string', `${at}.includeArrayIndex`, 'names a field'))
      this.#path(index as string, `${at}.includeArrayIndex`);
  }

  #group(spec: unknown, at: string): void {
    if (!this.#insist(isObject(spec) && Object.hasOwn(spec, '_id'), at, 'needs an object with _id')) return;
    const { _id, ...fields } = spec as Fields;
    this.#expression(_id, `${at}._id`);
    this.#accumulators(fields, at);
  }

  #bucket(name: string, spec: unknown, at: string): void {
    if (!this.#insist(isObject(spec), at, 'needs an object with groupBy')) return;
    const { groupBy, output, boundaries, buckets, granularity } = spec as Fields;
    this.#expression(groupBy, `${at}.groupBy`);
    if (output !== undefined) this.#accumulators(output, `${at}.output`);
    if (name === '$bucket')
      this.#insist(
        isTemplate(boundaries) || (Array.isArray(boundaries) && boundaries.length > 1),
        `${at}.boundaries`,
        'is a list of two or more values',
      );
    else this.#insist(isCount(buckets) && buckets !== 0, `${at}.buckets`, 'is a whole number above 0');
    if (granularity !== undefined) this.#insist(false, `${at}.granularity`, 'is not supported');
  }

  #accumulators(spec: unknown, at: string): void {
    this.#fields(spec, at, (value, place) => {
      if (isTemplate(value)) return;
      const keys = isObject(value) ? Object.keys(value) : [];
      const [name = ''] = keys;
      if (keys.length !== 1 || !name.startsWith('$'))
        this.#insist(false, place, 'needs one accumulator such as { $sum: 1 }');
      else if (!accumulatorNames.has(name)) this.#refuse(name, `${place}.${name}`);
      else this.#expression((value as Fields)[name], `${place}.${name}`);
    });
  }

  /** An object whose keys are fields of a document. */
  #fields(spec: unknown, at: string, each: (value: unknown, place: string) => void): void {
    if (!this.#insist(isObject(spec), at, 'needs an object')) return;
    for (const [key, value] of Object.entries(spec as Fields)) {
      const place = `${at}.${key}`;
      if (key.startsWith('$')) this.#refuse(key, place);
      else {
        this.#path(key, place);
        each(value, place);
      }
    }
  }

  #expression(value: unknown, at: string, depth = 0): void {
    if (!this.#shallow(depth, at)) return;
    if (typeof value === 'string' && value.startsWith('$')) return this.#path(value.replace(/^\$+/, ''), at);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.#expression(item, `${at}[${index}]`, depth + 1);
    }
    if (!isObject(value)) return;
    const [operator] = operatorsIn(value);
    if (operator !== undefined) {
      const place = `${at}.${operator}`;
      if (Object.keys(value).length !== 1 || !expressionNames.has(operator)) return this.#refuse(operator, place);
      return operator === '$literal'
        ? this.#literal(value[operator], place, depth)
        : this.#expression(value[operator], place, depth + 1);
    }
    for (const [key, item] of Object.entries(value)) {
      this.#path(key, `${at}.${key}`);
      this.#expression(item, `${at}.${key}`, depth + 1);
    }
  }

  /** Plain data: nothing in it is read as an operator, but it becomes part of documents. */
  #literal(value: unknown, at: string, depth: number): void {
    if (!this.#shallow(depth, at) || typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (forbiddenNames.has(key)) this.#refuse(key, `${at}.${key}`);
      else this.#literal(item, `${at}.${key}`, depth + 1);
    }
  }

  #query(query: unknown, at: string, depth = 0): void {
    if (!this.#shallow(depth, at) || isTemplate(query)) return;
    if (!this.#insist(isObject(query), at, 'needs an object of conditions')) return;
    for (const [key, value] of Object.entries(query as Fields)) {
      const place = `${at}.${key}`;
      if (junctionNames.has(key)) {
        if (!this.#insist(Array.isArray(value), place, 'is a list of conditions')) continue;
        for (const [index, part] of (value as unknown[]).entries()) this.#query(part, `${place}[${index}]`, depth + 1);
      } else if (key === '$expr') this.#expression(value, place, depth + 1);
      else if (key.startsWith('$')) this.#refuse(key, place);
      else {
        this.#path(key, place);
        this.#condition(value, place, depth + 1);
      }
    }
  }

  #condition(condition: unknown, at: string, depth: number): void {
    if (!this.#shallow(depth, at)) return;
    if (!isObject(condition) || operatorsIn(condition).length === 0) return this.#literal(condition, at, depth);
    for (const [name, value] of Object.entries(condition)) {
      const place = `${at}.${name}`;
      if (!conditionNames.has(name)) this.#refuse(name, place);
      else if (name === '$not') this.#condition(value, place, depth + 1);
      else if (name === '$elemMatch') this.#elements(value, place, depth + 1);
      else if (name === '$regex') this.#regex(value, condition['$options'], place);
      else if (name === '$options') this.#insist(Object.hasOwn(condition, '$regex'), place, 'belongs to $regex');
      else if (name === '$all' && Array.isArray(value)) {
        for (const [index, item] of value.entries()) this.#condition(item, `${place}[${index}]`, depth + 1);
      } else this.#values(name, value, place, depth);
    }
  }

  #values(name: string, value: unknown, at: string, depth: number): void {
    if (name === '$in' || name === '$nin' || name === '$all')
      this.#insist(Array.isArray(value) || isTemplate(value), at, 'is a list');
    this.#literal(value, at, depth);
  }

  #elements(value: unknown, at: string, depth: number): void {
    const plain = isObject(value) && operatorsIn(value).some((name) => conditionNames.has(name));
    if (plain) this.#condition(value, at, depth);
    else this.#query(value, at, depth);
  }

  #regex(source: unknown, options: unknown, at: string): void {
    if (isTemplate(source)) return;
    const sound = typeof source === 'string' && (options === undefined || typeof options === 'string');
    if (!this.#insist(sound, at, 'and $options are texts')) return;
    try {
      compileSafeRegex(source as string, at, options as string | undefined);
    } catch (thrown) {
      if (!isWfmError(thrown)) throw thrown;
      this.#report(thrown.code, at, thrown.message, thrown.params);
    }
  }

  #path(path: string, at: string): void {
    const bad = path.split('.').find((segment) => forbiddenNames.has(segment) || segment.startsWith('$'));
    if (bad !== undefined) this.#refuse(bad, at);
  }

  #shallow(depth: number, at: string): boolean {
    if (depth <= limits.jsonDepth) return true;
    this.#report('json_too_deep', at.slice(0, 200), `The pipeline is nested more than ${limits.jsonDepth} deep.`, {
      limit: limits.jsonDepth,
    });
    return false;
  }

  #insist(holds: boolean, at: string, what: string): boolean {
    if (!holds) this.#report('input_invalid', at, `In the pipeline, ${at} ${what}.`);
    return holds;
  }

  #refuse(operator: string, at: string): void {
    this.#report('pipeline_operator_refused', at, `The pipeline may not use "${operator}" here.`, { operator });
  }

  #report(code: ErrorCode, path: string, message: string, params: Record<string, unknown> = {}): void {
    if (this.faults.length < mostFaults) this.faults.push({ path, code, params, message });
  }
}
