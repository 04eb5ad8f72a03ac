import { createRegistry, readPackage, standardModules } from '@wfm/workflow-engine';
import { inspectWorkflow, loadWorkflow } from '@wfm/workflow-engine/definition';
import type { Diagnostic } from '@wfm/workflow-engine/models';
import { printDiagnostics } from '../terminal/print.ts';

/** `wfm validate <path>`: prints every finding; exit code 1 when one is an error. */
export async function validate(path: string, options: { json?: boolean }): Promise<void> {
  const source = await readPackage(path);
  const diagnostics = inspectWorkflow(source, createRegistry(standardModules));
  const count = (severity: Diagnostic['severity']) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const errors = count('error');
  // What has a fault may have no resolved form, and so no name.
  const versionId = errors === 0 ? loadWorkflow(source).versionId : null;
  if (options.json) console.log(JSON.stringify({ version_id: versionId, diagnostics }, null, 2));
  else {
    printDiagnostics(diagnostics);
    console.log(
      `${path}: ${counted(errors, 'error')}, ${counted(count('warning'), 'warning')}. ${versionId ?? ''}`.trim(),
    );
  }
  if (errors > 0) process.exitCode = 1;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
