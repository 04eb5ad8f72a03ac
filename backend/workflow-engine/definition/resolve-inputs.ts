import { isWfmError, WfmError } from '../errors/index.ts';
import type { Warning } from '../events/run-event.ts';
import { limits } from '../models/limits.ts';
import type { CompiledModule } from './compile-version.ts';
import { type InputPlan, planInputs } from './input-plan.ts';
import {
  evaluateTemplate,
  parseTemplate,
  type RenderContext,
  renderTemplate,
  type Template,
} from './template/index.ts';
import { materialise } from './typed-node.ts';

/** What resolving may look at (format.md 5.8). */
export interface ResolveContext {
  roots: { state: unknown; step: unknown; config: unknown } & Record<string, unknown>;
  /** Start of the module: the instant of `now()`. */
  now: Date;
  /** IANA zone of `now()`. */
  timezone: string;
  /** Told of every undefined lookup, uncapped; rule 5.5 keeps 20 a module. */
  onWarning?: ((warning: Warning) => void) | undefined;
}

/** All templates of one module's inputs together may visit this many nodes, so that many small ones cannot stall a server. */
const visitsPerModule = 10 * limits.templateNodeVisits;

/**
 * The inputs of a module as it receives them (format.md 5): templates rendered, typed nodes turned into text,
 * `resolver_schema` gone. Values without templates come by reference from the version: never write to them.
 * Throws `template_error`, `template_limit` or `template_syntax` with the place.
 */
export function resolveInputs(
  compiled: CompiledModule,
  format: 1 | 2,
  context: ResolveContext,
): Record<string, unknown> {
  const render = renderer(context);
  const inputs: Record<string, unknown> = {};
  for (const [name, plan] of plansOf(compiled, format)) inputs[name] = run(plan, render);
  return inputs;
}

/** Made when a module first runs and kept as long as its version: most runs of a large version never get to its end. */
const plans = new WeakMap<CompiledModule, [string, InputPlan][]>();

function plansOf(compiled: CompiledModule, format: 1 | 2): [string, InputPlan][] {
  let found = plans.get(compiled);
  if (found === undefined) {
    found = planInputs(compiled.node.inputs, compiled.module, format, `${compiled.place}.inputs`);
    plans.set(compiled, found);
  }
  return found;
}

type TemplatePlan = Extract<InputPlan, { kind: 'template' }>;

function renderer(context: ResolveContext): (plan: TemplatePlan) => unknown {
  const base: RenderContext = {
    roots: context.roots,
    now: context.now,
    timezone: context.timezone,
    meter: { left: visitsPerModule },
  };
  return (plan) => {
    const { onWarning } = context;
    const own: RenderContext = { ...base, place: plan.place };
    if (onWarning) own.onUndefined = (expression) => onWarning(undefinedReference(plan.place, expression));
    if (plan.node) return materialise(plan.node, renderTemplate(parseAt(plan), own));
    // A lone expression that is undefined gives null (5.5): JSON has no undefined.
    return evaluateTemplate(parseAt(plan), own) ?? null;
  };
}

/** The parser keeps recent trees, so this is a look-up; its errors know the line, and here they learn the place. */
function parseAt(plan: TemplatePlan): Template {
  try {
    return parseTemplate(plan.source);
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    throw new WfmError(thrown.code, thrown.message, { params: thrown.params, place: plan.place });
  }
}

function run(plan: InputPlan, render: (plan: TemplatePlan) => unknown): unknown {
  switch (plan.kind) {
    case 'constant':
      return plan.value;
    case 'template':
      return render(plan);
    case 'array':
      return plan.items.map((item) => run(item, render));
    case 'object': {
      const record: Record<string, unknown> = {};
      for (const [key, item] of plan.entries) record[key] = run(item, render);
      return record;
    }
  }
}

function undefinedReference(place: string, expression: string): Warning {
  return {
    code: 'undefined_reference',
    params: { place, expression },
    place,
    message: `"${expression}" reads something that is not there.`,
  };
}
