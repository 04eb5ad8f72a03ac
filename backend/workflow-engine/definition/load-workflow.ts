import type { Diagnostic } from '../models/diagnostic.ts';
import { limits } from '../models/limits.ts';
import { identify } from './canonical-json.ts';
import { checkJson } from './json-limits.ts';
import { chooseEntryPoint, type PackageFiles, type WorkflowPackage } from './package-files.ts';
import { errorOf, finding, sortDiagnostics } from './report.ts';
import { type Resolution, resolveAlone, resolveReferences } from './resolve-references.ts';
import type { SourceMap } from './source-map.ts';

/** A definition as it arrives (format.md 1.1): the files of a package, or one JSON value that is resolved already. */
export type WorkflowSource = { files: PackageFiles; entryPoint?: string | undefined } | { json: unknown };

export interface LoadedWorkflow {
  /** One JSON value with every reference resolved, text and templates as typed nodes (format.md 3.6). */
  resolved: unknown;
  /** `sha256:<hex>` (format.md 1.5). */
  versionId: string;
  /** Size of its canonical JSON in bytes. */
  bytes: number;
  /** Nothing that stops it: files that nothing refers to. */
  diagnostics: Diagnostic[];
  /** Undefined for a JSON value. */
  sources: SourceMap | undefined;
  /** How it was written: undefined for a JSON value. */
  content?: WorkflowPackage | undefined;
}

/**
 * Loads a definition and names its version. Says nothing about its meaning: that is `validateWorkflow`.
 * Throws one error that lists every fault found (format.md 24, S): `entry_point_missing`, `json_invalid`,
 * `json_too_deep`, `definition_invalid`, `definition_too_large`, `ref_*`, `too_many_refs`.
 */
export function loadWorkflow(source: WorkflowSource): LoadedWorkflow {
  const resolution = resolveSource(source);
  const faults = resolution.faults.length > 0 ? resolution.faults : checkWhole(resolution);
  if (faults.length > 0) throw errorOf(sortDiagnostics(faults));
  const { resolved, sources } = resolution;
  const content = sources && 'files' in source ? { entryPoint: sources.entryPoint, files: source.files } : undefined;
  return { resolved, ...identify(resolved), diagnostics: unusedFiles(sources), sources, content };
}

/** References of a source followed as far as they lead. Throws `entry_point_missing` alone. */
export function resolveSource(source: WorkflowSource): Resolution {
  if (!('files' in source)) return resolveAlone(source.json);
  return resolveReferences(source.files, chooseEntryPoint(source.files, source.entryPoint));
}

/** What only the whole can show: files that are fine alone may be too deep or too large together. */
export function checkWhole(resolution: Resolution): Diagnostic[] {
  const faults = checkJson(resolution.resolved);
  if (faults.length > 0) return faults;
  const { bytes } = identify(resolution.resolved);
  if (bytes <= limits.definitionBytes) return [];
  const message = `The resolved definition has ${bytes} bytes; ${limits.definitionBytes} are allowed.`;
  return [finding('definition_too_large', '', message, { params: { limit: limits.definitionBytes, actual: bytes } })];
}

/** What lies beside a workflow without being part of it: saved previews, their settings, recorded answers. */
const beside = /^(?:previews\/.*|preview\.json|answers\.json)$/;

/** One info for each file that nothing refers to (format.md 3.8). */
export function unusedFiles(sources: SourceMap | undefined): Diagnostic[] {
  const unused = (sources?.unused ?? []).filter((file) => !beside.test(file));
  return unused.map((file) => ({
    ...finding('file_unused', '', `Nothing refers to the file ${file}.`, { params: { file } }),
    file,
    pointer: '',
  }));
}
