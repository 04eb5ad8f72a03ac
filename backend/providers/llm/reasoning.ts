import { WfmError } from '@wfm/workflow-engine/errors';

/** The efforts that the AI SDK translates for every vendor. */
const common = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export type CommonEffort = (typeof common)[number];

/**
 * A reasoning effort as the AI SDK knows it, or `max`, which only some vendors have. Absent stays absent.
 * Throws `llm_refused` { reason: "request" } for any other word.
 */
export function readEffort(effort: string | undefined): CommonEffort | 'max' | undefined {
  if (effort === undefined || effort === '') return undefined;
  const known = [...common, 'max' as const].find((entry) => entry === effort);
  if (known !== undefined) return known;
  throw new WfmError(
    'llm_refused',
    `"${effort.slice(0, 40)}" is no reasoning effort. Use one of: ${common.join(', ')}, max.`,
    {
      params: { reason: 'request', reasoning_effort: effort.slice(0, 40) },
    },
  );
}
