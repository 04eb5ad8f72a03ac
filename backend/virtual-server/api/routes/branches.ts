import { defineRoute, type Route } from '@wfm/http';
import { lineComparisonSchema, virtualWorkflowResponseSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import { compareBody, nameBranchBody, readBody, resumeBody } from '../bodies.ts';
import { execute } from '../handlers/execute.ts';
import { nameBranch } from '../handlers/name-branch.ts';
import { read } from '../handlers/read.ts';
import type { RouteContext } from '../route-context.ts';
import { branchesSchema, branchView, namedBranchSchema } from '../views.ts';

const tags = ['branches'];
const params = z.object({ branch: z.string() });

/** The branches of a preview (format.md 9), as production has them: list, name, return to one, compare two. */
export function branchRoutes(context: RouteContext): Route[] {
  const common = { access: 'user', owner: 'self' } as const;
  return [
    defineRoute({
      ...common,
      method: 'POST',
      path: '/workflow/branches',
      schema: { summary: 'Branches of a snapshot', tags, body: readBody, response: { 200: branchesSchema } },
      handler: (call) =>
        read(context, call, { kind: 'branches' }, ({ branches, currentBranchId }) => ({
          items: branches.map((branch) => branchView(branch, currentBranchId)),
          next_cursor: null,
        })),
    }),
    defineRoute({
      ...common,
      method: 'PATCH',
      path: '/workflow/branches/:branch',
      schema: { summary: 'Name a branch', tags, params, body: nameBranchBody, response: { 200: namedBranchSchema } },
      handler: (call) => nameBranch(context, call),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/workflow/branches/:branch/switch',
      schema: {
        summary: 'Return to a branch and go on there by its own definition; its open question is open again',
        tags,
        params,
        body: resumeBody,
        response: { 200: virtualWorkflowResponseSchema },
      },
      handler: (call) => execute(context, call, { kind: 'switch', branchId: call.params.branch }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/workflow/branches/compare',
      schema: {
        summary: 'Where two branches part, module by module; executes nothing',
        tags,
        body: compareBody,
        response: { 200: lineComparisonSchema },
      },
      handler(call) {
        const { a, b } = call.body;
        return read(context, call, { kind: 'compare', a, b }, (comparison) => comparison);
      },
    }),
  ];
}
