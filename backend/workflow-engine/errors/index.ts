export { describeCode, type ErrorCode, type ErrorKind, errorCodes, isErrorCode } from './catalogue.ts';
export {
  type ErrorItem,
  fromStoredError,
  hasCode,
  isWfmError,
  type StoredError,
  toStoredError,
  WfmError,
  type WfmErrorOptions,
} from './wfm-error.ts';
