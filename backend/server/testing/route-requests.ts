import type { Route } from '@wfm/http';
import type { Method } from './server-rig.ts';
import { sampleWorkflow } from './sample-workflow.ts';

/** Ids that stand in for `:name` in paths and for ids in bodies. */
export interface RouteIds {
  run: string;
  template: string;
  version: string;
  interaction: string;
  branch: string;
  file: string;
  key: string;
  task: string;
  checkpoint: string;
  content: string;
  provider: string;
  code: string;
  invitation: string;
  user: string;
}

export interface RouteRequest {
  method: Method;
  url: string;
  body: unknown;
}

export const nameOf = (route: Route): string => `${route.method} ${route.path}`;

/** A well-formed body for every route that takes one; a new route has to be added here, or the matrix fails. */
function bodies(ids: RouteIds): Record<string, unknown> {
  const departure = { workflow_run_id: ids.run, step_id: 'ask', module_name: 'pick' };
  return {
    'POST /auth/login': { email: 'nobody@example.org', password: 'wrong password' },
    'POST /auth/password': { new_password: 'a new password' },
    'POST /auth/register': { code: 'unknown', email: 'n@example.org', name: 'N', password: 'a new password' },
    'POST /admin/invitations': { email: 'i@example.org' },
    'PATCH /admin/users/:user': { role: 'member' },
    'POST /auth/access-keys': { label: 'key' },
    'PUT /me/credentials/:provider': { api_key: 'sk-0123456789' },
    'POST /workflow/:run/media/preview': { provider: 'local', action_type: 'txt2img', prompt: 'A fox' },
    'POST /tasks/:task/cancel': {},
    'PUT /me/settings': { theme: 'dark' },
    'POST /workflow-templates': { workflow_content: sampleWorkflow() },
    'PATCH /workflow-templates/:template': { description: 'Changed' },
    'POST /workflow-templates/:template/versions': { workflow_content: sampleWorkflow() },
    'PATCH /workflow-templates/:template/draft': { put: { 'notes.txt': 'A note' }, delete: [], preview: { pins: {} } },
    'POST /workflow-templates/:template/checkpoints': { label: 'Before', draft: { entry_point: 'a.json', files: {} } },
    'POST /workflow-templates/:template/versions/:version/clone': { workflow_id: 'cloned' },
    'POST /workflow/validate': { workflow_content: sampleWorkflow() },
    'POST /workflow/start': { project_name: 'p', workflow_content: sampleWorkflow() },
    'POST /workflow/start/:version': { project_name: 'p' },
    'POST /workflow/respond': {
      workflow_run_id: ids.run,
      interaction_id: ids.interaction,
      response: { selected_indices: [0] },
    },
    'POST /workflow/retry': departure,
    'POST /workflow/jump': departure,
    'POST /workflow/:run/resume': {},
    'POST /workflow/:run/sub-action': { interaction_id: ids.interaction, sub_action_id: 'more' },
    'POST /workflow/:run/resume/confirm': { workflow_content: sampleWorkflow(), plan_id: 'plan' },
    'POST /workflow/:run/cancel': { reason: 'because' },
    'PATCH /workflow/:run': { project_name: 'renamed' },
    'PATCH /workflow/:run/branches/:branch': { name: 'named' },
    'POST /workflow/:run/branches/:branch/switch': {},
  };
}

const queries = (ids: RouteIds): Record<string, string> => ({
  'POST /uploads': '?purpose=answer',
  'GET /workflow-templates/:template/versions/compare': '?a=sha256:0&b=sha256:0',
  'GET /workflow/:run/branches/compare': `?a=${ids.branch}&b=${ids.branch}`,
  'GET /workflow/:run/compare': `?with=${ids.run}`,
});

/** A well-formed request to a route of the table. */
export function requestFor(route: Route, ids: RouteIds): RouteRequest {
  const name = nameOf(route);
  const path = route.path
    .replaceAll(/:([a-z]+)/g, (_all, key: keyof RouteIds) => encodeURIComponent(ids[key]))
    .replace('*', 'x');
  const body = bodies(ids)[name];
  if (route.schema.body !== undefined && body === undefined) throw new Error(`there is no sample body for ${name}`);
  return { method: route.method, url: path + (queries(ids)[name] ?? ''), body };
}
