/** `name=value` in a call. */
export interface Keyword<T> {
  readonly name: string;
  readonly value: T;
}

/** What a filter or a method takes: names in order, of which the first `required` must be given. */
export interface Parameters {
  readonly params: readonly string[];
  readonly required: number;
}

/**
 * Puts positional and keyword arguments into the order of the parameters; undefined where none was given. Gives a
 * sentence instead when they do not fit. `what` names the callee in it.
 */
export function bindArguments<T>(
  what: string,
  signature: Parameters,
  args: readonly T[],
  keywords: readonly Keyword<T>[],
): (T | undefined)[] | string {
  const { params, required } = signature;
  if (args.length > params.length) {
    return `${what} takes ${params.length === 0 ? 'no' : `at most ${params.length}`} arguments, not ${args.length}`;
  }
  const bound: (T | undefined)[] = params.map((_, index) => args[index]);
  for (const { name, value } of keywords) {
    const index = params.indexOf(name);
    if (index === -1) return `${what} takes no argument "${name}"`;
    if (index < args.length) return `${what} is given "${name}" twice`;
    bound[index] = value;
  }
  const missing = params.findIndex((name, index) => index < required && !isGiven(name, index, args, keywords));
  return missing === -1 ? bound : `${what} needs the argument "${params[missing]}"`;
}

function isGiven<T>(name: string, index: number, args: readonly T[], keywords: readonly Keyword<T>[]): boolean {
  return index < args.length || keywords.some((keyword) => keyword.name === name);
}
