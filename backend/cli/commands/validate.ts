import { createRegistry, readPackage, standardModules } from '@wfm/workflow-engine';
import { loadWorkflow, validateWorkflow, withSources } from '@wfm/workflow-engine/definition';
import type { Diagnostic } from '@wfm/workflow-engine/models';
import { printDiagnostics } from '../terminal/print.ts';

/** `wfm validate <path>`: prints every finding; exit code 1 when one is an error. */
export async function validate(path: string, options: { json?: boolean }): Promise<void> {
  const loaded = loadWorkflow(await readPackage(path));
  const found = validateWorkflow(loaded.resolved, createRegistry(standardModules));
  const diagnostics: Diagnostic[] = [
    ...loaded.diagnostics,
    ...(loaded.sources ? withSources(found, loaded.sources) : found),
  ];
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  if (options.json) console.log(JSON.stringify({ version_id: loaded.versionId, diagnostics }, null, 2));
  else {
    printDiagnostics(diagnostics);
    const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === 'warning').length;
    console.log(
      `${path}: ${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}. ${loaded.versionId}`,
    );
  }
  if (errors > 0) process.exitCode = 1;
}
