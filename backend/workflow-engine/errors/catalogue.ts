/**
 * Every code that this product can answer with (format.md 24). A code outside this table does not exist.
 *
 * The kind says what sort of fault it is; how a kind becomes an HTTP status is the servers' business.
 * Titles are short and stable in meaning, not in wording; clients translate by code and params.
 */

export type ErrorKind =
  | 'definition_structural'
  | 'definition'
  | 'warning'
  | 'request'
  | 'not_found'
  | 'unauthenticated'
  | 'forbidden'
  | 'conflict'
  | 'precondition'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable'
  | 'answer'
  | 'run'
  | 'internal';

const codes = {
  definition_structural: {
    json_invalid: 'The JSON cannot be read',
    definition_invalid: 'The workflow has the wrong shape',
    definition_too_large: 'The workflow is too large',
    entry_point_missing: 'No entry point was found in the package',
    zip_invalid: 'The ZIP file cannot be read',
    zip_entry_refused: 'The ZIP file holds an entry that is not allowed',
    zip_too_large: 'The ZIP file is too large once inflated',
    zip_too_many_entries: 'The ZIP file holds too many entries',
    zip_ratio: 'The ZIP file is compressed suspiciously well',
    ref_not_found: 'A referenced file is missing',
    ref_unresolvable: 'A file reference cannot be resolved here',
    ref_outside_package: 'A file reference leaves the package',
    ref_cycle: 'File references form a cycle',
    ref_too_deep: 'File references are nested too deeply',
    too_many_refs: 'Too many files are referenced',
    too_many_steps: 'The workflow has too many steps',
    too_many_modules: 'A step has too many modules',
    json_too_deep: 'The JSON is nested too deeply',
    step_id_duplicate: 'Two steps share one id',
    module_name_duplicate: 'Two modules of a step share one name',
    workflow_id_missing: 'The workflow has no id',
  },
  definition: {
    module_not_registered: 'There is no such module',
    input_missing: 'A required input is missing',
    input_invalid: 'An input has the wrong type or value',
    input_unknown: 'The module has no such input',
    output_unknown: 'The module has no such output',
    template_syntax: 'The template cannot be parsed',
    template_unsupported: 'The template uses a statement that is not supported',
    filter_unknown: 'The template uses an unknown filter or test',
    schema_invalid: 'The JSON Schema is not sound',
    schema_limit: 'The JSON Schema is over a limit',
    hint_unknown: 'There is no such display hint',
    hint_imported: 'Older display hints are read as those of today',
    hint_not_supported: 'This display hint is not supported in format 2',
    retry_target_unknown: 'The target of a retry or jump does not exist',
    sub_action_mixed: 'A sub-action mixes kinds of actions',
    sub_action_target_missing: 'A sub-action has no target',
    sub_action_interactive: 'A sub-action may not ask a person',
    groups_too_many: 'Execution groups expand to too many versions',
    provider_action_unsupported: 'The provider does not offer this action',
    pipeline_stage_refused: 'The pipeline uses a stage that is not allowed',
    pipeline_operator_refused: 'The pipeline uses an operator that is not allowed',
    pipeline_scope_refused: 'The pipeline may not filter by its own scope',
    regex_invalid: 'The regular expression cannot be compiled',
    regex_unsupported: 'The regular expression uses a feature that is not supported',
  },
  warning: {
    rule_unknown: 'There is no such validation rule',
    resolver_unknown: 'There is no such resolver',
    undefined_reference: 'A template reads something that is not there',
    state_key_unknown: 'A template reads a state key that nothing writes',
    state_key_collision: 'Two modules write one state key',
    file_unused: 'A file of the package is never referenced',
    credential_in_definition: 'A credential stands in the workflow',
    group_requires_empty: 'A group path requires nothing',
    mock_output_invalid: 'The mock output does not match the schema',
    selection_dropped: 'A selected entry does not exist and was dropped',
  },
  request: {
    request_invalid: 'The request is not valid',
    step_not_found: 'There is no such step',
    module_not_found: 'There is no such module in the step',
    response_invalid: 'The answer does not fit the question',
    response_too_large: 'The answer is too large',
    mock_not_allowed: 'Mock settings are not allowed in production',
    version_not_startable: 'This version cannot be started',
    capabilities_unmet: 'No version fits the capabilities',
    snapshot_malformed: 'The snapshot cannot be read',
    snapshot_signature: 'The snapshot was not signed by us for this user',
    snapshot_version: 'The snapshot has an unknown version',
    snapshot_foreign: 'The snapshot belongs to another run',
    snapshot_expired: 'The snapshot is not kept any more',
  },
  not_found: {
    run_not_found: 'There is no such run',
    user_not_found: 'There is no such account',
    invitation_not_found: 'There is no such invitation',
    interaction_not_found: 'There is no such question',
    branch_not_found: 'There is no such branch',
    version_not_found: 'There is no such version or template',
    checkpoint_not_found: 'There is no such checkpoint',
    task_not_found: 'There is no such task',
    content_not_found: 'There is no such content',
    file_not_found: 'There is no such file',
    sub_action_not_found: 'There is no such sub-action',
  },
  unauthenticated: { unauthenticated: 'Sign in first' },
  forbidden: { forbidden: 'This is not allowed', origin_refused: 'This origin is not allowed' },
  conflict: {
    conflict: 'Somebody else was faster',
    interaction_already_answered: 'This question has been answered',
    interaction_closed: 'This question is closed',
    branch_not_current: 'The run has moved to another branch',
    target_not_executed: 'The target never ran on this branch',
    plan_stale: 'The run has moved since the plan was made',
    run_ended: 'The run has ended',
    lease_lost: 'Another process executes this run now',
    preview_superseded: 'A newer preview has taken over',
  },
  precondition: { draft_conflict: 'The draft was changed elsewhere' },
  too_large: {
    body_too_large: 'The request body is too large',
    draft_too_large: 'The draft is too large',
    snapshot_too_large: 'The snapshot is too large',
  },
  rate_limited: { rate_limited: 'Too many requests', preview_busy: 'Too many previews at once' },
  unavailable: {
    storage_unavailable: 'The storage is not available',
    schema_outdated: 'The database schema is not current',
    shutting_down: 'The server is shutting down',
  },
  answer: {
    selection_count: 'The number of selections is not right',
    text_empty: 'A text is required',
    text_invalid: 'The text does not match',
    form_invalid: 'The form has faults',
    file_type_refused: 'This file type is not accepted',
    file_too_large: 'The file is too large',
  },
  run: {
    module_failed: 'The module failed',
    module_timeout: 'The module took too long',
    output_invalid: 'The module gave an output of the wrong type',
    value_too_large: 'A value is too large',
    template_error: 'A template failed',
    template_limit: 'A template is over a limit',
    interaction_cancelled: 'The question was cancelled',
    file_not_written: 'The file was not saved',
    file_path_refused: 'This file path is not allowed',
    prompt_empty: 'The prompt is empty',
    image_refused: 'This image cannot be used',
    prompts_invalid: 'The generated prompts are not usable',
    llm_auth: 'The language model refused the key',
    llm_rate_limited: 'The language model is over its rate limit',
    llm_refused: 'The language model refused to answer',
    llm_unavailable: 'The language model is not available',
    llm_timeout: 'The language model took too long',
    llm_output_invalid: 'The language model gave an answer that does not fit the schema',
    model_unknown: 'There is no such model',
    url_refused: 'This address is not allowed',
    http_failed: 'The HTTP request failed',
    extract_path_missing: 'The reply lacks the path to extract',
    reply_too_large: 'The reply is too large',
    query_data_not_array: 'The data to query is not an array',
    pipeline_limit: 'The pipeline is over a limit',
    regex_limit: 'The regular expression is over a limit',
    expression_limit: 'The expression is over a limit',
    state_invalid: 'The state does not fit the schema',
    enrich_duplicate_id: 'Two enrichments share one id',
    enrich_missing: 'Data lacks its enrichment',
    enrich_unused: 'An enrichment is never used',
    enrich_field_missing: 'An enrichment lacks a field',
    table_unknown: 'There is no such table',
    field_refused: 'This field is not allowed',
    operator_refused: 'This operator is not allowed',
    provider_not_configured: 'The provider is not configured',
    provider_auth: 'The provider refused the key',
    provider_credits: 'The provider account has no credit left',
    provider_rate_limited: 'The provider is over its rate limit',
    provider_failed: 'The provider failed',
    provider_timeout: 'The provider took too long',
    source_image_missing: 'The source image is missing',
    crop_invalid: 'The crop region is not valid',
    content_too_large: 'The generated file is too large',
    keywords_limit: 'There are too many keywords',
    retry_limit: 'The module was retried too often',
    run_limit: 'The run is over a limit',
    sub_action_cancelled: 'The sub-action was cancelled',
    sub_action_interrupted: 'The sub-action was interrupted',
    sub_action_limit: 'Too many sub-actions at once',
    worker_lost: 'The worker was lost',
    mock_schema_unsupported: 'No mock value fits the schema',
  },
  internal: { internal_error: 'Something went wrong on our side' },
} as const satisfies Partial<Record<ErrorKind, Record<string, string>>>;

type Codes = typeof codes;
export type ErrorCode = { [K in keyof Codes]: keyof Codes[K] }[keyof Codes];

const byCode = new Map<string, { kind: ErrorKind; title: string }>();
for (const [kind, entries] of Object.entries(codes)) {
  for (const [code, title] of Object.entries(entries)) byCode.set(code, { kind: kind as ErrorKind, title });
}

/** All codes, in the order of the table. */
export const errorCodes: readonly ErrorCode[] = [...byCode.keys()] as ErrorCode[];

/** Kind and title of a code. */
export function describeCode(code: ErrorCode): { kind: ErrorKind; title: string } {
  const found = byCode.get(code);
  if (!found) throw new TypeError(`unknown error code ${code}`);
  return found;
}

/** True for a text that is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && byCode.has(value);
}
