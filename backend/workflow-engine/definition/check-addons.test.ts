import { describe, expect, it } from 'vitest';
import { createRegistry } from '../modules/registry.ts';
import { standardModules } from '../modules/standard-modules.ts';
import { validateWorkflow } from './validate-workflow.ts';

const registry = createRegistry(standardModules);

function found(addons: unknown[], module_id = 'user.select'): string[] {
  const inputs = module_id === 'user.select' ? { data: [], schema: {} } : { prompt: 'x' };
  const modules = [{ module_id, inputs, addons }];
  const workflow = { format: 2, workflow_id: 'w', initial_state: { a: 1 }, steps: [{ step_id: 's', modules }] };
  return validateWorkflow(workflow, registry).map(
    ({ severity, code, place }) => `${severity} ${code} ${place.replace('steps[0].modules[0].', '')}`,
  );
}

describe('16.1 addons in a definition: what is wrong with one stops nothing', () => {
  it('16.1 an unknown addon', () => {
    expect(found([{ addon_id: 'addons.usage_history' }, { addon_id: 'addons.usage_histry' }, {}])).toEqual([
      'warning module_not_registered addons[1]',
      'warning module_not_registered addons[2]',
    ]);
  });

  it('16.1 inputs of the wrong shape, and inputs that it does not take', () => {
    expect(found([{ addon_id: 'addons.usage_history', inputs: { colors: [{ max_hours: 'soon' }], key: 1 } }])).toEqual([
      'warning input_invalid addons[0].inputs.colors[0].color',
      'warning input_invalid addons[0].inputs.colors[0].max_hours',
      'warning input_unknown addons[0].inputs.key',
    ]);
    expect(found([{ addon_id: 'addons.compatibility', inputs: 'x' }])).toEqual([
      'warning input_invalid addons[0].inputs',
    ]);
  });

  it('16.1 what a template will give is not judged', () => {
    const inputs = { source: '{{ state.a }}', colors: '{{ state.a }}' };
    expect(found([{ addon_id: 'addons.compatibility', inputs }])).toEqual([]);
  });

  it('16.1 only user.select takes addons', () => {
    expect(found([{ addon_id: 'addons.usage_history' }], 'user.text_input')).toEqual([
      'warning definition_invalid addons',
    ]);
  });
});
