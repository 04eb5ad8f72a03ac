import { gunzipSync } from 'node:zlib';
import type { RunEvent } from '@wfm/workflow-engine/events';
import { canonicalLog } from '@wfm/workflow-engine/events';
import type { InteractionAnswer, WorkflowResponse } from '@wfm/workflow-engine/models';
import type { EngineRig } from '@wfm/workflow-engine/testing';
import { call } from './programs.ts';

/** Somewhere a workflow can run: the engine over a store, or a server over HTTP. All of them shall do the same. */
export interface Host {
  name: string;
  begin(workflow: unknown): Promise<Conversation>;
}

/** One run at a host. */
export interface Conversation {
  first: WorkflowResponse;
  respond(interactionId: string, answer: InteractionAnswer): Promise<WorkflowResponse>;
  /** The current line in the form in which logs are compared. */
  log(): Promise<string[]>;
}

export function rigHost(name: string, rig: EngineRig): Host {
  return {
    name,
    async begin(workflow) {
      const first = await rig.start(workflow, {
        projectName: 'parity',
        forceNew: true,
        waitMs: Number.POSITIVE_INFINITY,
      });
      let latest = first;
      return {
        first,
        async respond(_interactionId, answer) {
          latest = await rig.respond(latest, answer);
          return latest;
        },
        log: async () => normalised(await rig.events(first.workflow_run_id ?? '')),
      };
    },
  };
}

/** Port 9000: the definition is sent with the start, the log is read back page by page. */
export function productionHost(url: string, key: string): Host {
  return {
    name: 'production over HTTP',
    async begin(workflow) {
      const first = await call<WorkflowResponse>(key, 'POST', `${url}/workflow/start`, {
        project_name: 'parity',
        workflow_content: workflow,
        confirm: true,
        force_new: true,
      });
      const runId = first.workflow_run_id ?? '';
      return {
        first,
        respond: (interactionId, answer) =>
          call(key, 'POST', `${url}/workflow/respond`, {
            workflow_run_id: runId,
            interaction_id: interactionId,
            response: answer,
          }),
        async log() {
          const events: RunEvent[] = [];
          for (;;) {
            const after = events.at(-1)?.seq ?? -1;
            const page = await call<{ items: RunEvent[] }>(
              key,
              'GET',
              `${url}/workflow/${runId}/events?after=${after}&limit=200`,
            );
            if (page.items.length === 0) return normalised(events);
            events.push(...page.items);
          }
        },
      };
    },
  };
}

type VirtualResponse = WorkflowResponse & { virtual_db: string; virtual_run_id: string };

/** Port 9001: the client carries the snapshot; its log is read with plain tools. */
export function previewHost(
  url: string,
  key: string,
  options: { mock: boolean; target?: { step: string; module: string } },
): Host {
  return {
    name: 'preview over HTTP',
    async begin(workflow) {
      const target = lastModule(workflow);
      const common = {
        workflow,
        mock: options.mock,
        target_step_id: options.target?.step ?? target.step,
        target_module_name: options.target?.module ?? target.module,
      };
      let latest = await call<VirtualResponse>(key, 'POST', `${url}/workflow/start`, { ...common, virtual_db: null });
      return {
        first: latest,
        async respond(interactionId, answer) {
          const { virtual_db, virtual_run_id } = latest;
          latest = await call<VirtualResponse>(key, 'POST', `${url}/workflow/respond`, {
            ...common,
            virtual_db,
            virtual_run_id,
            interaction_id: interactionId,
            response: answer,
          });
          return latest;
        },
        log: async () => normalised(eventsOf(latest.virtual_db)),
      };
    },
  };
}

interface Rows {
  runs: { current_branch_id: string }[];
  branches: { branch_id: string; parent_branch_id: string | null; fork_seq: number }[];
  events: RunEvent[];
}

/** The current line of a snapshot: base64, gzip, JSON, and nothing else is needed to read it. */
export function eventsOf(snapshot: string): RunEvent[] {
  const { stores } = JSON.parse(gunzipSync(Buffer.from(snapshot, 'base64')).toString()) as { stores: Rows };
  const line: RunEvent[] = [];
  let upTo = Number.POSITIVE_INFINITY;
  let branchId: string | null = stores.runs[0]?.current_branch_id ?? null;
  while (branchId !== null) {
    const own = stores.events.filter((event) => event.branch_id === branchId);
    line.push(...own.filter((event) => event.seq <= upTo));
    const branch = stores.branches.find((row) => row.branch_id === branchId);
    upTo = Math.min(upTo, branch?.fork_seq ?? -1);
    branchId = branch?.parent_branch_id ?? null;
  }
  return line.sort((a, b) => a.seq - b.seq);
}

function lastModule(workflow: unknown): { step: string; module: string } {
  const { steps } = workflow as { steps: { step_id: string; modules: { name: string }[] }[] };
  const step = steps.at(-1);
  return { step: step?.step_id ?? '', module: step?.modules.at(-1)?.name ?? '' };
}

/**
 * What belongs to the host and not to the run is put aside: the name of the project and its template, and where a
 * preview stops after its target while production goes on to the end.
 */
function normalised(events: RunEvent[]): string[] {
  const cut = events.findLastIndex((event) => event.type === 'module_completed' || event.type === 'module_error');
  const kept = events.slice(0, cut + 1).map((event) => {
    if (event.type !== 'workflow_created') return event;
    const { template_id: _id, template_name: _name, project_name: _project, ...data } = event.data;
    return { ...event, data } as RunEvent;
  });
  return canonicalLog(kept);
}
