import { isWfmError, WfmError } from '../../../errors/index.ts';
import { checkPipeline } from './pipeline-check.ts';
import { type Evaluator, makeEvaluator } from './pipeline-context.ts';
import { Meter } from './pipeline-meter.ts';
import { rewriteStage } from './pipeline-rewrite.ts';
import { stages } from './pipeline-stages.ts';
import { type Document, plainResult } from './pipeline-values.ts';

export { checkPipeline };

export interface PipelineOptions {
  /** Seeds `$sample`; format.md 14.8 uses the input hash. */
  seed: string;
  /** The value of `$$NOW`. */
  now: Date;
  /** Where the pipeline stands, for errors; default `inputs.pipeline`. */
  place?: string;
}

/**
 * Runs a pipeline over documents (format.md 14.8) and gives plain JSON: dates as ISO texts, `_id` removed from each
 * document. The same input, seed and time give the same result. Neither argument is changed.
 *
 * @throws WfmError as `checkPipeline`; `pipeline_limit` over 10 000 documents in or between stages, or for values and
 *   work without measure; `module_timeout` after 2 s; `value_too_large` for a result over 4 MB; `regex_limit`;
 *   `input_invalid` when an operator gets values it cannot work on, with the place of the stage
 */
export function runPipeline(
  documents: readonly unknown[],
  pipeline: readonly unknown[],
  options: PipelineOptions,
): unknown[] {
  const place = options.place ?? 'inputs.pipeline';
  checkPipeline(pipeline, place);
  const meter = new Meter();
  const taken = at('inputs.data', () => meter.take(documents, 'inputs.data'));
  const run = new PipelineRun(makeEvaluator(meter), meter, options);
  return plainResult(run.run(taken, pipeline, place), place);
}

class PipelineRun {
  readonly #evaluator: Evaluator;
  readonly #meter: Meter;
  readonly #options: PipelineOptions;

  constructor(evaluator: Evaluator, meter: Meter, options: PipelineOptions) {
    this.#evaluator = evaluator;
    this.#meter = meter;
    this.#options = options;
  }

  run(documents: Document[], pipeline: readonly unknown[], place: string): Document[] {
    let current = documents;
    for (const [index, stage] of pipeline.entries()) {
      const [[name, spec] = ['', undefined]] = Object.entries(stage as Document);
      const stagePlace = `${place}[${index}].${name}`;
      current = at(stagePlace, () => this.#stage(current, name, spec, stagePlace));
    }
    return current;
  }

  #stage(documents: Document[], name: string, spec: unknown, place: string): Document[] {
    const work = Object.hasOwn(stages, name) ? stages[name] : undefined;
    if (!work)
      throw new WfmError('pipeline_stage_refused', `The stage ${name} is not allowed.`, { params: { stage: name } });
    const result = work(documents, rewriteStage(name, spec, this.#options.now) as never, {
      evaluator: this.#evaluator,
      meter: this.#meter,
      seed: this.#options.seed,
      place,
      runInner: (inner, pipeline, innerPlace) => this.run(inner, pipeline, innerPlace),
    });
    return this.#meter.hold(result) as Document[];
  }
}

/** Gives every error the place of the stage it came from, and foreign ones a sentence. */
function at<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (isWfmError(thrown)) {
      if (thrown.place !== undefined) throw thrown;
      throw new WfmError(thrown.code, thrown.message, { params: thrown.params, place, cause: thrown });
    }
    if (thrown instanceof RangeError && /call stack|string length|array length/i.test(thrown.message)) {
      throw new WfmError('pipeline_limit', 'The pipeline makes values that are too large.', {
        params: { what: 'size' },
        place,
        cause: thrown,
      });
    }
    // A type error is about our library's inside, its own messages are about the pipeline.
    const reason =
      thrown instanceof Error && !(thrown instanceof TypeError)
        ? thrown.message.replace(/\.$/, '')
        : 'a value has the wrong type';
    const message = `The pipeline fails at ${place}: ${reason.slice(0, 300)}.`;
    throw new WfmError('input_invalid', message, { params: { reason: reason.slice(0, 300) }, place, cause: thrown });
  }
}
