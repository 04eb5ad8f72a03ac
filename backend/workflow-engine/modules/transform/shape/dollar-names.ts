/** The name that a template reads `$name` by: `_name`. Other names stay as they are (format.md 14.4). */
export function variableName(name: string): string {
  return name.startsWith('$') ? `_${name.slice(1)}` : name;
}

/**
 * Writes `$name` inside the delimiters of a template as `_name`; texts in quotes and everything outside delimiters are
 * left alone, so that a price stays a price. One pass over the source.
 */
export function replaceDollarNames(source: string): string {
  if (!source.includes('$')) return source;
  let result = '';
  let inside = false;
  let quote = '';
  for (let at = 0; at < source.length; at++) {
    const char = source[at] ?? '';
    const next = source[at + 1] ?? '';
    if (!inside) inside = char === '{' && (next === '{' || next === '%');
    else if (quote !== '') {
      if (char === '\\') {
        result += char + next;
        at += 1;
        continue;
      }
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if ((char === '}' || char === '%') && next === '}') inside = false;
    const named = inside && quote === '' && char === '$' && /[A-Za-z_]/.test(next);
    result += named ? '_' : char;
  }
  return result;
}
