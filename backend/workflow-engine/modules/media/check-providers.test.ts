import { describe, expect, it } from 'vitest';
import { validateWorkflow } from '../../definition/index.ts';
import { fakeCatalogue } from '../../testing/index.ts';
import { createRegistry } from '../registry.ts';
import { standardModules } from '../standard-modules.ts';
import { withProviderChecks } from './check-providers.ts';

const registry = createRegistry(withProviderChecks(standardModules, fakeCatalogue()));

const found = (inputs: object, format = 2, moduleId = 'media.generateV2') =>
  validateWorkflow(
    {
      format,
      workflow_id: 'w',
      steps: [{ step_id: 's', modules: [{ module_id: moduleId, name: 'm', inputs }] }],
    },
    registry,
  )
    .filter(({ code }) => code === 'provider_action_unsupported')
    .map(({ severity, place, params }) => ({ severity, place, alternatives: params?.alternatives }));

const v2 = (action_type: string, ...providers: unknown[]) => ({ action_type, providers, prompt_config: { user: 'x' } });

describe('15.1, 14.11 providers in a definition', () => {
  it('one that can passes, and one that a template names is left to the run', () => {
    expect(found(v2('txt2img', 'local', 'openai', '{{ state.provider }}'))).toEqual([]);
  });

  it('one that cannot, or that nobody knows, is an error with the alternatives', () => {
    expect(found(v2('txt2audio', 'local', 'leonardo', 'nobody'))).toEqual([
      { severity: 'error', place: 'steps[0].modules[0].inputs.providers[1]', alternatives: ['local'] },
      { severity: 'error', place: 'steps[0].modules[0].inputs.providers[2]', alternatives: ['local'] },
    ]);
    const render = { provider: 'leonardo', action_type: 'compose', params: {} };
    expect(found(render, 2, 'media.render')).toMatchObject([{ place: 'steps[0].modules[0].inputs.provider' }]);
  });

  it('25.28 a retired action is an error in format 2 and a warning in format 1', () => {
    expect(found(v2('img2vid', 'openai'))).toMatchObject([{ severity: 'error', alternatives: ['local'] }]);
    expect(found(v2('img2vid', 'openai'), 1)).toMatchObject([{ severity: 'warning', alternatives: ['local'] }]);
    expect(found(v2('img2vid', 'leonardo'), 1)).toEqual([]);
  });
});
