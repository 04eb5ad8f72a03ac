/** A bucket of S3, or of a store that speaks like it. */
export interface S3Settings {
  /** Undefined: AWS itself. */
  endpoint: string | undefined;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * Reads WFM_S3_BUCKET, WFM_S3_ENDPOINT, WFM_S3_REGION, WFM_S3_ACCESS_KEY_ID and WFM_S3_SECRET_ACCESS_KEY. Undefined
 * without a bucket: media then lie in the data directory. What has to be mended is added to `faults`.
 */
export function readS3Settings(
  env: Readonly<Record<string, string | undefined>>,
  faults: string[],
): S3Settings | undefined {
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  const bucket = value('WFM_S3_BUCKET');
  const endpoint = value('WFM_S3_ENDPOINT');
  if (bucket === undefined) {
    if (endpoint !== undefined) faults.push('WFM_S3_ENDPOINT is set, and WFM_S3_BUCKET is not: set both or neither.');
    return undefined;
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) faults.push('WFM_S3_BUCKET must be the name of a bucket.');
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:/.test(endpoint)))
    faults.push('WFM_S3_ENDPOINT must be an http or https address.');
  const accessKeyId = value('WFM_S3_ACCESS_KEY_ID');
  const secretAccessKey = value('WFM_S3_SECRET_ACCESS_KEY');
  if (accessKeyId === undefined || secretAccessKey === undefined)
    faults.push('WFM_S3_BUCKET needs WFM_S3_ACCESS_KEY_ID and WFM_S3_SECRET_ACCESS_KEY.');
  return {
    endpoint,
    bucket,
    region: value('WFM_S3_REGION') ?? 'us-east-1',
    accessKeyId: accessKeyId ?? '',
    secretAccessKey: secretAccessKey ?? '',
  };
}
