/** What a definition means, apart from running it: loading, checking, compiling. Runs in a browser. */
export { canonicalJson, hashOf, hashOfBytes, versionIdOf } from './canonical-json.ts';
export { type CompiledModule, type CompiledStep, type CompiledVersion, compileVersion } from './compile-version.ts';
export { selectAlternative } from './expand-groups/select-alternative.ts';
export { parseJson } from './json-position.ts';
export { type LoadedWorkflow, loadWorkflow, type WorkflowSource } from './load-workflow.ts';
export { type FileReference, readFileReference, targetOf } from './file-reference.ts';
export { nearest } from './nearest.ts';
export { assertDraftRoom, assertFilePath, draftTooLarge } from './draft-room.ts';
export {
  chooseEntryPoint,
  type PackageFiles,
  packagePath,
  textOf,
  type WorkflowPackage,
} from './package-files.ts';
export { at, comparePlaces, formatPlace, formatPointer, joinPlaces, parsePlace } from './place.ts';
export { finding, sortDiagnostics } from './report.ts';
export { type ResolveContext, resolveInputs } from './resolve-inputs.ts';
export { locate, type ReferenceType, type SourceFile, type SourceMap, withSources } from './source-map.ts';
export { analyseState, type StateAnalysis, type StateRead, type StateWrite } from './state-keys.ts';
export { renderStatusDisplay, type StatusDisplayContext, type StatusField } from './status-display.ts';
export { materialise, readTypedNode, type TypedNode } from './typed-node.ts';
export { parseTemplate, readsOf } from './template/index.ts';
export { inspectWorkflow, validateWorkflow } from './validate-workflow.ts';
export { type VersionChange, type VersionDiff, versionDiff } from './version-diff.ts';
