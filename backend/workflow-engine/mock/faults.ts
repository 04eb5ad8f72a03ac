import { WfmError } from '../errors/index.ts';
import type { CallableModule, Module, ModulePorts } from '../modules/module.ts';
import type { Fault } from './preview-settings.ts';

/** How long a slow port takes, in ms: long enough to be seen, short enough to be waited for. */
export const SLOW_MS = 3_000;

/** A fault that spoils the call; `slow` only delays it. */
export type BreakingFault = Exclude<Fault, 'slow'>;

/** What a port says that breaks off in the middle. */
const CUT_OFF = '{ "answer": [ "This reply ends too';

/**
 * Ports that fail as the real ones do (format.md 17.7), so that the module's own code and the engine's retries meet the
 * fault. Null where the module asks none that could: then the call itself fails with `faultOf`.
 */
export function brokenPorts({ ports = [] }: CallableModule, fault: BreakingFault): Partial<ModulePorts> | null {
  if (fault === 'worker_lost') return null;
  const broken: Partial<ModulePorts> = {};
  if (ports.includes('llm')) broken.llm = brokenModel(fault);
  if (ports.includes('http')) broken.http = brokenAddress(fault);
  return Object.keys(broken).length > 0 ? broken : null;
}

type PortFault = Exclude<BreakingFault, 'worker_lost'>;

function brokenModel(fault: PortFault): ModulePorts['llm'] {
  return {
    defaultProvider: 'scenario',
    list: () => [],
    async generate({ model }) {
      if (fault === 'timeout') throw new WfmError('llm_timeout', 'The language model sent nothing (scenario).');
      if (fault === 'rate_limited') {
        throw new WfmError('llm_rate_limited', 'The language model is over its rate limit (scenario).', {
          transient: true,
        });
      }
      return { text: CUT_OFF, model: model ?? 'scenario', truncated: true, usage: {} };
    },
  };
}

function brokenAddress(fault: PortFault): ModulePorts['http'] {
  return {
    async fetch({ url }) {
      if (fault === 'timeout') throw new WfmError('module_timeout', 'The address did not answer in time (scenario).');
      const limited = fault === 'rate_limited';
      const body = new TextEncoder().encode(limited ? 'Too many requests (scenario).' : CUT_OFF);
      return { url, status: limited ? 429 : 200, headers: { 'content-type': 'application/json' }, body };
    },
  };
}

/** The fault as an error of a module without a port that could fail. */
export function faultOf({ id }: Module, fault: BreakingFault): WfmError {
  switch (fault) {
    case 'timeout':
      return new WfmError('module_timeout', `${id} did not end in time (scenario).`);
    case 'rate_limited':
      return new WfmError('module_failed', `${id} was asked too often (scenario).`, { transient: true });
    case 'malformed':
      return new WfmError('output_invalid', `The outputs of ${id} are not what it promises (scenario).`, {
        place: 'outputs',
      });
    case 'worker_lost':
      return new WfmError('worker_lost', `The worker that did the work of ${id} was lost (scenario).`);
  }
}

/** The fault as a vendor's, met by whoever does a task for it (format.md 15.5); the queue tries again what is transient. */
export function taskFault(provider: string, fault: BreakingFault): WfmError {
  const params = { provider };
  switch (fault) {
    case 'timeout':
      return new WfmError('provider_timeout', `${provider} did not end in time (scenario).`, { params });
    case 'rate_limited':
      return new WfmError('provider_rate_limited', `${provider} is over its rate limit (scenario).`, {
        params,
        transient: true,
        retryAfterMs: 200,
      });
    case 'malformed':
      return new WfmError('provider_failed', `${provider} answered what nobody can read (scenario).`, { params });
    case 'worker_lost':
      return new WfmError('worker_lost', 'The worker was lost (scenario).', {
        params,
        transient: true,
        retryAfterMs: 200,
      });
  }
}
