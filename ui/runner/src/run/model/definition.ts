import { useQuery } from '@tanstack/react-query';
import { dataOf, productionApi } from '@wfm/shared/core';
import { useMemo } from 'react';
import { runKey } from './use-run.ts';

export interface OutlineModule {
  name: string;
  moduleId: string;
  /** What the module is given, as the author wrote it. */
  inputs: Record<string, unknown>;
}

export interface OutlineStep {
  stepId: string;
  /** As people see it, its number filled in (format.md 2.2). */
  name: string;
  modules: OutlineModule[];
}

export interface Outline {
  versionId: string;
  workflowName: string;
  steps: OutlineStep[];
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(recordOf) : []);
const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** Steps and modules of a stored definition, which the server has checked. */
function outlineOf(versionId: string, definition: unknown): Outline {
  const top = recordOf(definition);
  return {
    versionId,
    workflowName: textOf(top.name, textOf(top.workflow_id, '')),
    steps: listOf(top.steps).map((step, index) => {
      const stepId = textOf(step.step_id, '');
      return {
        stepId,
        name: textOf(step.name, stepId).replaceAll('{step_number}', String(index + 1)),
        modules: modulesOf(listOf(step.modules)),
      };
    }),
  };
}

/** An absent name is the module's id, with its index behind it where that is taken (format.md 2.3). */
function modulesOf(nodes: Record<string, unknown>[]): OutlineModule[] {
  const taken = new Set(nodes.map(({ name }) => name));
  return nodes.map((node, index) => {
    const moduleId = textOf(node.module_id, '');
    const derived = taken.has(moduleId) ? `${moduleId}_${index}` : moduleId;
    const name = textOf(node.name, derived);
    taken.add(name);
    return { name, moduleId, inputs: recordOf(node.inputs) };
  });
}

/** The version that the run follows; undefined until it is read. */
export function useOutline(runId: string): Outline | undefined {
  const { data } = useQuery({
    queryKey: runKey(runId, 'definition'),
    queryFn: () => dataOf(productionApi().GET('/workflow/{run}/definition', { params: { path: { run: runId } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => (data ? outlineOf(data.version_id, data.definition) : undefined), [data]);
}
