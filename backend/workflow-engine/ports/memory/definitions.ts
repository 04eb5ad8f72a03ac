import type { Clock, Ids } from '../clock.ts';
import type { DefinitionStore, TemplateRow, VersionRow } from '../definition-store.ts';
import type { WorkflowPackage } from '../../definition/package-files.ts';
import { compareText, decodeCursor, foldCase, toPage } from '../store-rules.ts';
import { copyPackage } from './drafts.ts';
import type { MemoryState } from './state.ts';

type Line = { row: TemplateRow; versions: VersionRow[] };

/** `DefinitionStore` in memory. */
export function memoryDefinitions(state: MemoryState, clock: Clock, ids: Ids): DefinitionStore {
  const lines = () => [...state.templates.values()];
  const keep = ({ versionId, definition }: { versionId: string; definition: unknown }): void => {
    if (!state.definitions.has(versionId)) state.definitions.set(versionId, definition);
  };
  return {
    async publish(params) {
      const now = clock.now().toISOString();
      const known = lines().find(({ row }) => row.owner_id === params.ownerId && row.workflow_id === params.workflowId);
      const line = known ?? newLine(params, ids.uuid(), now);
      const old = line.versions.find((version) => version.version_id === params.versionId);
      const version = old ?? addVersion(line, params, now);
      if (line.row.newest_version_id !== params.versionId) {
        const { name, description } = params;
        line.row = { ...line.row, name, description, newest_version_id: params.versionId, updated_at: now };
      }
      state.templates.set(line.row.template_id, line);
      if (params.content) {
        const packages = state.packages.get(line.row.template_id) ?? new Map<string, WorkflowPackage>();
        state.packages.set(line.row.template_id, packages.set(params.versionId, copyPackage(params.content)));
      }
      keep(params);
      for (const { versionId, definition } of params.expansions ?? []) {
        if (line.versions.some((known) => known.version_id === versionId)) continue;
        addVersion(line, { versionId, kind: 'resolved' }, now);
        keep({ versionId, definition });
      }
      return { template: { ...line.row }, version: { ...version }, created: !old };
    },
    async findTemplate({ templateId }) {
      const line = state.templates.get(templateId);
      return line ? { ...line.row } : null;
    },
    async findTemplateByWorkflowId({ ownerId, workflowId }) {
      const line = lines().find(({ row }) => row.owner_id === ownerId && row.workflow_id === workflowId);
      return line ? { ...line.row } : null;
    },
    async listTemplates({ userId, q, limit, cursor }) {
      const [afterName = '', afterId = ''] = cursor === undefined ? [] : decodeCursor(cursor, 2);
      const rows = lines()
        .map(({ row }) => ({ ...row }))
        .filter((row) => (row.owner_id === userId || row.is_global) && foldCase(row.name).includes(foldCase(q ?? '')))
        .filter((row) => cursor === undefined || compare(row, { name: afterName, template_id: afterId }) > 0)
        .sort(compare)
        .slice(0, limit + 1);
      return toPage(rows, limit, (row) => [row.name, row.template_id]);
    },
    async updateTemplate({ templateId, name, description, isGlobal }) {
      const line = state.templates.get(templateId);
      if (!line) return;
      line.row = {
        ...line.row,
        name: name ?? line.row.name,
        description: description ?? line.row.description,
        is_global: isGlobal ?? line.row.is_global,
        updated_at: clock.now().toISOString(),
      };
    },
    async deleteTemplate({ templateId }) {
      state.templates.delete(templateId);
      state.packages.delete(templateId);
      state.drafts.delete(templateId);
      state.draftCheckpoints.delete(templateId);
    },
    async listVersions({ templateId, limit, cursor }) {
      const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(decodeCursor(cursor, 1)[0]);
      const versions = state.templates.get(templateId)?.versions ?? [];
      const rows = versions
        .filter((version) => version.number < before)
        .sort((a, b) => b.number - a.number)
        .map((version) => ({ ...version }));
      return toPage(rows.slice(0, limit + 1), limit, (row) => [String(row.number)]);
    },
    async findVersion({ templateId, versionId }) {
      const found = state.templates.get(templateId)?.versions.find((version) => version.version_id === versionId);
      return found ? { ...found } : null;
    },
    async findVersionForUser({ userId, versionId }) {
      const visible = lines()
        .filter(
          ({ row, versions }) =>
            (row.owner_id === userId || row.is_global) && versions.some((v) => v.version_id === versionId),
        )
        .sort((a, b) => Number(b.row.owner_id === userId) - Number(a.row.owner_id === userId) || compare(a.row, b.row));
      const version = visible[0]?.versions.find((candidate) => candidate.version_id === versionId);
      return visible[0] && version ? { template: { ...visible[0].row }, version: { ...version } } : null;
    },
    async readPackage({ templateId, versionId }) {
      const found = state.packages.get(templateId)?.get(versionId);
      return found ? copyPackage(found) : null;
    },
    async readDefinition({ versionId }) {
      return state.definitions.get(versionId) ?? null;
    },
    wasOffered: async ({ example }) => state.offeredExamples.has(example),
    async markOffered({ example }) {
      state.offeredExamples.add(example);
    },
    async keepDefinition(params) {
      keep(params);
    },
  };
}

function newLine(params: Parameters<DefinitionStore['publish']>[0], templateId: string, now: string): Line {
  return {
    row: {
      template_id: templateId,
      owner_id: params.ownerId,
      workflow_id: params.workflowId,
      name: params.name,
      description: params.description,
      is_global: false,
      newest_version_id: params.versionId,
      created_at: now,
      updated_at: now,
    },
    versions: [],
  };
}

function addVersion(
  line: Line,
  params: Pick<Parameters<DefinitionStore['publish']>[0], 'versionId' | 'kind' | 'note'>,
  now: string,
): VersionRow {
  const version: VersionRow = {
    version_id: params.versionId,
    template_id: line.row.template_id,
    number: line.versions.length + 1,
    kind: params.kind,
    note: params.note ?? '',
    created_at: now,
  };
  line.versions.push(version);
  return version;
}

function compare(a: Pick<TemplateRow, 'name' | 'template_id'>, b: Pick<TemplateRow, 'name' | 'template_id'>): number {
  return compareText(a.name, b.name) || compareText(a.template_id, b.template_id);
}
