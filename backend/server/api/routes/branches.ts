import { defineRoute, type Principal, readPreferWait, type Route } from '@wfm/http';
import { compareBranches, compareRuns, switchBranch } from '@wfm/workflow-engine';
import { branchNotFoundError } from '@wfm/workflow-engine/ports';
import { lineComparisonSchema, workflowResponseSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { runOwner, runParams } from '../common.ts';
import { branchSchema, branchView } from '../run-view.ts';

const tags = ['branches'];
const branchParams = runParams.extend({ branch: z.string() });
/** Any text: a malformed id names nothing, which is 404 and not 400. */
const id = z.string().min(1).max(200);

/** The branches of a run (format.md 9): list, name, return to one, compare two. */
export function branchRoutes({ processor, database }: RouteContext): Route[] {
  const load = (runId: string, principal: Principal) => processor.load({ runId, userId: principal.userId });
  const common = { access: 'user', owner: runOwner } as const;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/workflow/:run/branches',
      schema: {
        summary: 'Branches of the run, oldest first',
        tags,
        params: runParams,
        response: { 200: z.object({ items: z.array(branchSchema) }) },
      },
      async handler({ params, principal }) {
        const { row } = await load(params.run, principal);
        const branches = await database.runs.branches({ runId: params.run });
        return { items: branches.map((branch) => branchView(branch, row.current_branch_id)) };
      },
    }),
    defineRoute({
      ...common,
      method: 'PATCH',
      path: '/workflow/:run/branches/:branch',
      schema: {
        summary: 'Name a branch',
        tags,
        params: branchParams,
        body: z.strictObject({ name: z.string().trim().min(1).max(200).nullable() }),
        response: { 200: branchSchema },
      },
      async handler({ params, body, principal }) {
        const { row } = await load(params.run, principal);
        const branches = await database.runs.branches({ runId: params.run });
        const branch = branches.find((candidate) => candidate.branch_id === params.branch);
        if (!branch) throw branchNotFoundError(params.branch);
        await database.runs.renameBranch({ runId: params.run, branchId: params.branch, name: body.name });
        return branchView({ ...branch, name: body.name }, row.current_branch_id);
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/workflow/:run/branches/:branch/switch',
      schema: {
        summary: 'Return to a branch and go on there; its open question is open again',
        tags,
        params: branchParams,
        body: z.strictObject({}).nullish(),
        response: { 200: workflowResponseSchema },
      },
      handler({ params, principal, request }) {
        const { userId, sessionId } = principal;
        const waitMs = readPreferWait(request.headers);
        return switchBranch(processor, { userId, sessionId, waitMs, runId: params.run, branchId: params.branch });
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/workflow/:run/branches/compare',
      schema: {
        summary: 'Where two branches part, module by module; executes nothing',
        tags,
        params: runParams,
        querystring: z.strictObject({ a: id, b: id }),
        response: { 200: lineComparisonSchema },
      },
      handler: ({ params, query, principal }) =>
        compareBranches(processor, { userId: principal.userId, runId: params.run, ...query }),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/workflow/:run/compare',
      schema: {
        summary: 'Where two runs part, module by module, each on its current branch; executes nothing',
        tags,
        params: runParams,
        querystring: z.strictObject({ with: id }),
        response: { 200: lineComparisonSchema },
      },
      handler: ({ params, query, principal }) =>
        compareRuns(processor, { userId: principal.userId, a: params.run, b: query.with }),
    }),
  ];
}
